import { type OwnedEvent, type OwnedTransient, type TopicName, topicNames } from "@darkroom/contracts";
import type { Redis } from "../redis/client.ts";
import { type Keys, SHARD_COUNT } from "../redis/keys.ts";
import { createChannels, type HeldChannel, once, type Release } from "./channels.ts";
import { decodeCancel, decodeEvent, peekOwner } from "./messages.ts";

export interface OwnerListener {
  durable(owned: OwnedEvent): void;
  transient(owned: OwnedTransient): void;
}

/** The subscribing connection of a process, shared by its hub and its worker. */
export interface Subscriber {
  /** Listens to one owner's events. Channels are subscribed while somebody watches an owner on them. */
  watchOwner(ownerId: string, listener: OwnerListener): HeldChannel;
  /** Something can be taken: take until empty. */
  onWake(listener: () => void): Release;
  /** A job of this worker is to be canceled. */
  onCancel(workerId: string, listener: (jobId: string) => void): Release;
  /** Listens to a topic's messages, as they are. Its channel is subscribed while somebody listens. */
  watchTopic(topic: TopicName, listener: (message: string) => void): HeldChannel;
  /** After each reconnect, once every channel is subscribed again: what was published meanwhile is lost. */
  onReconnect(listener: () => void): Release;
  /** True while connected with every channel subscribed. */
  isReady(): boolean;
  /** `rejected`: messages that were not ours to read. `channels`: channels subscribed now. */
  stats(): { readonly rejected: number; readonly channels: number };
  /** Stops listening. The connection stays its creator's. */
  close(): void;
}

/** The subscriber on `redis`, whose role is `subscriber` and which nobody else subscribes with. */
export function createSubscriber(
  redis: Redis,
  keys: Keys,
  {
    onDelay,
  }: {
    /** How long a durable event took from its transaction to here, in milliseconds. */ readonly onDelay?: (
      ms: number,
    ) => void;
  } = {},
): Subscriber {
  const owners = new Map<string, Set<OwnerListener>>();
  const wakeListeners = new Set<() => void>();
  const cancelListeners = new Map<string, Set<(jobId: string) => void>>();
  const topicListeners = new Map<string, Set<(message: string) => void>>();
  const topicChannels = new Set(topicNames.map((topic) => keys.topic(topic)));
  const reconnectListeners = new Set<() => void>();
  const eventChannels = new Set(Array.from({ length: SHARD_COUNT }, (_, shard) => keys.events(shard)));
  let rejected = 0;

  const onMessage = (channelBytes: Buffer, message: Buffer) => {
    const channel = channelBytes.toString("utf8");
    if (eventChannels.has(channel)) onEvent(message);
    else if (topicChannels.has(channel)) {
      for (const listener of topicListeners.get(channel) ?? []) listener(message.toString("utf8"));
    } else if (channel === keys.wake()) for (const listener of wakeListeners) listener();
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
    if (onDelay !== undefined && "ownerSeq" in owned) onDelay(Math.max(0, Date.now() - Date.parse(owned.event.at)));
    for (const listener of owners.get(owned.ownerId) ?? []) {
      if ("ownerSeq" in owned) listener.durable(owned);
      else listener.transient(owned);
    }
  };

  const channels = createChannels(redis, {
    onMessage,
    onLive: () => {
      for (const listener of reconnectListeners) listener();
    },
  });

  return {
    watchOwner: (ownerId, listener) => {
      const forget = addTo(owners, ownerId, listener);
      return withForget(channels.hold(keys.events(keys.shardOf(ownerId))), forget);
    },
    onWake: (listener) => {
      wakeListeners.add(listener);
      const { release } = channels.hold(keys.wake());
      return once(() => {
        wakeListeners.delete(listener);
        release();
      });
    },
    onCancel: (workerId, listener) => {
      const forget = addTo(cancelListeners, workerId, listener);
      const { release } = channels.hold(keys.control());
      return once(() => {
        forget();
        release();
      });
    },
    watchTopic: (topic, listener) => {
      const channel = keys.topic(topic);
      const forget = addTo(topicListeners, channel, listener);
      return withForget(channels.hold(channel), forget);
    },
    onReconnect: (listener) => {
      reconnectListeners.add(listener);
      return () => void reconnectListeners.delete(listener);
    },
    isReady: channels.isLive,
    stats: () => ({ rejected, channels: channels.count() }),
    close: channels.close,
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

/** A held channel whose release also forgets its listener. */
function withForget({ acknowledged, release }: HeldChannel, forget: Release): HeldChannel {
  return {
    acknowledged,
    release: once(() => {
      forget();
      release();
    }),
  };
}
