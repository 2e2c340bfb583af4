import type { Names } from "./normalise.ts";
import type { RecordedAnswer } from "./recording.ts";

/** What the simulator says in place of what was recorded: prompt ids, file names, validators of a cache. */
export interface Substitutes {
  /** Simulated prompt ids by their recorded ones' names, for comparing answers and frames. */
  readonly names: Names;
  add(recorded: string, simulated: string): void;
  /** If both answers to a submit carry a prompt id, the one stands for the other from now on. */
  learnPromptId(recorded: RecordedAnswer, body: string | null): void;
  /** A recorded path, header or body as the simulator understands it. */
  translate(text: string): string;
}

export function createSubstitutes(): Substitutes {
  const simulatedByRecorded = new Map<string, string>();
  const names = new Map<string, string>();
  return {
    names,
    add: (recorded, simulated) => void simulatedByRecorded.set(recorded, simulated),
    learnPromptId(recorded, body) {
      const [then, now] = [promptIdIn(recorded.body), promptIdIn(body)];
      if (then === undefined || now === undefined) return;
      simulatedByRecorded.set(then, now);
      names.set(now, then);
    },
    translate(text) {
      let result = text;
      for (const [then, now] of simulatedByRecorded) {
        result = result.replaceAll(then, now).replaceAll(encodeURIComponent(then), encodeURIComponent(now));
      }
      return result;
    },
  };
}

export function promptIdIn(text: string | null | undefined): string | undefined {
  return /^\{"prompt_id": "([0-9a-f]{8}-[^"]+)"/.exec(text ?? "")?.[1];
}
