import type { JobState } from "@darkroom/contracts";
import type { Database } from "./client.ts";

export interface OpenDispatch {
  readonly promptId: string;
  readonly clientId: string;
  readonly backendId: string;
  readonly attempt: number;
}

export interface DispatchRecord {
  readonly promptId: string;
  readonly jobId: string;
  readonly attempt: number;
  readonly clientId: string;
  readonly jobState: JobState;
  /** True if a worker holds the job's lease: leave the prompt alone. */
  readonly leaseLive: boolean;
  /** False if the job ended or was dispatched again since: the prompt is an orphan. */
  readonly current: boolean;
}

export declare function recordDispatch(
  database: Database,
  dispatch: { jobId: string; attempt: number; backendId: string; promptId: string; clientId: string },
): Promise<boolean>;
export declare function closeDispatch(database: Database, dispatch: { promptId: string }): Promise<void>;
export declare function openDispatches(database: Database, filter: { backendId: string }): Promise<DispatchRecord[]>;
