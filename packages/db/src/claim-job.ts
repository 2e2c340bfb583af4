import type { InputValues, OwnedEvent, WorkflowDefinition } from "@darkroom/contracts";
import type { Database } from "./client.ts";
import type { OpenDispatch } from "./dispatches.ts";

export interface ClaimedJob {
  readonly jobId: string;
  readonly ownerId: string;
  readonly attempt: number;
  readonly version: number;
  readonly inputs: InputValues;
  readonly seed: number | null;
  readonly definition: WorkflowDefinition;
  readonly failures: number;
  readonly infraFailures: number;
  /** The prompt to adopt before dispatching a new one; null if there is none. */
  readonly openDispatch: OpenDispatch | null;
  /** The workflow's own limit; null: the process's default. */
  readonly timeoutSeconds: number | null;
}

export interface Claim {
  readonly jobId: string;
  readonly workerId: string;
  readonly backendId: string;
  readonly leaseSeconds: number;
  /** Also take a running job whose lease has expired, and ignore a pause: its prompt is already on the backend. */
  readonly adopt?: boolean;
}

export declare function claimJob(
  database: Database,
  claim: Claim,
): Promise<{ readonly job: ClaimedJob; readonly events: readonly OwnedEvent[] } | null>;
