import type { JobView } from "@darkroom/contracts";
import type { Database } from "./client.ts";

export declare function jobView(
  database: Database,
  request: { jobId: string; ownerIds: readonly string[] | null },
): Promise<JobView | null>;
