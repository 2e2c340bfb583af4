import { createHmac } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type Context, createPublishRate, readWaits, type Services } from "@darkroom/api";
import { createAuth } from "@darkroom/auth";
import { armFailpoint, newId } from "@darkroom/contracts";
import { createDatabase, readFeed, readFeedHeads, readFeedTails, readJobStates, refuseNewerSchema } from "@darkroom/db";
import {
  createEventLog,
  createJobRequests,
  createTasks,
  createTracer,
  createWaits,
  keepRunning,
  startLooking,
  startReporter,
} from "@darkroom/monitor";
import {
  connectProcess,
  createHub,
  createInstances,
  createKeys,
  createPublisher,
  createQueue,
  createSubscriber,
  createTopics,
  createViewers,
  redisMemory,
} from "@darkroom/queue";
import { createDecoders, createStorage, createThumbnails, StorageUnavailable, withReserve } from "@darkroom/storage";
import pino from "pino";
import { chooseLanguage } from "../language/choose-language.ts";
import { pageRequest } from "../page-request.ts";
import { authSecret } from "./auth-secret.ts";
import { createConnections } from "./connections/connections.ts";
import { createCredentialCheck } from "./connections/credential-check.ts";
import { createDeliveryNotes } from "./connections/delivery-notes.ts";
import { drainConnections } from "./connections/drain.ts";
import { createInFlight } from "./connections/in-flight.ts";
import { createWebInstance } from "./connections/instance.ts";
import { createSharedCounts } from "./connections/shared-counts.ts";
import { isLoopback, readEnvironment, type WebEnvironment } from "./env.ts";
import { createFailureLog } from "./http/log-failure.ts";
import { requestIdOf } from "./http/request-id.ts";
import { requestUrl } from "./http/request-url.ts";
import { addressGroup, visitorAddress } from "./http/visitor-address.ts";
import { createHttpHandler } from "./http-handler.ts";
import { missingBuild } from "./missing-build.ts";
import { mayBeCalled } from "./outgoing/public-address.ts";
import { startPushSender } from "./push/push-sender.ts";
import { seenPages } from "./push/seen-pages.ts";
import { vapidKeysOf } from "./push/vapid-keys.ts";
import { createMetrics } from "./routes/metrics.ts";
import { fileLimitsOf, limitsOf, mailOf, providerOf, retentionDaysOf, uploadLimitsOf } from "./settings.ts";
import { closeServer, leaveWithLauncher, onShutdown } from "./shutdown.ts";
import { createUploadRate } from "./uploads/upload-rate.ts";
import { startWebhookSender } from "./webhooks/sender.ts";
import { refuseUpgrade } from "./websocket/refuse-upgrade.ts";
import { createSocketServer } from "./websocket/socket-server.ts";

/**
 * Connections that may wait to be accepted. After a restart every client dials at once, and one that finds the queue full
 * tries again only after seconds.
 */
const BACKLOG = 4096;
/** Passing events of services that each process sends on to one owner in a minute: ten a second, as of a job. */
const PASSING_EVENTS_PER_MINUTE = 600;

/** How long answers under way may take once the process stops. Clients ask again elsewhere for what takes longer. */
const REQUEST_GRACE_MS = 3000;
/** A file of 95 MB on a line of half a megabit a second takes 26 minutes. */
const REQUEST_TIMEOUT_MS = 30 * 60_000;

/** How often it is looked whether an earlier secret has encrypted a second factor. */
const SECOND_FACTORS_MS = 30_000;

leaveWithLauncher();

function environment(): WebEnvironment {
  try {
    return readEnvironment();
  } catch (error) {
    console.error(`apps/web: ${error instanceof Error ? error.message : error}`);
    process.exit(1);
  }
}

const env = environment();
const dev = env.NODE_ENV === "development";
const lacksBuild =
  env.WEB_ROLE === "gateway" || dev ? null : missingBuild(fileURLToPath(new URL("../..", import.meta.url)));
