import { z } from "zod";
import type { PromptFailure } from "./errors.ts";
import { type ComfyFile, filesOfRun } from "./outputs.ts";
import { parseFailure } from "./prompt-errors.ts";

const entrySchema = z.looseObject({
  outputs: z.record(z.string(), z.unknown()).catch({}),
  status: z
    .looseObject({
      status_str: z.string().catch("error"),
      completed: z.boolean().catch(false),
      messages: z.array(z.tuple([z.string(), z.unknown()]).rest(z.unknown())).catch([]),
    })
    .nullish()
    .catch(null),
});

/** How a prompt ended. */
export interface HistoryEntry {
  readonly promptId: string;
  readonly status: "success" | "error" | "interrupted";
  /** Files of the run, also those that a failed run had already saved. */
  readonly outputs: readonly ComfyFile[];
  readonly error: PromptFailure | null;
  /** Type and data of start, cached and the outcome. */
  readonly messages: readonly { readonly type: string; readonly data: unknown }[];
  /** The raw outputs by node id. */
  readonly nodeOutputs: Readonly<Record<string, unknown>>;
}

/** One entry of `GET /history/{id}`; null if it has another form. */
export function parseHistoryEntry(promptId: string, raw: unknown): HistoryEntry | null {
  const parsed = entrySchema.safeParse(raw);
  if (!parsed.success) return null;
  const { outputs, status } = parsed.data;
  const messages = (status?.messages ?? []).map(([type, data]) => ({ type, data }));
  const failed = messages.find((message) => message.type === "execution_error");
  const interrupted = messages.some((message) => message.type === "execution_interrupted");
  const succeeded = status?.status_str === "success";
  return {
    promptId,
    status: succeeded ? "success" : interrupted ? "interrupted" : "error",
    outputs: filesOfRun(outputs),
    error: succeeded || interrupted ? null : parseFailure(failed?.data),
    messages,
    nodeOutputs: outputs,
  };
}
