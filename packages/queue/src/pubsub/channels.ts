import type { Redis } from "../redis/client.ts";

/** Ends a registration; calling it again does nothing. */
export type Release = () => void;

export interface HeldChannel {
  /** Resolves when Redis has acknowledged the subscription; at once while Redis is down (`isLive` tells). */
  readonly acknowledged: Promise<void>;
  readonly release: Release;
}

/** The channels that a connection is subscribed to, across its reconnects. */
export interface Channels {
  /** Subscribes to a channel for the first that wants it, and leaves it with the last. */
  hold(channel: string): HeldChannel;
  /** True while connected with every channel subscribed. */
  isLive(): boolean;
  /** How many channels are wanted now. */
  count(): number;
  /** Stops listening. The connection stays its creator's. */
  close(): void;
}

interface ChannelListeners {
  /** Every message on every channel. */
  readonly onMessage: (channel: Buffer, message: Buffer) => void;
  /** After each connect, once every wanted channel is subscribed. */
  readonly onLive: () => void;
}

/** Often enough that a half-open connection is noticed within 5 s (see `socketTimeout` in redis/client.ts). */
const PING_INTERVAL_MS = 2000;

/** The channels of `redis`, whose role is `subscriber` and which nobody else subscribes with. */
export function createChannels(redis: Redis, { onMessage, onLive }: ChannelListeners): Channels {
  /** Channel → how many want it. */
  const wanted = new Map<string, number>();
  let live = false;
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
    live = true;
    onLive();
  };
  const onClose = () => {
    session += 1;
    live = false;
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
    hold: (channel) => {
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
    },
    isLive: () => live,
    count: () => wanted.size,
    close: () => {
      clearInterval(pinging);
      redis.off("ready", onReady);
      redis.off("close", onClose);
      redis.off("messageBuffer", onMessage);
      live = false;
    },
  };
}

export function once(step: () => void): Release {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    step();
  };
}
