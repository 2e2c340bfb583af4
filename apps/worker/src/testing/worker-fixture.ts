import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { ComfyAccess } from "@darkroom/comfyui";
import {
  type DurableEvent,
  type InputValues,
  isCustom,
  type JobView,
  newId,
  type OwnedEvent,
  type TransientEvent,
  type WorkflowDefinition,
} from "@darkroom/contracts";
import { jobView, type NewJob, requestCancel, seedWorkflows, submitJobs } from "@darkroom/db";
import { createTestDatabase, newJob } from "@darkroom/db/testing";
import { createProcessLog } from "@darkroom/monitor";
import { createKeys, createPublisher, createQueue, createRedis, createSubscriber, whenReady } from "@darkroom/queue";
import { testPrefix } from "@darkroom/queue/testing";
import { createSimulator, type SimulatedVersion, type Simulator } from "@darkroom/simulator";
import { createStorage } from "@darkroom/storage";
import { defaultSettings, type Settings } from "../settings.ts";
import { createWorker, type Worker } from "../worker.ts";
import { createComfyProxy } from "./comfy-proxy.ts";
import { doubled, media, outOfMemory, picture, revoiced } from "./workflows.ts";

/** Leases and ticks are settings, so tests make them short. */
const testSettings: Settings = {
  ...defaultSettings,
  leaseSeconds: 1,
  idleMs: 200,
  probeMs: 200,
  catalogMs: 60_000,
  maintenanceMs: 100,
  quietMs: 200,
  unreachableMs: 1000,
  cancelMs: 5000,
  wedgedMs: 500,
  restMs: 500,
  minFreeBytes: 0,
};

/** A job comes to one of these, and to one alone. */
const ends: ReadonlySet<string> = new Set(["job.succeeded", "job.failed", "job.canceled"]);

export interface FixtureOptions {
  /** One sampling step of the simulator. */
  readonly stepMs?: number;
  /** ComfyUI's version that the simulator plays. Default: its newest. */
  readonly version?: SimulatedVersion;
  readonly workflows?: readonly WorkflowDefinition[];
  readonly logTo?: (line: Record<string, unknown>) => void;
}

export type Bench = Awaited<ReturnType<typeof setupWorkers>>;

