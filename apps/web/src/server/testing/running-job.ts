import type { WorkflowDefinition } from "@darkroom/contracts";
import { claimJob, submitJobs } from "@darkroom/db";
import { newJob } from "@darkroom/db/testing";
import type { TestGateway } from "./setup.ts";

/** A workflow that takes nothing and runs anywhere; tests seed it. */
export const picture: WorkflowDefinition = {
  slug: "picture",
  name: "Picture",
  description: "",
  graph: { "1": { class_type: "SaveImage", inputs: {} } },
  parameters: [{ kind: "text", name: "prompt", label: "Prompt", required: false }],
  bindings: [],
  outputs: ["1"],
};

type Parts = Pick<TestGateway, "database" | "publisher">;

/** A job of this owner in its first attempt, as if a worker had claimed it; publishes what happened. Answers its id. */
export async function runningJob(parts: Parts, ownerId: string): Promise<string> {
  const job = await newJob(parts.database, picture, {});
  const account = { ownerId, ownerKind: "account", addressKey: null, limits: null } as const;
  const { events } = await submitJobs(parts.database, { ...account, jobs: [job] });
  await parts.publisher.publish(events);
  await claim(parts, job.jobId);
  return job.jobId;
}

/** Begins the next attempt of a job that waits. */
export async function claim({ database, publisher }: Parts, jobId: string): Promise<void> {
  const claimed = await claimJob(database, { jobId, workerId: "w", backendId: "b", leaseSeconds: 60 });
  if (claimed === null) throw new Error("the job was not claimed");
  await publisher.publish(claimed.events);
}
