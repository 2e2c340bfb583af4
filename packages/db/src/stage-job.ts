import type { JobStage, OwnedEvent } from "@darkroom/contracts";
import type { Database } from "./client.ts";

export declare function stageJob(
  database: Database,
  stage: { jobId: string; attempt: number; stage: JobStage },
): Promise<OwnedEvent[] | null>;
