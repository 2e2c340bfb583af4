import type { HistoryEntry, PromptFailure } from "@darkroom/comfyui";
import type { Ending, Finished } from "../attempt/ending.ts";

const unknownFailure: PromptFailure = {
  nodeId: null,
  nodeType: null,
  exceptionType: "Exception",
  message: "",
  traceback: [],
};

/** What ComfyUI's history says of a run that ended. */
export function endingOfEntry(entry: HistoryEntry, blocked: readonly PromptFailure[]): Finished | Ending {
  switch (entry.status) {
    case "success":
      return { type: "finished", entry, blocked };
    case "interrupted":
      return { type: "interrupted" };
    case "error":
      return { type: "failed", failure: entry.error ?? unknownFailure };
  }
}
