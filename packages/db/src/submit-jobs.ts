import type { Capability, InputValues, JobPriority, JobState, OwnedEvent, QueueEntry } from "@darkroom/contracts";
import type { Database } from "./client.ts";

/** A validated job, ready to store. */
export interface NewJob {
  readonly jobId: string;
  readonly workflowId: string;
  readonly workflowVersionId: string;
  readonly inputs: InputValues;
  readonly seed: number | null;
  readonly priority: JobPriority;
  /** Unique per owner; null: every submit is a new job. */
  readonly idempotencyKey: string | null;
  /** A digest of what the caller asked for; the same key with another digest is a conflict. */
  readonly inputsHash: string;
  readonly capability: Capability;
  readonly capabilityKey: string;
  readonly modelKey: string | null;
  readonly metadata: Readonly<Record<string, unknown>> | null;
  readonly retryOf: string | null;
}

export interface SubmitLimits {
  readonly submitsPerMinute: number;
  readonly generationsPerHour: number;
  readonly maxWaitingPerOwner: number;
  readonly maxWaiting: number;
}

export interface Submission {
  readonly ownerId: string;
  readonly ownerKind: "guest" | "account" | "service";
  readonly displayName?: string | null;
  /** A digest of the caller's address; guests are limited by it as well as by owner. */
  readonly addressKey: string | null;
  readonly limits: SubmitLimits;
  readonly jobs: readonly NewJob[];
  readonly batchId?: string | null;
}

export interface SubmittedJob {
  readonly jobId: string;
  readonly batchId: string | null;
  readonly state: JobState;
  readonly version: number;
}

export interface Submitted {
  /** False if every idempotency key was known: nothing was stored or counted. */
  readonly created: boolean;
  /** In the order of the submission's jobs. */
  readonly jobs: readonly SubmittedJob[];
  readonly remaining: { readonly submits: number; readonly generations: number };
  readonly events: readonly OwnedEvent[];
  /** To push at the tail after the commit; empty if nothing was created. */
  readonly entries: readonly QueueEntry[];
}

export declare function submitJobs(database: Database, submission: Submission): Promise<Submitted>;
