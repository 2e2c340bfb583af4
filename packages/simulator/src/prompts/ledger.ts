import { openSync, writeSync } from "node:fs";
import { clientOf, type PromptItem } from "../protocol/graph.ts";
import type { Clock } from "../site/clock.ts";
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

/**
 * One line of the ledger's file, JSON. `process` tells one start of the server from the next: what a line says of a
 * prompt is known to that process alone.
 */
export interface LedgerLine {
  readonly at: number;
  readonly process: string;
  readonly type: "opened" | "submitted" | "started" | "ended" | "deleted";
  readonly promptId?: string;
  readonly outcome?: LedgerOutcome;
}

/** With a file, every fact is written there before it can be seen, so that the account outlives a killed process. */
export function createLedger(clock: Clock, file?: string): Ledger {
  const entries = new Map<string, LedgerEntry>();
  const note = file === undefined ? () => undefined : createFile(file, clock);
  return {
    submitted(item) {
      note({ type: "submitted", promptId: item.promptId });
      const known = entries.get(item.promptId);
      if (known !== undefined) {
        known.submissions += 1;
        return;
      }
      entries.set(item.promptId, {
        promptId: item.promptId,
        clientId: clientOf(item),
        submittedAt: clock.now(),
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
      Object.assign(entry, { startedAt: clock.now(), endedAt: null, outcome: "running" });
      entry.runs += 1;
      note({ type: "started", promptId: item.promptId });
    },
    ended(record) {
      const entry = entries.get(record.item.promptId);
      if (entry === undefined) return;
      const interrupted = record.messages.some(([type]) => type === "execution_interrupted");
      const outcome = interrupted ? "interrupted" : record.status;
      Object.assign(entry, { endedAt: clock.now(), outcome });
      note({ type: "ended", promptId: entry.promptId, outcome });
    },
    deleted(promptId) {
      const entry = entries.get(promptId);
      if (entry?.outcome !== "waiting") return;
      Object.assign(entry, { endedAt: clock.now(), outcome: "deleted" });
      note({ type: "deleted", promptId });
    },
    list: () => [...entries.values()].map((entry) => ({ ...entry })),
  };
}

function createFile(file: string, clock: Clock): (line: Omit<LedgerLine, "at" | "process">) => void {
  const descriptor = openSync(file, "a");
  const started = `${process.pid}@${Date.now()}`;
  const note = (line: Omit<LedgerLine, "at" | "process">): void => {
    // One write per line: a kill in between leaves whole lines, and an append is never mixed with another.
    writeSync(descriptor, `${JSON.stringify({ at: clock.now(), process: started, ...line })}\n`);
  };
  note({ type: "opened" });
  return note;
}
