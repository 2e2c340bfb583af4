import type { Failure, OwnedEvent, QueueEntry } from "@darkroom/contracts";
import type { Database } from "./client.ts";

/** How an attempt ended. */
export type Outcome =
  | { readonly type: "succeeded" }
  | { readonly type: "failed"; readonly failure: Failure }
  /** Again after `delaySeconds`; `infra`: the dispatched prompt was lost, which is not the job's own failure. */
  | { readonly type: "retry"; readonly failure: Failure; readonly delaySeconds: number; readonly infra: boolean }
  | { readonly type: "canceled" }
  /** Given back unharmed; its prompt stays open for adoption. */
  | { readonly type: "released" };

export interface Settled {
  readonly events: readonly OwnedEvent[];
  /** To push at the head when the job is in the queue and due; null otherwise (a delayed retry is pushed by maintenance). */
  readonly entry: QueueEntry | null;
}

export declare function settleJob(
  database: Database,
  settlement: { jobId: string; attempt: number; outcome: Outcome },
): Promise<Settled | null>;
