import { armFailpoint, newId } from "@darkroom/contracts";
import { createDatabase, hasPendingMigrations, refuseUnusable } from "@darkroom/db";
import {
  createEventLog,
  createJobRequests,
  createProcessLog,
  createProcessReport,
  createTasks,
  createTracer,
  createWaits,
  startLooking,
  startReporter,
} from "@darkroom/monitor";
import {
  connectProcess,
  createInstances,
  createKeys,
  createPublisher,
  createQueue,
  createSubscriber,
  createTopics,
  evictionPolicy,
  redisMemory,
  type ToldInstance,
} from "@darkroom/queue";
import { createStorage, createStorageState, isStorageOutage } from "@darkroom/storage";
import { readEnv } from "./env.ts";
import { type Readiness, startHealthServer } from "./health/health.ts";
import { startPreviewRetention } from "./preview-retention.ts";
import { defaultSettings } from "./settings.ts";
import { createWorker } from "./worker.ts";

/** Running jobs may end within this long after a SIGTERM; with the rest of the shutdown it stays below 30 s. */
const GRACE_MS = 20_000;
const EXIT_AFTER_MS = 28_000;

/** Ends the process; until there is something to put down, on the spot. */
let leave = (_reason: string): void => process.exit(0);
// Started by the launcher, which nobody else would stop it for: it may be gone before this process has begun to work.
process.on("disconnect", () => leave("the launcher is gone"));
if (process.connected === false) process.exit(0);

const env = readEnv();
const workerId = newId();
const log = createProcessLog({ app: "worker", level: env.LOG_LEVEL, instance: workerId });
const tracer = await createTracer({
  ...{ endpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT, service: "darkroom-worker", instanceId: workerId, log },
});
if (env.DARKROOM_FAILPOINT !== undefined) {
  armFailpoint(env.DARKROOM_FAILPOINT, {
    crash: () => process.kill(process.pid, "SIGKILL"),
    onHit: (point) => log.warn({ failpoint: point }, "failpoint"),
  });
}

const storage = createStorage(env);
await storage.check().catch((error: unknown) => {
  // A bucket or disk that takes nothing may come back; one that is not there will not.
  if (isStorageOutage(error)) return log.error((error as Error).message);
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exit(1);
});

const storageState = createStorageState(storage, { reserveBytes: env.STORAGE_RESERVE_MB * 1024 ** 2 });
const storageReasons = { ok: [], full: ["the storage is full"], away: ["the storage takes no files"] } as const;

const waits = createWaits();
const database = createDatabase(env.DATABASE_URL, {
  max: 10,
  applicationName: "darkroom-worker",
  onWait: waits.postgres,
});
await refuseUnusable(database, (reason) => {
  process.stderr.write(`DATABASE_URL: ${reason}\n`);
  process.exit(1);
});
const {
  commands,
  subscriber: subscription,
  health: redisHealth,
} = connectProcess(env.REDIS_URL, {
  name: "darkroom-worker",
  onError: (error) => log.debug({ err: error }, "redis connection error"),
  onAnswer: waits.redis,
  refuse: (reason) => {
    process.stderr.write(`REDIS_URL: ${reason}\n`);
    process.exit(1);
  },
});
commands.on("ready", () => {
  const warn = (policy: string | null): void => {
    if (policy !== null) log.warn({ policy }, "redis may evict keys of the queue; set maxmemory-policy noeviction");
  };
  evictionPolicy(commands).then(warn, () => undefined);
});
const keys = createKeys();
const publisher = createPublisher(commands, keys, {
  progressSeconds: env.LIVE_STATE_SECONDS,
  onPublished: createEventLog(log, createJobRequests(database))?.published,
});
const subscriber = createSubscriber(subscription, keys);

const tasks = createTasks();
const worker = createWorker({
  database,
  queue: createQueue(commands, keys),
  publisher,
  subscriber,
  storage,
  backendUrls: env.COMFYUI_URLS,
  backendAccess: env.comfyuiAccess,
  settings: {
    ...defaultSettings,
    concurrency: env.BACKEND_CONCURRENCY,
    leaseSeconds: env.LEASE_SECONDS,
    jobTimeoutSeconds: env.JOB_TIMEOUT_SECONDS,
    historyDays: env.HISTORY_DAYS,
    minFreeBytes: env.STORAGE_RESERVE_MB * 1024 ** 2,
  },
  tasks,
  redisHealth,
  waits,
  workerId,
  tracer,
  log,
});

const processReport = createProcessReport({
  ...{ instanceId: worker.workerId, kind: "worker", redis: redisHealth },
  freeBytes: storage.freeBytes,
});
async function told(): Promise<ToldInstance> {
  const report = { ...(await processReport()), ...worker.facts(), web: null };
  return { report, connections: [], counts: { owners: new Map(), addresses: new Map() } };
}

async function readiness(): Promise<Readiness> {
  const reasons: string[] = [];
  if (worker.isStopping) reasons.push("draining");
  const isPending = await hasPendingMigrations(database).catch(() => null);
  if (isPending === null) reasons.push("postgres does not answer");
  if (isPending === true) reasons.push("migrations are pending");
  const down = [...worker.backends()].filter(([, isUp]) => !isUp).map(([id]) => `backend ${id} is down`);
  const stored = storageReasons[await storageState()];
  const degraded = [...(subscriber.isReady() ? [] : ["redis does not answer"]), ...stored, ...down];
  return { ready: reasons.length === 0, reasons, degraded };
}

const health = await startHealthServer({
  ...{ port: env.WORKER_PORT, host: env.WORKER_HOST, token: env.WORKER_TOKEN },
  readiness,
  metrics: worker.metrics,
});
worker.start();
const previews = startPreviewRetention({ database, publisher, tasks, log });
const instances = createInstances(commands, keys);
const topics = createTopics({ redis: commands, subscriber, keys });
const reporter = startReporter({ instances, publisher, told });
const looked = startLooking({
  ...{ instanceId: worker.workerId, database, instances, topics, publisher, tasks, log },
  redisMemory: () => redisMemory(commands),
});
// After a restart of Redis it has forgotten everybody.
commands.on("ready", () => {
  reporter.doubt();
  reporter.changed();
});
log.info({ workerId: worker.workerId, port: health.port, backends: [...worker.backends().keys()] }, "worker started");

let isStopping = false;
async function stop(reason: string): Promise<void> {
  if (isStopping) return;
  isStopping = true;
  log.info({ reason }, "worker stops");
  // A connection that hangs must not keep the process: what is not written by now is found by its lease.
  setTimeout(() => process.exit(0), EXIT_AFTER_MS).unref();
  await worker.stop(GRACE_MS);
  await previews.stop();
  await looked.stop();
  await reporter.stop();
  await tracer.stop();
  subscriber.close();
  subscription.disconnect();
  commands.disconnect();
  await Promise.all([health.close(), database.close()]);
  log.info("worker stopped");
  process.exit(0);
}

leave = (reason) => {
  stop(reason).catch((error: unknown) => {
    log.error({ err: error }, "the shutdown failed");
    process.exit(1);
  });
};
process.on("SIGTERM", () => leave("SIGTERM"));
process.on("SIGINT", () => leave("SIGINT"));
