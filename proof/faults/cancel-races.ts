import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import type { DurableEvent } from "@darkroom/contracts";
import { jobView } from "@darkroom/db";
import { createProcessLog } from "@darkroom/monitor";
import { createPublisher, createQueue, createRedis, createSubscriber, whenReady } from "@darkroom/queue";
import { createStorage } from "@darkroom/storage";
import { defaultSettings, type Settings } from "../../apps/worker/src/settings.ts";
import { outOfMemory } from "../../apps/worker/src/testing/workflows.ts";
import { createWorker } from "../../apps/worker/src/worker.ts";
import { createRandom } from "../chaos/random.ts";
import { audit } from "./audit.ts";
import type { Lane } from "./lane.ts";
import { createStage, PATIENCE_MS, type Stage } from "./stage.ts";

export interface Races {
  readonly faults: readonly string[];
  /** How many of the jobs that were canceled ended in which state. */
  readonly canceled: Readonly<Record<string, number>>;
  readonly seconds: number;
}

/** What a cancel is aimed at: it comes up to `AIM_MS` after this event of its job was seen. */
const aims: readonly DurableEvent["type"][] = [
  "job.queued",
  "job.started",
  "job.staged",
  "output.created",
  "job.retried",
];
const AIM_MS = 60;

/** Prompts that one backend holds at once, so that a canceled one has neighbours before and behind it. */
const CONCURRENCY = 3;
/** Jobs that are open at once. */
const CROWD = 8;

/**
 * Submits `jobs` jobs and cancels two of three, each at a random time around its claim, its dispatch, its completion or
 * its retry. Postgres and the simulator's ledger must agree that each ended once and that nobody else was touched.
 */
export async function raceCancels(lane: Lane, { jobs, seed }: { jobs: number; seed: number }): Promise<Races> {
  const startedAt = performance.now();
  const random = createRandom(seed);
  const stage = await createStage(lane);
  const pace = lane.simulator.control.pace();
  lane.simulator.control.setPace({ stepMs: 4, loadMs: 4 });
  const worker = await startWorker(stage);
  const canceled = new Set<string>();

  const one = async (index: number): Promise<void> => {
    const jobId =
      random.next() < 0.15
        ? await stage.submit({}, outOfMemory)
        : await stage.submit({ steps: 1 + random.below(8), prompt: `picture ${index}` });
    const isCanceled = index % 3 !== 0;
    if (isCanceled) {
      canceled.add(jobId);
      const aim = random.pick(aims);
      const waitMs = random.below(AIM_MS);
      await stage.until(() => stage.hasEnded(jobId) || stage.has(jobId, aim), PATIENCE_MS);
      await sleep(waitMs);
      await stage.cancel(jobId);
    }
    await stage.until(() => stage.hasEnded(jobId), PATIENCE_MS);
  };
  let next = 0;
  // Each job takes the next number, and its randomness with it, when its turn comes.
  const crowd = Array.from({ length: CROWD }, async () => {
    while (next < jobs) {
      next += 1;
      await one(next);
    }
  });
  await Promise.all(crowd);

  const faults = await audit(stage, {
    ends: (jobId) => (canceled.has(jobId) ? ["canceled", "succeeded", "failed"] : ["succeeded", "failed"]),
    mayRepeat: true,
  });
  faults.push(...(await touched(stage, canceled)));
  const ends: Record<string, number> = {};
  for (const jobId of canceled) {
    const { state = "gone" } = (await jobView(stage.database, { jobId, ownerIds: null })) ?? {};
    ends[state] = (ends[state] ?? 0) + 1;
  }
  await worker.stop();
  lane.simulator.control.setPace(pace);
  await stage.close();
  return { faults, canceled: ends, seconds: (performance.now() - startedAt) / 1000 };
}

const settings: Settings = {
  ...defaultSettings,
  concurrency: CONCURRENCY,
  leaseSeconds: 5,
  idleMs: 100,
  probeMs: 500,
  quietMs: 200,
  minFreeBytes: 0,
};

/** In this process, so that a thousand races are a matter of minutes. */
async function startWorker({ database, lane, storageFolder }: Stage): Promise<{ stop(): Promise<void> }> {
  const subscription = createRedis(lane.redisUrl, { role: "subscriber", onError: () => undefined });
  await whenReady(subscription);
  const subscriber = createSubscriber(subscription, lane.keys);
  const worker = createWorker({
    database,
    queue: createQueue(lane.redis, lane.keys),
    publisher: createPublisher(lane.redis, lane.keys),
    subscriber,
    storage: createStorage({ STORAGE_URL: pathToFileURL(storageFolder).href }),
    backendUrls: [lane.simulator.url],
    settings,
    log: createProcessLog({ app: "worker", level: "silent", instance: "races" }),
  });
  worker.start();
  return {
    stop: async () => {
      await worker.stop(0);
      subscriber.close();
      subscription.disconnect();
    },
  };
}

/** Prompts of jobs that nobody canceled, which were interrupted or deleted all the same. */
async function touched({ database, lane }: Stage, canceled: ReadonlySet<string>): Promise<string[]> {
  const rows = await database.sql<{ promptId: string; jobId: string }[]>`
    SELECT prompt_id AS "promptId", job_id AS "jobId" FROM dispatches`;
  const jobOf = new Map(rows.map(({ promptId, jobId }) => [promptId, jobId]));
  return lane.simulator.control.ledger().flatMap(({ promptId, outcome }) => {
    const jobId = jobOf.get(promptId);
    const isBystander = jobId !== undefined && !canceled.has(jobId);
    return isBystander && (outcome === "interrupted" || outcome === "deleted")
      ? [`the prompt of bystander ${jobId.slice(-4)} was ${outcome}`]
      : [];
  });
}
