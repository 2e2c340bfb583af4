import type { OwnedEvent, OwnedTransient } from "@darkroom/contracts";
import type { Redis } from "../redis/client.ts";
import { type Keys, SHARD_COUNT } from "../redis/keys.ts";
import { decodeCancel, decodeEvent, peekOwner } from "./messages.ts";

/** Ends a registration; calling it again does nothing. */
export type Release = () => void;

export interface OwnerListener {
  durable(owned: OwnedEvent): void;
  transient(owned: OwnedTransient): void;
}

export interface OwnerWatch {
  /** Resolves when Redis has acknowledged the subscription; at once while Redis is down (`isReady` tells). */
  readonly acknowledged: Promise<void>;
  readonly release: Release;
}

/** The subscribing connection of a process, shared by its hub and its worker. */
export interface Subscriber {
  /** Listens to one owner's events. Channels are subscribed while somebody watches an owner on them. */
  watchOwner(ownerId: string, listener: OwnerListener): OwnerWatch;
  /** Something can be taken: take until empty. */
  onWake(listener: () => void): Release;
  /** A job of this worker is to be canceled. */
  onCancel(workerId: string, listener: (jobId: string) => void): Release;
  /** After each reconnect, once every channel is subscribed again: what was published meanwhile is lost. */
  onReconnect(listener: () => void): Release;
  /** True while connected with every channel subscribed. */
  isReady(): boolean;
  /** `rejected`: messages that were not ours to read. `channels`: channels subscribed now. */
  stats(): { readonly rejected: number; readonly channels: number };
  /** Stops listening. The connection stays its creator's. */
  close(): void;
}

/** Often enough that a half-open connection is noticed within 5 s (see `socketTimeout` in redis.ts). */
const PING_INTERVAL_MS = 2000;

/** The subscriber on `redis`, whose role is `subscriber` and which nobody else subscribes with. */
export function createSubscriber(redis: Redis, keys: Keys): Subscriber {
  /** Channel → how many want it. */
  const wanted = new Map<string, number>();
  const owners = new Map<string, Set<OwnerListener>>();
  const wakeListeners = new Set<() => void>();
  const cancelListeners = new Map<string, Set<(jobId: string) => void>>();
  const reconnectListeners = new Set<() => void>();
  const eventChannels = new Set(Array.from({ length: SHARD_COUNT }, (_, shard) => keys.events(shard)));
  let rejected = 0;
  let ready = false;
  // Each connection is a session; an answer that belongs to an earlier one says nothing about this one.
  let session = 0;

  const subscribe = async (channels: readonly string[]): Promise<boolean> => {
    const current = session;
    try {
      await redis.subscribe(...channels);
      return current === session;
    } catch {
      // Unanswered on a live connection: nobody knows what is subscribed now, so begin again with a new one.
      if (current === session && redis.status === "ready") redis.disconnect(true);
      return false;
    }
  };

  const onReady = async () => {
    session += 1;
    const current = session;
    if (wanted.size > 0 && !(await subscribe([...wanted.keys()]))) return;
    if (current !== session) return;
    ready = true;
    for (const listener of reconnectListeners) listener();
  };
  const onClose = () => {
    session += 1;
    ready = false;
  };

  const onMessage = (channelBytes: Buffer, message: Buffer) => {
    const channel = channelBytes.toString("utf8");
    if (eventChannels.has(channel)) onEvent(message);
    else if (channel === keys.wake()) for (const listener of wakeListeners) listener();
    else if (channel === keys.control()) {
      const request = decodeCancel(message);
      if (request === null) rejected += 1;
      else for (const listener of cancelListeners.get(request.workerId) ?? []) listener(request.jobId);
    }
  };
  const onEvent = (message: Buffer) => {
    const owner = peekOwner(message);
    if (owner !== null && !owners.has(owner)) return;
    const owned = decodeEvent(message);
    if (owned === null) {
      rejected += 1;
      return;
    }
    for (const listener of owners.get(owned.ownerId) ?? []) {
      if ("ownerSeq" in owned) listener.durable(owned);
      else listener.transient(owned);
    }
  };

  /** Subscribes to a channel for the first that wants it, and leaves it with the last. */
  const hold = (channel: string): OwnerWatch => {
    wanted.set(channel, (wanted.get(channel) ?? 0) + 1);
    // Also when others hold it: their subscription may not be acknowledged yet, and a second one is harmless.
    const acknowledged = redis.status === "ready" ? subscribe([channel]).then(() => undefined) : Promise.resolve();
    const release = () => {
      const left = (wanted.get(channel) ?? 1) - 1;
      if (left > 0) wanted.set(channel, left);
      else {
        wanted.delete(channel);
        if (redis.status === "ready") redis.unsubscribe(channel).catch(() => undefined);
      }
    };
    return { acknowledged, release: once(release) };
  };

  redis.on("ready", onReady);
  redis.on("close", onClose);
  // Not "message": ioredis would make two strings of every message, also of those we skip.
  redis.on("messageBuffer", onMessage);
  if (redis.status === "ready") void onReady();
  const pinging = setInterval(() => {
    if (redis.status === "ready") redis.ping().catch(() => undefined);
  }, PING_INTERVAL_MS);
  pinging.unref();

  return {
    watchOwner: (ownerId, listener) => {
      const forget = addTo(owners, ownerId, listener);
      const { acknowledged, release } = hold(keys.events(keys.shardOf(ownerId)));
      return {
        acknowledged,
        release: once(() => {
          forget();
          release();
        }),
      };
    },
    onWake: (listener) => {
      wakeListeners.add(listener);
      const { release } = hold(keys.wake());
      return once(() => {
        wakeListeners.delete(listener);
        release();
      });
    },
    onCancel: (workerId, listener) => {
      const forget = addTo(cancelListeners, workerId, listener);
      const { release } = hold(keys.control());
      return once(() => {
        forget();
        release();
      });
    },
    onReconnect: (listener) => {
      reconnectListeners.add(listener);
      return () => void reconnectListeners.delete(listener);
    },
    isReady: () => ready,
    stats: () => ({ rejected, channels: wanted.size }),
    close: () => {
      clearInterval(pinging);
      redis.off("ready", onReady);
      redis.off("close", onClose);
      redis.off("messageBuffer", onMessage);
      ready = false;
    },
  };
}

function once(step: () => void): Release {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    step();
  };
}

function addTo<Value>(sets: Map<string, Set<Value>>, key: string, value: Value): Release {
  const set = sets.get(key) ?? new Set<Value>();
  sets.set(key, set.add(value));
  return () => {
    set.delete(value);
    if (set.size === 0 && sets.get(key) === set) sets.delete(key);
  };
}
