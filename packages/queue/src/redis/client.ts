import { backoffMs } from "@darkroom/contracts";
import { Redis, type RedisOptions } from "ioredis";
import { type SentinelAddress, sentinelAddress } from "./redis-address.ts";

export type { Redis };

export interface RedisPolicy {
  /** `commands`: asked and answered within a second. `subscriber`: holds subscriptions, see `createSubscriber`. */
  readonly role: "commands" | "subscriber";
  /** Every connection error; ioredis repeats them while it reconnects, so log them sparingly. */
  readonly onError: (error: Error) => void;
  /** Shown in `CLIENT LIST`. */
  readonly connectionName?: string;
}

/** The longest is short: a web process without Redis is degraded for its users. ioredis counts tries from 1. */
const RECONNECT = { firstMs: 50, maxMs: 2000 };

/**
 * The one Redis client policy. A command fails at once while there is no connection and after a second when there is
 * no answer, and is **never sent twice**: ioredis resends by default, which takes or enqueues twice from one call.
 * It reconnects for ever, with jitter. The caller closes it with `disconnect()`. `url`: see `isRedisUrl`.
 */
export function createRedis(url: string, { role, onError, connectionName }: RedisPolicy): Redis {
  const policy: RedisOptions = {
    connectionName: connectionName ?? `darkroom-${role}`,
    connectTimeout: 2000,
    commandTimeout: 1000,
    // A connection that answers nothing for 3 s is half-open: drop it, so that the next one is dialled.
    socketTimeout: 3000,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    // Our own subscriber resubscribes, because it must know when that is acknowledged.
    autoResubscribe: false,
    // Settles what was in flight when the connection closed; without it those promises would wait for their timeout.
    maxRetriesPerRequest: 0,
    enableAutoPipelining: false,
    disableClientInfo: true,
    retryStrategy: (tries) => backoffMs(tries, RECONNECT),
    // After a failover the old primary is read-only: the address now leads to the new one.
    reconnectOnError: (error) => error.message.startsWith("READONLY"),
  };
  const sentinel = sentinelAddress(url);
  const redis = sentinel === null ? new Redis(url, policy) : new Redis({ ...policy, ...bySentinel(sentinel) });
  redis.on("error", onError);
  sendTogether(redis);
  return redis;
}

/**
 * What is sent in one go leaves in one write, as the entry, the event and the question of a submit, and those of all submits of a
 * batch: to write is most of what a command costs a process. ioredis' own way (`enableAutoPipelining`) is none for scripts.
 */
function sendTogether(redis: Redis): void {
  const send = redis.sendCommand.bind(redis);
  let corked: Redis["stream"] | null = null;
  redis.sendCommand = (...given) => {
    const { stream } = redis;
    if (stream !== undefined && stream !== corked) {
      corked = stream;
      stream.cork();
      // After all that answers of this moment bring about.
      process.nextTick(() => {
        if (corked === stream) corked = null;
        stream.uncork();
      });
    }
    return send(...given);
  };
}

/** Each dial asks a Sentinel who is the primary; no connection to one is kept. */
function bySentinel({ sentinels, name, database, isSecure, ...login }: SentinelAddress): RedisOptions {
  return {
    sentinels: [...sentinels],
    name,
    db: database,
    ...(login.username !== null && { username: login.username }),
    ...(login.password !== null && { password: login.password }),
    ...(login.sentinelPassword !== null && { sentinelPassword: login.sentinelPassword }),
    ...(isSecure && { enableTLSForSentinelMode: true, tls: {}, sentinelTLS: {} }),
    sentinelCommandTimeout: 1000,
    sentinelRetryStrategy: (tries) => backoffMs(tries, RECONNECT),
  };
}

/** True if Redis answered that the user or the password of our URL is wrong or missing. */
export function isLoginRefused(error: Error): boolean {
  return /^(WRONGPASS|NOAUTH|ERR invalid password)/.test(error.message);
}

/** Resolves once the client is ready; rejects after `timeoutMs`. For starts and tests; nothing needs it later. */
export function whenReady(redis: Redis, timeoutMs = 5000): Promise<void> {
  if (redis.status === "ready") return Promise.resolve();
  return new Promise((resolve, reject) => {
    const onReady = () => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(() => {
      redis.off("ready", onReady);
      reject(new Error(`Redis was not ready within ${timeoutMs} ms`));
    }, timeoutMs);
    redis.once("ready", onReady);
  });
}
