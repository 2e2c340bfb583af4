import { setTimeout as sleep } from "node:timers/promises";
import { newId, type WorkflowDefinition } from "@darkroom/contracts";
import { type Database, isTransient, requestCancel, seedWorkflows, submitJobs } from "@darkroom/db";
import { newJob, wideLimits } from "@darkroom/db/testing";
import type { Publisher } from "@darkroom/queue";

const definition: WorkflowDefinition = {
  slug: "storm",
  name: "Storm",
  description: "Nothing runs it.",
  graph: { "1": { class_type: "Nothing", inputs: {} } },
  parameters: [],
  bindings: [],
  outputs: ["1"],
};

export interface LoadOwner {
  readonly ownerId: string;
  readonly kind: "guest" | "account";
}

/** A steady stream of durable events: jobs of random owners are submitted and canceled, two events each. */
export interface Load {
  /** Ends with the event under way. */
  stop(): Promise<void>;
  /** Events committed so far. */
  count(): number;
}

/**
 * @param parts.forget the share of events that are committed and never published, as by a process that dies in between;
 *   0 by default
 */
export async function startLoad(
  parts: { readonly database: Database; readonly publisher: Publisher; readonly forget?: number },
  owners: readonly LoadOwner[],
  eventsPerSecond: number,
): Promise<Load> {
  const { database, publisher, forget = 0 } = parts;
  await seedWorkflows(database, [definition]);
  const job = await newJob(database, definition, {});
  let count = 0;
  let isStopped = false;

  async function submitAndCancel({ ownerId, kind }: LoadOwner): Promise<void> {
    const jobId = newId();
    const { events: queued } = await submitJobs(database, {
      ownerId,
      ownerKind: kind,
      addressKey: null,
      limits: wideLimits,
      jobs: [{ ...job, jobId }],
    });
    if (Math.random() >= forget) await publisher.publish(queued);
    const canceled = await requestCancel(database, { jobId, ownerIds: [ownerId] });
    if (Math.random() >= forget) await publisher.publish(canceled?.events ?? []);
    count += queued.length + (canceled?.events.length ?? 0);
  }

  const running = (async () => {
    const startedAt = performance.now();
    for (let jobs = 0; !isStopped; jobs += 1) {
      const dueAt = startedAt + (jobs * 2000) / eventsPerSecond;
      const waitMs = dueAt - performance.now();
      if (waitMs > 0) await sleep(waitMs);
      const owner = owners[Math.floor(Math.random() * owners.length)];
      // Its connection may be cut like any other; what it had committed by then counts and was not published.
      if (owner !== undefined) await submitAndCancel(owner).catch(unlessOutage);
    }
  })();
  return {
    count: () => count,
    stop: () => {
      isStopped = true;
      return running;
    },
  };
}

function unlessOutage(error: unknown): void {
  if (!isTransient(error)) throw error;
}
