import { createHmac } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createPublishRate, readWaits, type Services } from "@darkroom/api";
import { createAuth } from "@darkroom/auth";
import { armFailpoint, newId } from "@darkroom/contracts";
import { createDatabase, feedReads, refuseUnusable } from "@darkroom/db";
import {
  createEventLog,
  createJobRequests,
  createProcessLog,
  createTracer,
  createWaits,
  keepRunning,
} from "@darkroom/monitor";
import {
  connectProcess,
  createHub,
  createKeys,
  createPublisher,
  createQueue,
  createSubscriber,
  createViewers,
} from "@darkroom/queue";
import {
  createDecoders,
  createStorage,
  createStorageState,
  createThumbnails,
  isStorageOutage,
  withReserve,
} from "@darkroom/storage";
import { authSecret } from "./auth-secret.ts";
import { createDeliveryNotes } from "./connections/delivery-notes.ts";
import { createInFlight } from "./connections/in-flight.ts";
import { isLoopback, readEnvironment, type WebEnvironment } from "./env.ts";
import { createAddresses } from "./http/addresses.ts";
import { createFailureLog } from "./http/log-failure.ts";
import { missingBuild } from "./missing-build.ts";
import { startMonitoring } from "./monitoring.ts";
import { mayBeCalled } from "./outgoing/public-address.ts";
import { startPushSender } from "./push/push-sender.ts";
import { seenPages } from "./push/seen-pages.ts";
import { vapidKeysOf } from "./push/vapid-keys.ts";
import { fileLimitsOf, limitsOf, mailOf, providerOf, retentionDaysOf, uploadLimitsOf } from "./settings.ts";
import { leaveWithLauncher, onShutdown } from "./shutdown.ts";
import { createUploadRate } from "./uploads/upload-rate.ts";
import { warmUp } from "./warm-up.ts";
import { createWebServer } from "./web-server.ts";
import { startWebhookSender } from "./webhooks/sender.ts";

/** Passing events of services that each process sends on to one owner in a minute: ten a second, as of a job. */
const PASSING_EVENTS_PER_MINUTE = 600;
/** How long answers and messages under way may take once the process stops. Others ask again elsewhere for what takes longer. */
const GRACE_MS = 3000;
/** Whoever waits for an answer is told in time that there is none, as when Postgres is silent. */
const STORAGE_PATIENCE_MS = 5000;
/** How often it is looked whether an earlier secret has encrypted a second factor. */
const SECOND_FACTORS_MS = 30_000;

leaveWithLauncher();

/** Ends a process that cannot begin, with the reason for whoever started it. */
function refuse(reason: unknown): never {
  console.error(`apps/web: ${reason instanceof Error ? reason.message : reason}`);
  process.exit(1);
}

/** Why it cannot listen, with the setting that decides it. */
function listenProblem({ code, message }: NodeJS.ErrnoException): string {
  if (code === "EADDRINUSE") return `PORT: ${env.PORT} is already in use on ${env.HOST}`;
  return code === "EACCES"
    ? `PORT: ${env.PORT} may not be used (${message})`
    : `HOST: nobody can listen there (${message})`;
}

function environment(): WebEnvironment {
  try {
    return readEnvironment();
  } catch (error) {
    return refuse(error);
  }
}

// What this process is to be, and where it tells what happens to it.

const env = environment();
const dev = env.NODE_ENV === "development";
const servesPages = env.WEB_ROLE !== "gateway";
const lacksBuild = servesPages && !dev ? missingBuild(fileURLToPath(new URL("../..", import.meta.url))) : null;
if (lacksBuild !== null) refuse(lacksBuild);
const instanceId = newId();
const log = createProcessLog({ app: "web", level: env.LOG_LEVEL, instance: instanceId });
const tracer = await createTracer({
  ...{ endpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT, service: "darkroom-web", instanceId, log },
});
if (env.DARKROOM_FAILPOINT !== undefined) {
  armFailpoint(env.DARKROOM_FAILPOINT, {
    crash: () => process.kill(process.pid, "SIGKILL"),
    onHit: (point) => log.warn({ failpoint: point }, "failpoint"),
  });
}
const secret = await authSecret(env.AUTH_SECRET, env.DATA_DIR);
const keyFor = (use: string) => (of: string) => createHmac("sha256", of).update(use).digest("base64url");
const vapidKeys = vapidKeysOf(secret);