if (lacksBuild !== null) {
  console.error(`apps/web: ${lacksBuild}`);
  process.exit(1);
}
// Node writes warnings to stderr: on a full disk the first of them would end a process without this listener.
process.stderr.on("error", () => undefined);
// Where a log cannot be written, as on a full disk, the process goes on without; it drops what is more than a megabyte.
const destination = pino.destination({ dest: 1, sync: true, maxLength: 1024 ** 2 }).on("error", () => undefined);
const instanceId = newId();
const base = { app: "web", host: hostname(), instance: instanceId, pid: process.pid };
const log = pino({ level: env.LOG_LEVEL, base }, destination);
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

const waits = createWaits();
const database = createDatabase(env.DATABASE_URL, { applicationName: "darkroom-web", onWait: waits.postgres });
await refuseNewerSchema(database, (reason) => {
  console.error(`apps/web: DATABASE_URL: ${reason}`);
  process.exit(1);
});
const {
  commands: redis,
  subscriber: subscriberRedis,
  health: redisHealth,
} = connectProcess(env.REDIS_URL, {
  name: "darkroom-web",
  onError: (error) => log.warn({ err: error }, "redis"),
  onAnswer: waits.redis,
  refuse: (reason) => {
    console.error(`apps/web: REDIS_URL: ${reason}`);
    process.exit(1);
  },
});
const requestOf = createJobRequests(database);
const eventLog = createEventLog(log, requestOf);
const keys = createKeys();
const queue = createQueue(redis, keys);
const publisher = createPublisher(redis, keys, { onPublished: eventLog?.published });
const subscriber = createSubscriber(subscriberRedis, keys, { onDelay: (ms) => metrics.delayed(ms) });
const hub = createHub({
  subscriber,
  readFeed: (query) => readFeed(database, query),
  readFeedHeads: (ownerIds) => readFeedHeads(database, ownerIds),
  readFeedTails: (ownerIds) => readFeedTails(database, { ownerIds, limit: 128 }),
  readJobs: (jobIds) => readJobStates(database, jobIds),
  readWaits: (ownerIds) => readWaits({ database, queue, publisher }, ownerIds),
  onBroadcast: eventLog?.broadcast,
  onError: (error) => log.warn({ err: error }, "hub"),
});
const reserveBytes = env.STORAGE_RESERVE_MB * 1024 ** 2;
const storage = withReserve(createStorage(env), reserveBytes);
await storage.check().catch((error: unknown) => {
  // A bucket that does not answer may come back. One that does not exist is a mistake in the settings: stop.
  if (error instanceof StorageUnavailable) return log.error(error.message);
  console.error(`apps/web: ${error instanceof Error ? error.message : error}`);
  process.exit(1);
});
const decoders = createDecoders();

const isHttps = env.PUBLIC_URL?.startsWith("https:") ?? false;
const addressOf = (request: IncomingMessage) => visitorAddress(request, { trustedHops: env.TRUST_PROXY });
const addressGroupOf = (request: IncomingMessage): string | undefined => {
  const address = addressOf(request);
  return address === undefined ? undefined : addressGroup(address);
};

const mail = mailOf(env);
const auth = createAuth({
  database,
  secret,
  earlierSecrets: env.AUTH_SECRET_OLD,
  publicUrls: env.allowedOrigins,
  secureCookies: isHttps,
  addressOf,
  mail: mail && { ...mail, onFailure: (error) => log.error({ err: error }, "a mail could not be sent") },
  provider: providerOf(env),
  admission: {
    guests: env.GUESTS_ENABLED,
    signUp: env.SIGN_UP_ENABLED,
    accounts: env.ACCOUNTS_ENABLED,
    gallery: env.GALLERY_ENABLED,
  },
});

/** A guest's address is kept only as a keyed hash, enough to count by. */
function addressKey(request: IncomingMessage): string | null {
  const group = addressGroupOf(request);
  return group === undefined ? null : createHmac("sha256", secret).update(group).digest("base64url").slice(0, 22);
}

