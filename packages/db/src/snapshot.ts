import type { JobView } from "@darkroom/contracts";
import type { Database } from "./client.ts";

export interface Snapshot {
  readonly jobs: readonly JobView[];
  /** The last `ownerSeq` the jobs include, per owner; 0 for an owner without events. */
  readonly cursor: Readonly<Record<string, number>>;
}

export declare function snapshot(
  database: Database,
  request: { ownerIds: readonly string[]; jobId?: string },
): Promise<Snapshot>;