// Postgres, Redis and the storage.

const waits = createWaits();
const database = createDatabase(env.DATABASE_URL, { applicationName: "darkroom-web", onWait: waits.postgres });
await refuseUnusable(database, (reason) => refuse(`DATABASE_URL: ${reason}`));
const warmed = warmUp(database);
const {
  commands: redis,
  subscriber: subscriberRedis,
  health: redisHealth,
} = connectProcess(env.REDIS_URL, {
  name: "darkroom-web",
  onError: (error) => log.warn({ err: error }, "redis"),
  onAnswer: waits.redis,
  refuse: (reason) => refuse(`REDIS_URL: ${reason}`),
});
const requestOf = createJobRequests(database);
const eventLog = createEventLog(log, requestOf);
const keys = createKeys();
const queue = createQueue(redis, keys);
const publisher = createPublisher(redis, keys, { onPublished: eventLog?.published });
const subscriber = createSubscriber(subscriberRedis, keys, { onDelay: (ms) => metrics.delayed(ms) });
const hub = createHub({
  subscriber,
  ...feedReads(database),
  readWaits: (ownerIds) => readWaits({ database, queue, publisher }, ownerIds),
  onBroadcast: eventLog?.broadcast,
  onError: (error) => log.warn({ err: error }, "hub"),
});
const reserveBytes = env.STORAGE_RESERVE_MB * 1024 ** 2;
const storage = withReserve(createStorage(env, { patienceMs: STORAGE_PATIENCE_MS }), reserveBytes);
await storage.check().catch((error: unknown) => {
  // A bucket or disk that takes nothing may come back. One that does not exist is a mistake in the settings: stop.
  if (isStorageOutage(error)) return log.error((error as Error).message);
  return refuse(error);
});
const storageState = createStorageState(storage, { reserveBytes });
const decoders = createDecoders();

// Who asks, and what this process tells the others.

const isHttps = env.PUBLIC_URL?.startsWith("https:") ?? false;
const addresses = createAddresses({ trustedHops: env.TRUST_PROXY, secret });
const mail = mailOf(env);
const auth = createAuth({
  database,
  secret,
  earlierSecrets: env.AUTH_SECRET_OLD,
  publicUrls: env.allowedOrigins,
  secureCookies: isHttps,
  addressOf: addresses.addressOf,
  mail: mail && { ...mail, onFailure: (error) => log.error({ err: error }, "a mail could not be sent") },
  provider: providerOf(env),
  admission: {
    guests: env.GUESTS_ENABLED,
    signUp: env.SIGN_UP_ENABLED,
    accounts: env.ACCOUNTS_ENABLED,
    gallery: env.GALLERY_ENABLED,
  },
});
const monitoring = startMonitoring({
  ...{ instanceId, database, redis, redisHealth, subscriber, keys, publisher, hub, storage, waits, log },
  limits: { perOwner: env.SOCKETS_PER_OWNER, perAddress: env.SOCKETS_PER_ADDRESS },
});
const { monitor, tasks, connections, metrics } = monitoring;

// What answers: procedures, pages, and the server before them.