const fileLimits = fileLimitsOf(env);
const tasks = createTasks();
const instances = createInstances(redis, keys);
const topics = createTopics({ redis, subscriber, keys });
const instance = createWebInstance({
  instanceId,
  hub,
  connections: () => connections,
  storage,
  redis: redisHealth,
  tasks,
});
const reporter = startReporter({ instances, publisher, told: instance.told });
// After a restart of Redis it has forgotten everybody.
redis.on("ready", () => {
  reporter.doubt();
  reporter.changed();
});
const connections = createConnections(
  { perOwner: env.SOCKETS_PER_OWNER, perAddress: env.SOCKETS_PER_ADDRESS },
  createSharedCounts(instances, instanceId, reporter),
);

const metrics = createMetrics({ instanceId, database, hub, connections, redis: redisHealth, waits });
const looked = startLooking({
  ...{ instanceId, database, instances, topics, publisher, tasks, log },
  redisMemory: () => redisMemory(redis),
});

const shared: Services = {
  database,
  queue,
  publisher,
  hub,
  monitor: {
    instanceId,
    topics,
    instances,
    own: instance.told,
    flush: reporter.flush,
    redisMemory: () => redisMemory(redis),
  },
  log,
  tracer,
  viewers: createViewers(redis, keys),
  limits: limitsOf(env),
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

const inFlight = createInFlight();
const noteDelivery = createDeliveryNotes({ requestOf, tracer, log });
/** Told what a connection was given; nothing where nobody wants to know. */
const onDelivered = (connectionId: string | undefined): Context["onDelivered"] =>
  noteDelivery && ((events) => noteDelivery(events, { connectionId }));
const logFailure = createFailureLog(log);
const credentialCheck = createCredentialCheck({ auth, log, connections: connections.all });
const sockets = createSocketServer({
  keepAlive: { pingMs: env.SOCKET_PING_SECONDS * 1000, pongWaitMs: env.SOCKET_TIMEOUT_SECONDS * 1000 },
  messagesPerSecond: env.SOCKET_MESSAGES_PER_SECOND,
  onPong: metrics.ponged,
  auth,
  connections,
  log,
  logFailure,
  addressKeyOf: addressKey,
  createContext: (request, principal, socket): Context => {
    // Read now: a context that knew its request would keep it as long as the socket is open.
    const address = addressGroupOf(request);
    return {
      ...shared,
      ...socket,
      enter: () => inFlight(principal, address),
      requestId: requestIdOf(request),
      onDelivered: onDelivered(socket.connectionId),
      principal,
      addressKey: addressKey(request),
      transport: "ws",
    };
  },
});

// Next is loaded only where pages are served: a gateway is back sooner without it.
const pages =
  env.WEB_ROLE === "gateway"
    ? null
    : await (await import("./pages.ts")).createPages({ dev, hostname: env.HOST, port: env.PORT });

const socketPath = env.WS_ENABLED ? env.WS_PATH : null;
const [origin = `http://localhost:${env.PORT}`] = env.allowedOrigins;
let isDraining = false;
const isOurUpgrade = (request: IncomingMessage): boolean =>
  env.WS_ENABLED &&
  requestUrl(request)?.pathname === env.WS_PATH &&
  request.headers.upgrade?.toLowerCase() === "websocket";
const isHotReload = (request: IncomingMessage): boolean =>
  dev && pages !== null && request.headers.upgrade?.toLowerCase() === "websocket";

const server = createServer(
  {
    keepAliveTimeout: env.KEEP_ALIVE_SECONDS * 1000,
    // For the whole request. Node's five minutes are too short for a large file on a slow line.
    requestTimeout: REQUEST_TIMEOUT_MS,
    // Any other upgrade is an ordinary request: common Java clients ask for h2c on every one of theirs.
    shouldUpgradeCallback: (request) => isOurUpgrade(request) || isHotReload(request),
  },
  createHttpHandler({
    auth,
    database,
    storage,
    reserveBytes,
    decoders,
    thumbnails: createThumbnails(storage, decoders),
    uploadsByUrl: env.UPLOADS_BY_URL,
    admitUpload: createUploadRate({
      perOwner: env.UPLOADS_PER_MINUTE,
      perAddress: env.UPLOADS_PER_MINUTE_PER_ADDRESS,
    }),
    uploadLimits: uploadLimitsOf(env),
    fileLimits,
    redis,
    publisher,
    connections,
    services: shared,
    socketPath,
    metrics: metrics.registry,
    log,
    logFailure,
    dev,
    isHttps,
    isDraining: () => isDraining,
    inFlight,
    addressGroupOf,
    addressKeyOf: addressKey,
    createContext: (request, { principal }, of) => ({
      ...{ ...shared, ...of, principal, addressKey: addressKey(request) },
      onDelivered: onDelivered(of.connectionId),
    }),
    pages:
      pages &&
      ((request, response, ask) => {
        const spoken = chooseLanguage(request.headers);
        return pageRequest.run({ ask, socketPath, origin, spoken }, () => pages.handle(request, response));
      }),
  }),
);

server.on("upgrade", (request, socket, head) => {
  if (!isOurUpgrade(request)) return void pages?.upgrade(request, socket, head);
  if (!isDraining) return void sockets.upgrade(request, socket, head);
  socket.on("error", (error) => log.debug({ err: error }, "upgrade error"));
  refuseUpgrade(request, socket, { status: 503, retryAfterSeconds: 2 });
});

server.once("error", (error: NodeJS.ErrnoException) => {
  const reason = error.code === "EADDRINUSE" ? `PORT: ${env.PORT} is already in use on ${env.HOST}` : error.message;
  console.error(`apps/web: ${reason}`);
  process.exit(1);
});
server.listen({ port: env.PORT, host: env.HOST, backlog: BACKLOG }, () => {
  log.info({ port: env.PORT, host: env.HOST }, "web is listening");
  if (env.PUBLIC_URL === undefined && !isLoopback(env.HOST))
    log.warn("PUBLIC_URL is not set: only pages opened at localhost may do anything; set it to the address people use");
});

// Where only pages are served there is nothing to tell others of.
const webhooks =
  env.WEB_ROLE === "pages"
    ? null
    : startWebhookSender({
        ...{ database, webhookKey: shared.webhookKey, privateHosts: env.WEBHOOK_PRIVATE_HOSTS, tasks, log },
        earlierWebhookKeys: env.AUTH_SECRET_OLD.map(keyFor("webhooks")),
      });

const pushes =
  env.WEB_ROLE === "pages"
    ? null
    : startPushSender({
        ...{ database, keys: vapidKeys, privateHosts: env.WEBHOOK_PRIVATE_HOSTS, tasks, log },
        earlierKeys: env.AUTH_SECRET_OLD.map(vapidKeysOf),
        // Push services want to know whom to ask about what we send.
        contact: isHttps ? (env.PUBLIC_URL ?? "") : "mailto:operator@localhost",
        seenPages: () => seenPages(instances),
      });

/** So soon after a start nobody needs the secrets before the present one to sign in with a second factor. */
const renewing =
  env.WEB_ROLE === "pages" || env.AUTH_SECRET_OLD.length === 0
    ? null
    : keepRunning({
        ...{ name: "second-factors", everyMs: SECOND_FACTORS_MS, work: auth.renewSecondFactors, tasks, log },
      });

onShutdown(async () => {
  // It keeps listening for now, because load balancers learn from `/api/ready` that they should send no more here.
  isDraining = true;
  log.info("web is draining");
  credentialCheck.stop();
  await drainConnections(connections.all());
  // A message whose answer does not come in this time is sent again by another process, under the same id.
  await Promise.all([
    closeServer(server, REQUEST_GRACE_MS),
    Promise.race([Promise.all([webhooks?.stop(), pushes?.stop(), renewing?.stop()]), sleep(REQUEST_GRACE_MS)]),
  ]);
  decoders.close();
  hub.close();
  topics.close();
  await looked.stop();
  await reporter.stop();
  await tracer.stop();
  await pages?.close();
  redis.disconnect();
  subscriberRedis.disconnect();
  await database.close();
});
