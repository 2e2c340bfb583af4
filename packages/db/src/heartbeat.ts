import type { Progress } from "@darkroom/contracts";
import type { Database } from "./client.ts";

export interface HeldJob {
  readonly jobId: string;
  readonly attempt: number;
}
export interface HeldSlot {
  readonly backendId: string;
  readonly ordinal: number;
}
export interface Heartbeat {
  readonly workerId: string;
  readonly leaseSeconds: number;
  /** `progress` null leaves what is stored. */
  readonly jobs: readonly (HeldJob & { readonly progress: Progress | null })[];
  readonly slots: readonly HeldSlot[];
}
export interface HeartbeatAnswer {
  readonly lostJobs: readonly HeldJob[];
  /** Ids of held jobs whose owner asked to stop them. */
  readonly canceling: readonly string[];
  readonly lostSlots: readonly HeldSlot[];
}

export declare function heartbeat(database: Database, beat: Heartbeat): Promise<HeartbeatAnswer>;
