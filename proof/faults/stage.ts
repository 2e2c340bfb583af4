import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import {
  type DurableEvent,
  type InputValues,
  newId,
  type TransientEvent,
  type WorkflowDefinition,
} from "@darkroom/contracts";
import {
  type Database,
  readFeed,
  readFeedHeads,
  readFeedTails,
  readJobStates,
  requestCancel,
  seedWorkflows,
  submitJobs,
} from "@darkroom/db";
import { createTestDatabase, newJob } from "@darkroom/db/testing";
import { createHub, createPublisher, createQueue, createRedis, createSubscriber, whenReady } from "@darkroom/queue";
import { outOfMemory, picture } from "../../apps/worker/src/testing/workflows.ts";
import { freePort } from "../../scripts/processes/ports.ts";
import { type FaultedProcess, startProcess } from "./faulted-process.ts";
import { type Lane, STEP_MS } from "./lane.ts";

/** Short, so that recovery is seen soon; above it nothing in the product is faster than in production. */
export const LEASE_SECONDS = 1;

/**
 * How long anything may take before a case counts as stuck, in milliseconds. Recovery takes about three leases; the rest
 * is for machines that are busy with something else.
 */
export const PATIENCE_MS = 90_000;

/** What the watching hub delivered to its one reader, in the order of arrival. */
export interface Seen {
  readonly durable: readonly DurableEvent[];
  readonly transient: readonly TransientEvent[];
}

/** A product of its own for one case: an empty database and queue, an owner with a watching hub, and processes. */
export interface Stage {
  readonly lane: Lane;
  readonly database: Database;
  readonly storageFolder: string;
  readonly ownerId: string;
  readonly seen: Seen;
  /** Every job that was submitted here, oldest first. */
  readonly jobIds: readonly string[];
  /** A worker process. One with a failpoint is the victim: when it ends, a whole one takes its place. */
  startWorker(failpoint?: string): FaultedProcess;
  /** The same, for a gateway; its successor listens on the same port. */
  startWeb(failpoint?: string): FaultedProcess;
  /** Resolves with true once the victim's failpoint acted; false after `timeoutMs`. */
  wasHit(timeoutMs: number): Promise<boolean>;
  /** What all processes printed. */
  log(): string;
  readonly webUrl: string;
  submit(inputs?: InputValues, workflow?: WorkflowDefinition): Promise<string>;
  /** Counts a job that came through the gateway. */
  adopt(jobId: string): void;
  cancel(jobId: string): Promise<void>;
  /** Whether the reader saw an event of one of these types of the job. */
  has(jobId: string, ...types: DurableEvent["type"][]): boolean;
  hasEnded(jobId: string): boolean;
  /** Resolves as soon as `isSo`, asked after each delivery, is true; false after `timeoutMs`. */
  until(isSo: () => boolean, timeoutMs: number): Promise<boolean>;
  /** Resolves when the job's progress has reached that step, or the job has ended. */
  step(jobId: string, step: number): Promise<boolean>;
  /** True once the reader saw the end of every job. */
  allEnded(timeoutMs: number): Promise<boolean>;
  close(): Promise<void>;
}

