import type { DurableEvent, InputValues, JobPriority, JobState } from "@darkroom/contracts";
import type { Database } from "./client.ts";

export interface TimelineEntry {
  readonly type: DurableEvent["type"];
  readonly at: string;
  readonly attempt: number;
  readonly version: number;
  readonly payload: DurableEvent;
}
/** What `job.retry` and `job.rerun` need of an ended job. */
export interface JobSource {
  readonly jobId: string;
  readonly ownerId: string;
  readonly workflowId: string;
  readonly workflowVersionId: string;
  readonly inputs: InputValues;
  readonly seed: number | null;
  readonly priority: JobPriority;
  readonly metadata: Readonly<Record<string, unknown>> | null;
  readonly state: JobState;
}

export declare function jobTimeline(
  database: Database,
  request: { jobId: string; ownerIds: readonly string[] | null },
): Promise<TimelineEntry[] | null>;
export declare function jobSource(
  database: Database,
  request: { jobId: string; ownerIds: readonly string[] | null },
): Promise<JobSource | null>;
