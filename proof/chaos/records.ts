// What a run writes down for the auditor, beside what the product itself leaves. JSON lines, in these files of the run's
// folder; nothing here is imported from the product.

import type { PlannedFault } from "./faults.ts";

/** `keys.jsonl`: before a submit is sent for the first time. */
export interface SentKey {
  readonly ownerId: string;
  readonly key: string;
  readonly jobs: number;
}

/** `answers.jsonl`: each answer of a submit. */
export interface SubmitAnswer {
  readonly ownerId: string;
  readonly key: string;
  readonly jobIds: readonly string[];
}

/** `cancels.jsonl`: each answer of a cancel, job by job. */
export interface CancelAnswer {
  readonly jobId: string;
  readonly state: string;
}

/** `feed-<n>.jsonl`: what one subscriber received, in its order. */
export type FeedLine =
  | { readonly type: "watches"; readonly ownerId: string }
  /** A snapshot; with `reset` the subscriber was told to forget what it held. */
  | { readonly type: "snapshot"; readonly reset: boolean; readonly jobs: number }
  | { readonly type: "event"; readonly event: SeenEvent };

/** A durable event as it came over the wire; `batch.settled` has a batch and neither job nor version. */
export interface SeenEvent {
  readonly type: string;
  readonly jobId?: string;
  readonly batchId?: string | null;
  readonly version?: number;
  readonly attempt?: number;
}

/** The names of the files in a run's folder. */
export const files = {
  keys: "keys.jsonl",
  answers: "answers.jsonl",
  cancels: "cancels.jsonl",
  crashes: "crashes.jsonl",
  errors: "errors.jsonl",
  faults: "faults.jsonl",
  feed: (number: number): string => `feed-${number}.jsonl`,
} as const;

/** `crashes.jsonl`: a process of the product that ended by itself. */
export interface Crash {
  readonly part: string;
  readonly how: string;
}

/** `errors.jsonl`: an answer of a gateway that says that it is broken, where 503 says that something else is. */
export interface ServerError {
  readonly procedure: string;
  readonly status: number;
  readonly body: unknown;
}

/** `faults.jsonl`: what the run did to the product, written down as it did it; times in milliseconds. */
export type FaultLine = PlannedFault & { readonly at: number };