export async function createStage(lane: Lane): Promise<Stage> {
  const { database, url, drop } = await createTestDatabase(lane.postgresUrl);
  await seedWorkflows(database, [picture, outOfMemory]);
  await lane.redis.flushall();
  lane.simulator.control.setPace({ stepMs: STEP_MS });
  const storageFolder = await mkdtemp(join(lane.folder, "storage-"));
  const queue = createQueue(lane.redis, lane.keys);
  const publisher = createPublisher(lane.redis, lane.keys);
  await queue.rebuild([]);
  const subscription = createRedis(lane.redisUrl, { role: "subscriber", onError: () => undefined });
  await whenReady(subscription);
  const subscriber = createSubscriber(subscription, lane.keys);
  const hub = createHub({
    subscriber,
    readFeed: (query) => readFeed(database, query),
    readFeedHeads: (ownerIds) => readFeedHeads(database, ownerIds),
    readFeedTails: (ownerIds) => readFeedTails(database, { ownerIds, limit: 128 }),
    readJobs: (jobIds) => readJobStates(database, jobIds),
  });

  const ownerId = newId();
  const durable: DurableEvent[] = [];
  const transient: TransientEvent[] = [];
  const types = new Map<string, Set<DurableEvent["type"]>>();
  const listeners = new Set<() => void>();
  const reading = (async () => {
    for await (const { events } of hub.attach({ ownerIds: [ownerId], cursor: { [ownerId]: 0 } })) {
      for (const event of events) {
        if (event.type === "job.progressed" || event.type === "job.previewed" || event.type === "job.positioned")
          transient.push(event);
        else {
          durable.push(event);
          if ("jobId" in event) types.set(event.jobId, (types.get(event.jobId) ?? new Set()).add(event.type));
        }
      }
      for (const listener of listeners) listener();
    }
  })();

  const until = (isSo: () => boolean, timeoutMs: number): Promise<boolean> =>
    new Promise((resolve) => {
      const finish = (answer: boolean): void => {
        clearTimeout(timer);
        listeners.delete(look);
        resolve(answer);
      };
      const look = (): void => {
        if (isSo()) finish(true);
      };
      const timer = setTimeout(() => finish(false), timeoutMs);
      listeners.add(look);
      look();
    });
  const has: Stage["has"] = (jobId, ...wanted) => wanted.some((type) => types.get(jobId)?.has(type) === true);
  const hasEnded = (jobId: string): boolean => has(jobId, ...ends);

  const webPort = await freePort();
  const processes: FaultedProcess[] = [];
  let victim: FaultedProcess | null = null;
  let isClosing = false;
  const start = (script: string, env: Record<string, string>, failpoint: string | undefined): FaultedProcess => {
    const started = startProcess(script, {
      DATABASE_URL: url,
      REDIS_URL: lane.redisUrl,
      STORAGE_URL: pathToFileURL(storageFolder).href,
      ...(failpoint === undefined ? {} : { DARKROOM_FAILPOINT: failpoint }),
      ...env,
    });
    processes.push(started);
    if (failpoint === undefined) return started;
    victim = started;
    void started.exited.then(() => {
      if (!isClosing) start(script, env, undefined);
    });
    return started;
  };
  const jobIds: string[] = [];

  return {
    lane,
    database,
    storageFolder,
    ownerId,
    seen: { durable, transient },
    jobIds,
    wasHit: async (timeoutMs) => {
      if (victim === null) return false;
      const told = victim.printed(/"msg":"failpoint"/).then(
        () => true,
        () => false,
      );
      // Its last words may be lost with it; nobody else kills it.
      const wasKilled = victim.exited.then((status) => status === null);
      return Promise.race([told.then((isSo) => isSo || wasKilled), delay(timeoutMs, false)]);
    },
    log: () => processes.map((started) => started.log()).join("--- next process\n"),
    webUrl: `http://127.0.0.1:${webPort}`,
    startWorker: (failpoint) =>
      start(
        "apps/worker/src/main.ts",
        { COMFYUI_URLS: lane.simulator.url, LEASE_SECONDS: String(LEASE_SECONDS) },
        failpoint,
      ),
    startWeb: (failpoint) =>
      start(
        "apps/web/src/server/main.ts",
        {
          PORT: String(webPort),
          WEB_ROLE: "gateway",
          AUTH_SECRET: "the fault suite's secret, long enough to be one",
          DATA_DIR: storageFolder,
          ...Object.fromEntries(
            ["SUBMITS_PER_MINUTE", "GENERATIONS_PER_HOUR", "MAX_WAITING_PER_OWNER"].map((name) => [name, "1000000"]),
          ),
        },
        failpoint,
      ),
    submit: async (given = {}, workflow = picture) => {
      const job = await newJob(database, workflow, given);
      const { events, entries } = await submitJobs(database, {
        ownerId,
        ownerKind: "guest",
        addressKey: null,
        limits: null,
        jobs: [job],
      });
      jobIds.push(job.jobId);
      await publisher.publish(events);
      // Redis may be away: maintenance pushes it then.
      await queue.enqueue([...entries]).catch(() => undefined);
      await publisher.wake();
      return job.jobId;
    },
    adopt: (jobId) => void jobIds.push(jobId),
    cancel: async (jobId) => {
      const answer = await requestCancel(database, { jobId, ownerIds: [ownerId] });
      if (answer === null) throw new Error(`no job ${jobId}`);
      await publisher.publish(answer.events);
      if (answer.wasQueued) await queue.remove([jobId]);
      if (answer.workerId !== null) await publisher.requestCancel(answer.workerId, jobId);
    },
    has,
    hasEnded,
    until,
    step: (jobId, step) =>
      until(
        () =>
          hasEnded(jobId) ||
          transient.some(
            (event) => event.type === "job.progressed" && event.jobId === jobId && (event.step ?? 0) >= step,
          ),
        PATIENCE_MS,
      ),
    allEnded: (timeoutMs) => until(() => jobIds.every(hasEnded), timeoutMs),
    close: async () => {
      isClosing = true;
      await Promise.all(processes.map((started) => started.end()));
      hub.close();
      await reading;
      subscriber.close();
      subscription.disconnect();
      await drop();
      await rm(storageFolder, { recursive: true, force: true });
    },
  };
}

const ends = ["job.succeeded", "job.failed", "job.canceled"] as const satisfies DurableEvent["type"][];

/** True for the event after which a job has none. */
export const endOf = (event: DurableEvent): boolean => ends.some((type) => type === event.type);
