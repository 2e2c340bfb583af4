import type { Wait } from "@darkroom/contracts";
import { type Database, workflowsOfJobs } from "@darkroom/db";
import type { Queue } from "@darkroom/queue";
import { estimateWait } from "./estimate.ts";
import { readPace } from "./pace.ts";

/** Waiting job → when it starts and ends, of all jobs of some owners or of some jobs. Rejects while Redis is down. */
export async function readWaits(
  { database, queue }: { database: Database; queue: Queue },
  of: Parameters<Queue["positions"]>[0],
): Promise<Map<string, Wait>> {
  const positions = await queue.positions(of);
  if (positions.size === 0) return new Map();
  const [workflows, pace] = await Promise.all([workflowsOfJobs(database, [...positions.keys()]), readPace(database)]);
  return new Map(
    [...positions].map(([jobId, position]) => [jobId, estimateWait(position, workflows.get(jobId) ?? "", pace)]),
  );
}
