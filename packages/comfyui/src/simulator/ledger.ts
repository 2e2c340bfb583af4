import { clientOf, type PromptItem } from "./graph.ts";
import type { HistoryRecord } from "./history.ts";

export type LedgerOutcome = "waiting" | "running" | "success" | "error" | "interrupted" | "deleted";

/** What the simulator knows of a prompt that it was ever given; times in unix milliseconds. */
export interface LedgerEntry {
  readonly promptId: string;
  readonly clientId: string | null;
  readonly submittedAt: number;
  startedAt: number | null;
  endedAt: number | null;
  outcome: LedgerOutcome;
  /** How often it began to run. More than one means that it was sent twice. */
  runs: number;
  /** How often it was accepted. */
  submissions: number;
}

/** An account of all prompts that survives the clearing of history: what auditors compare with. */
export interface Ledger {
  submitted(item: PromptItem): void;
  started(item: PromptItem): void;
  ended(record: HistoryRecord): void;
  deleted(promptId: string): void;
  list(): LedgerEntry[];
}

export function createLedger(): Ledger {
  const entries = new Map<string, LedgerEntry>();
  return {
    submitted(item) {
      const known = entries.get(item.promptId);
      if (known !== undefined) {
        known.submissions += 1;
        return;
      }
      entries.set(item.promptId, {
        promptId: item.promptId,
        clientId: clientOf(item),
        submittedAt: Date.now(),
        startedAt: null,
        endedAt: null,
        outcome: "waiting",
        runs: 0,
        submissions: 1,
      });
    },
    started(item) {
      const entry = entries.get(item.promptId);
      if (entry === undefined) return;
      Object.assign(entry, { startedAt: Date.now(), endedAt: null, outcome: "running" });
      entry.runs += 1;
    },
    ended(record) {
      const entry = entries.get(record.item.promptId);
      if (entry === undefined) return;
      const interrupted = record.messages.some(([type]) => type === "execution_interrupted");
      Object.assign(entry, { endedAt: Date.now(), outcome: interrupted ? "interrupted" : record.status });
    },
    deleted(promptId) {
      const entry = entries.get(promptId);
      if (entry?.outcome === "waiting") Object.assign(entry, { endedAt: Date.now(), outcome: "deleted" });
    },
    list: () => [...entries.values()].map((entry) => ({ ...entry })),
  };
}
