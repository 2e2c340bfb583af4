import type { Wait } from "@darkroom/contracts";
import { workflowsOfJobs } from "@darkroom/db";
import type { Services } from "./context.ts";
import { estimateWait } from "./estimate.ts";
import { readPace } from "./pace.ts";

type Needed = Pick<Services, "database" | "queue" | "publisher">;

/** Waiting job → when it starts and ends, of all jobs of some owners. Rejects while Redis is down. */
export async function readWaits(services: Needed, ownerIds: readonly string[]): Promise<Map<string, Wait>> {
  const positions = await services.queue.positions({ ownerIds });
  if (positions.size === 0) return new Map();
  const [workflows, pace] = await Promise.all([
    workflowsOfJobs(services.database, [...positions.keys()]),
    readPace(services),
  ]);
  return new Map(
    [...positions].map(([jobId, position]) => [jobId, estimateWait(position, workflows.get(jobId) ?? "", pace)]),
  );
}

/** {@link readWaits} of some jobs whose workflows are known. */
export async function readWaitsOfJobs(
  services: Needed,
  jobs: readonly { readonly jobId: string; readonly workflowId: string }[],
): Promise<Map<string, Wait>> {
  if (jobs.length === 0) return new Map();
  const [positions, pace] = await Promise.all([
    services.queue.positions({ jobIds: jobs.map(({ jobId }) => jobId) }),
    readPace(services),
  ]);
  return new Map(
    jobs.flatMap(({ jobId, workflowId }) => {
      const position = positions.get(jobId);
      return position === undefined ? [] : [[jobId, estimateWait(position, workflowId, pace)] as const];
    }),
  );
}
