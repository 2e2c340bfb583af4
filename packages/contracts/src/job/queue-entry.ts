import type { JobPriority } from "./job.ts";

/** What Redis knows of a waiting job: enough to give it its turn, nothing of its content. */
export interface QueueEntry {
  readonly jobId: string;
  readonly ownerId: string;
  readonly priority: JobPriority;
  /** Jobs with the same needs share it; `backend:<id>` means that only this backend may take the job. */
  readonly capabilityKey: string;
  /** The model it loads, so that a backend where it is warm can prefer it; null if it loads none. */
  readonly modelKey: string | null;
}
