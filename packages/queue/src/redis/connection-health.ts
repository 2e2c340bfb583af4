import type { Redis } from "ioredis";

/** How a connection to Redis is, and how it was. */
export interface ConnectionHealth {
  readonly isUp: boolean;
  /** How often it came back after it was first there. */
  readonly reconnects: number;
  /** Null before the first. `code` is the system's, such as `ECONNREFUSED`, or else the error's name. */
  readonly lastError: { readonly code: string; readonly at: Date } | null;
}

/** Keeps count of a connection from now on. */
export function watchConnection(redis: Redis): () => ConnectionHealth {
  let connects = redis.status === "ready" ? 1 : 0;
  let lastError: ConnectionHealth["lastError"] = null;
  redis.on("ready", () => {
    connects += 1;
  });
  redis.on("error", (error: NodeJS.ErrnoException) => {
    lastError = { code: error.code ?? error.name, at: new Date() };
  });
  return () => ({ isUp: redis.status === "ready", reconnects: Math.max(0, connects - 1), lastError });
}

/** Tells how long each command of a connection took from its call to its answer, in milliseconds; not of those that failed. */
export function timeCommands(redis: Redis, onAnswer: (ms: number) => void): void {
  const send = redis.sendCommand.bind(redis);
  redis.sendCommand = (command, ...rest) => {
    const calledAt = performance.now();
    command.promise.then(
      () => onAnswer(performance.now() - calledAt),
      () => undefined,
    );
    return send(command, ...rest);
  };
}

/** The server's `maxmemory-policy` if it evicts keys when its memory is full; null if it keeps them all. */
export async function evictionPolicy(redis: Redis): Promise<string | null> {
  const facts = await redis.info("memory");
  const policy = /^maxmemory_policy:(\S+)/m.exec(facts)?.[1];
  return policy === undefined || policy === "noeviction" ? null : policy;
}

/** Why Darkroom cannot work with this server, as the end of a sentence; null if it can. Rejects while Redis is down. */
export async function unsuitable(redis: Redis): Promise<string | null> {
  const facts = await redis.info("cluster");
  return /^cluster_enabled:1/m.test(facts)
    ? "is a Redis Cluster, which is not supported: all keys of Darkroom belong together on one server; name a server without cluster mode, or Sentinels"
    : null;
}

/** What a Redis server says of its memory. */
export interface RedisMemory {
  readonly usedBytes: number;
  /** Null: it has no bound of its own. */
  readonly maxBytes: number | null;
}

/** Asks for it; rejects while Redis is down. */
export async function redisMemory(redis: Redis): Promise<RedisMemory> {
  const facts = await redis.info("memory");
  const number = (name: string): number => Number(new RegExp(`^${name}:(\\d+)`, "m").exec(facts)?.[1] ?? 0);
  return { usedBytes: number("used_memory"), maxBytes: number("maxmemory") || null };
}