/** A database, a queue, a simulator behind a proxy, a storage folder and one owner. */
export async function setupWorkers(
  urls: { postgresUrl: string; redisUrl: string },
  {
    stepMs = 30,
    version,
    workflows = [picture, outOfMemory, media, doubled, revoiced],
    logTo,
    onFinished,
  }: FixtureOptions & {
    /** Is given what ends all of this, to be called once. */
    readonly onFinished: (end: () => Promise<void>) => void;
  },
) {
  const { database, drop } = await createTestDatabase(urls.postgresUrl);
  const folder = await mkdtemp(join(tmpdir(), "darkroom-worker-"));
  const storage = createStorage({ STORAGE_URL: pathToFileURL(folder).href });
  // Outlives a restart of the server, as on a disk.
  const comfyFolder = await mkdtemp(join(tmpdir(), "darkroom-comfyui-"));
  const comfyOptions = { stepMs, loadMs: 50, folder: comfyFolder, ...(version === undefined ? {} : { version }) };
  let simulator = await createSimulator({ port: 0, ...comfyOptions });
  const comfyUrl = simulator.url;
  const comfy = await createComfyProxy(comfyUrl);
  const onError = (): void => undefined;
  const keys = createKeys(testPrefix());
  const connectionName = keys.prefix;
  const commands = createRedis(urls.redisUrl, { role: "commands", onError, connectionName });
  const subscription = createRedis(urls.redisUrl, { role: "subscriber", onError, connectionName });
  await Promise.all([whenReady(commands), whenReady(subscription)]);
  const queue = createQueue(commands, keys);
  const publisher = createPublisher(commands, keys);
  const subscriber = createSubscriber(subscription, keys);
  await queue.rebuild([]);
  await seedWorkflows(database, workflows);

  const ownerId = newId();
  const durable: OwnedEvent[] = [];
  const transient: TransientEvent[] = [];
  const listeners = new Set<() => void>();
  const watch = subscriber.watchOwner(ownerId, {
    durable: (owned) => {
      durable.push(owned);
      for (const listener of listeners) listener();
    },
    transient: ({ event }) => {
      if (!isCustom(event)) transient.push(event);
      for (const listener of listeners) listener();
    },
  });
  await watch.acknowledged;

  /** Resolves as soon as `find`, asked after each event of the owner, answers something; rejects as soon as it throws. */
  function seen<T>(find: () => T | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        try {
          const found = find();
          if (found === undefined) return;
          resolve(found);
        } catch (error) {
          reject(error);
        }
        listeners.delete(look);
      };
      listeners.add(look);
      look();
    });
  }

  const workers: Worker[] = [];
  const others: Simulator[] = [];
  onFinished(async () => {
    await Promise.all(workers.map((worker) => (worker.isStopping ? undefined : worker.crash())));
    watch.release();
    subscriber.close();
    const left = await commands.keys(`{${keys.prefix}}:*`);
    if (left.length > 0) await commands.del(...left);
    commands.disconnect();
    subscription.disconnect();
    await comfy.close();
    await Promise.all([simulator, ...others].map((one) => one.close()));
    await drop();
    await rm(folder, { recursive: true, force: true });
    await rm(comfyFolder, { recursive: true, force: true });
  });

  const log = createProcessLog({
    ...{ app: "worker", level: logTo === undefined ? "silent" : "debug", instance: "test" },
    destination: { write: (line: string) => logTo?.(JSON.parse(line) as Record<string, unknown>) },
  });

  async function store(jobs: readonly NewJob[], batchId: string | null): Promise<void> {
    const asked = { ownerId, ownerKind: "guest", addressKey: null, requestId: "a click", limits: null } as const;
    const submission = { ...asked, jobs, batchId };
    const { events, entries } = await submitJobs(database, submission);
    await publisher.publish(events);
    await queue.enqueue([...entries]);
    await publisher.wake();
  }

  return {
    database,
    storage,
    /** Where the storage keeps its files. */
    storageFolder: folder,
    comfy,
    /** Where the server keeps its files. */
    comfyFolder,
    /** The server itself, past the proxy. */
    comfyUrl,
    commands,
    keys,
    queue,
    publisher,
    ownerId,
    durable,
    transient,
    seen,

    startWorker: (
      settings: Partial<Settings> = {},
      backendUrls: readonly string[] = [comfy.url],
      backendAccess: ReadonlyMap<string, ComfyAccess> = new Map(),
    ): Worker => {
      const worker = createWorker({
        database,
        queue,
        publisher,
        subscriber,
        storage,
        backendUrls,
        backendAccess,
        settings: { ...testSettings, ...settings },
        log,
      });
      workers.push(worker);
      worker.start();
      return worker;
    },

    submit: async (given: InputValues = {}, workflow: WorkflowDefinition = picture): Promise<string> => {
      const job = await newJob(database, workflow, given);
      await store([job], null);
      return job.jobId;
    },

    /** One batch; the ids of its jobs, in order. */
    submitBatch: async (given: readonly InputValues[]): Promise<string[]> => {
      const jobs = await Promise.all(given.map((inputs) => newJob(database, picture, inputs)));
      await store(jobs, newId());
      return jobs.map(({ jobId }) => jobId);
    },

    /** As the API does it: Postgres first, then a word to the worker. */
    cancel: async (jobId: string): Promise<void> => {
      const answer = await requestCancel(database, { jobId, ownerIds: [ownerId] });
      if (answer === null) throw new Error("no such job");
      await publisher.publish(answer.events);
      if (answer.wasQueued) await queue.remove([jobId]);
      if (answer.workerId !== null) await publisher.requestCancel(answer.workerId, jobId);
    },

    /** The job's event of that type, as soon as it is published. Rejects if it is an end, and the job comes to another one. */
    event: <Type extends DurableEvent["type"]>(jobId: string, type: Type) =>
      seen(() => {
        const ofJob = durable.map(({ event }) => event).filter((event) => "jobId" in event && event.jobId === jobId);
        const found = ofJob.find((event) => event.type === type);
        const end = ofJob.find((event) => ends.has(event.type));
        if (found === undefined && ends.has(type) && end !== undefined)
          throw new Error(`${type} cannot come any more: ${JSON.stringify(end)}`);
        return found as Extract<DurableEvent, { type: Type }> | undefined;
      }),

    /** The job's first progress at or above that step. */
    step: (jobId: string, step: number) =>
      seen(() =>
        transient.find(
          (event) => event.type === "job.progressed" && event.jobId === jobId && (event.step ?? 0) >= step,
        ),
      ),

    view: async (jobId: string): Promise<JobView> => {
      const view = await jobView(database, { jobId, ownerIds: null });
      if (view === null) throw new Error(`no job ${jobId}`);
      return view;
    },

    /** One more backend, without a proxy before it. */
    startBackend: async (): Promise<Simulator> => {
      const other = await createSimulator({ port: 0, stepMs, loadMs: 50 });
      others.push(other);
      return other;
    },

    /** The simulator that runs now. */
    simulator: () => simulator,

    /** The paths of the files that it saved. */
    savedFiles: async (): Promise<string[]> => {
      const entries = await readdir(join(comfyFolder, "output"), { recursive: true, withFileTypes: true });
      return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
    },

    /** As after a crash: its queue and history are gone. */
    restartComfy: async (): Promise<void> => {
      await simulator.close();
      simulator = await createSimulator({ port: Number(new URL(comfyUrl).port), ...comfyOptions });
    },

    /** Removes one key of the queue, as an eviction or an operator would. */
    loseKey: async (key: (of: typeof keys) => string): Promise<void> => {
      if ((await commands.del(key(keys))) === 0) throw new Error("there was nothing to lose");
    },

    /** The connections to Redis and to Postgres that this test has open, as the servers list them. */
    connections: async (): Promise<{ redis: number; postgres: number }> => {
      const clients = String(await commands.client("LIST")).split("\n");
      const [backends] = await database.sql<{ count: number }[]>`
        SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()`;
      const redis = clients.filter((line) => line.includes(` name=${connectionName} `)).length;
      return { redis, postgres: backends?.count ?? 0 };
    },

    /** Every row of the database and every value in Redis, as text. */
    everythingStored: async (): Promise<string> => {
      const { sql } = database;
      const tables = await sql<{ name: string }[]>`
        SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'`;
      const rows = await Promise.all(tables.map(({ name }) => sql`SELECT to_jsonb(t) FROM ${sql(name)} t`));
      const found = await commands.keys(`{${keys.prefix}}:*`);
      // What `DUMP` answers is compressed.
      const all = ["0", "-1"];
      const reads: Record<string, readonly [command: string, ...bounds: string[]]> = {
        string: ["GET"],
        hash: ["HGETALL"],
        list: ["LRANGE", ...all],
        zset: ["ZRANGE", ...all],
        stream: ["XRANGE", "-", "+"],
      };
      const values = found.map(async (key) => {
        // One that expired since has no type, and nothing to read.
        const [command, ...bounds] = reads[await commands.type(key)] ?? ["GET"];
        return commands.call(command, key, ...bounds);
      });
      return JSON.stringify([rows, found, await Promise.all(values)]);
    },

    wipeRedis: async (): Promise<void> => {
      const found = await commands.keys(`{${keys.prefix}}:*`);
      if (found.length > 0) await commands.del(...found);
    },
  };
}