const fileLimits = fileLimitsOf(env);
const services: Services = {
  ...{ database, queue, publisher, hub, monitor, log, tracer },
  viewers: createViewers(redis, keys),
  limitsOf: limitsOf(env),
  fileLimits,
  retentionDays: retentionDaysOf(env),
  admission: auth.admission,
  signInWays: auth.signInWays,
  admitEvent: createPublishRate(PASSING_EVENTS_PER_MINUTE),
  pushKey: vapidKeys.publicKey,
  shareKey: keyFor("shares")(secret),
  earlierShareKeys: env.AUTH_SECRET_OLD.map(keyFor("shares")),
  mayBeCalled: (address) => mayBeCalled(address, env.WEBHOOK_PRIVATE_HOSTS),
  webhookKey: keyFor("webhooks")(secret),
};
const socketPath = env.WS_ENABLED ? env.WS_PATH : null;
const [origin = `http://localhost:${env.PORT}`] = env.allowedOrigins;
// Next is loaded only where pages are served: a gateway is back sooner without it.
const pages = servesPages
  ? await (await import("./pages.ts")).createPages({ dev, hostname: env.HOST, port: env.PORT, socketPath, origin })
  : null;
const server = createWebServer({
  ...{ env, auth, database, storage, storageState, decoders, fileLimits, redis, publisher, connections, services },
  ...{ ...addresses, socketPath, dev, isHttps, log },
  logFailure: createFailureLog(log),
  thumbnails: createThumbnails(storage, decoders),
  uploadsByUrl: env.UPLOADS_BY_URL,
  admitUpload: createUploadRate({
    perOwner: env.UPLOADS_PER_MINUTE,
    perAddress: env.UPLOADS_PER_MINUTE_PER_ADDRESS,
  }),
  uploadLimits: uploadLimitsOf(env),
  inFlight: createInFlight(),
  noteDelivery: createDeliveryNotes({ requestOf, tracer, log }),
  metrics: metrics.registry,
  onPong: metrics.ponged,
  pages: pages?.handle ?? null,
  hotReload: dev && pages !== null ? pages.upgrade : null,
});
await warmed;
server.listen({
  onError: (error) => refuse(listenProblem(error)),
  onListening: () => {
    log.info({ port: env.PORT, address: env.HOST }, "web is listening");
    if (env.PUBLIC_URL === undefined && !isLoopback(env.HOST))
      log.warn(
        "PUBLIC_URL is not set: only pages opened at localhost may do anything; set it to the address people use",
      );
  },
});

// What is told to others. Where only pages are served there is nothing to tell.

const sending = { database, privateHosts: env.WEBHOOK_PRIVATE_HOSTS, tasks, log };
const senders =
  env.WEB_ROLE === "pages"
    ? []
    : [
        startWebhookSender({
          ...sending,
          webhookKey: services.webhookKey,
          earlierWebhookKeys: env.AUTH_SECRET_OLD.map(keyFor("webhooks")),
        }),
        startPushSender({
          ...sending,
          keys: vapidKeys,
          earlierKeys: env.AUTH_SECRET_OLD.map(vapidKeysOf),
          // Push services want to know whom to ask about what we send.
          contact: isHttps ? (env.PUBLIC_URL ?? "") : "mailto:operator@localhost",
          seenPages: () => seenPages(monitoring.instances),
        }),
      ];

// Encrypts second factors with the present secret, so that earlier ones can be taken out of the settings.
const renewing =
  env.WEB_ROLE === "pages" || env.AUTH_SECRET_OLD.length === 0
    ? []
    : [
        keepRunning({
          ...{ name: "second-factors", everyMs: SECOND_FACTORS_MS, work: auth.renewSecondFactors, tasks, log },
        }),
      ];

onShutdown(async () => {
  log.info("web is draining");
  await server.drain();
  // A message whose answer does not come in this time is sent again by another process, under the same id.
  await Promise.all([
    server.close(GRACE_MS),
    Promise.race([Promise.all([...senders, ...renewing].map((each) => each.stop())), sleep(GRACE_MS)]),
  ]);
  decoders.close();
  hub.close();
  await monitoring.stop();
  await tracer.stop();
  await pages?.close();
  redis.disconnect();
  subscriberRedis.disconnect();
  await database.close();
});
