import type { JobState, JobView } from "@darkroom/contracts";
import type { Database } from "./client.ts";

export interface JobFilter {
  /** Null: every owner's (operators). */
  readonly ownerIds: readonly string[] | null;
  readonly limit: number;
  readonly cursor?: string | null;
  readonly state?: JobState | readonly JobState[];
  /** Id or slug. */
  readonly workflow?: string;
  readonly batchId?: string;
  /** Part of any text input, in any case. */
  readonly search?: string;
}

export declare function listJobs(
  database: Database,
  filter: JobFilter,
): Promise<{ readonly items: readonly JobView[]; readonly nextCursor: string | null }>;
