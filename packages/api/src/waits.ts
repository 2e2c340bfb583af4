import type { Wait } from "@darkroom/contracts";
import { workflowsOfJobs } from "@darkroom/db";
import type { Queue } from "@darkroom/queue";
import type { Services } from "./context.ts";
import { estimateWait } from "./estimate.ts";
import { readPace } from "./pace.ts";

/** Waiting job → when it starts and ends, of all jobs of some owners or of some jobs. Rejects while Redis is down. */
export async function readWaits(
  services: Pick<Services, "database" | "queue" | "publisher">,
  of: Parameters<Queue["positions"]>[0],
): Promise<Map<string, Wait>> {
  const positions = await services.queue.positions(of);
  if (positions.size === 0) return new Map();
  const [workflows, pace] = await Promise.all([
    workflowsOfJobs(services.database, [...positions.keys()]),
    readPace(services),
  ]);
  return new Map(
    [...positions].map(([jobId, position]) => [jobId, estimateWait(position, workflows.get(jobId) ?? "", pace)]),
  );
}
