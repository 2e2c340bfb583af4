import { type TopicName, type TopicValue, topicNames, topicSchemas } from "@darkroom/contracts";
import type { HeldChannel } from "../pubsub/channels.ts";
import type { Subscriber } from "../pubsub/subscriber.ts";
import type { Redis } from "../redis/client.ts";
import type { Keys, Turn } from "../redis/keys.ts";
import { createTopicReader, type TopicMessage, type TopicReader } from "./topic-reader.ts";

export interface WatchRequest {
  /** The id of the last message that the reader has seen; without it, it begins with the next one. */
  readonly lastEventId?: string | null | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The topics for everybody in this process who watches; one per process. A topic's channel is held while it has readers. Every
 * message comes through Redis, also one of this process, so that all processes tell the same in the same order.
 */
export interface Topics {
  watch<Name extends TopicName>(topic: Name, request?: WatchRequest): TopicReader<TopicValue<Name>>;
  /** The newest message of a topic; null if none is kept. Rejects while Redis is down. */
  latest<Name extends TopicName>(topic: Name): Promise<TopicMessage<TopicValue<Name>> | null>;
  /** What is kept of a topic since then (ms since 1970), oldest first. Rejects while Redis is down. */
  since<Name extends TopicName>(topic: Name, from: number): Promise<readonly TopicValue<Name>[]>;
  /** True for the one process that does this for all now, for so long. Rejects while Redis is down. */
  takeTurn(what: Turn, instanceId: string, forMs: number): Promise<boolean>;
  /** How many readers there are. */
  readers(): number;
  /** Ends every reader. */
  close(): void;
}

/** Messages that one read of the stream takes. */
const PAGE = 256;

/** The order of a topic's ids, which are Redis' own: milliseconds and a number, `1700000000000-0`. */
export function isAfter(id: string, other: string): boolean {
  const [ms = 0, count = 0] = id.split("-").map(Number);
  const [otherMs = 0, otherCount = 0] = other.split("-").map(Number);
  return ms !== otherMs ? ms > otherMs : count > otherCount;
}

const isId = (text: string): boolean => /^\d{1,15}-\d{1,9}$/.test(text);

function parse<Name extends TopicName>(topic: Name, id: string, value: unknown): TopicMessage<TopicValue<Name>> | null {
  const parsed = topicSchemas[topic].safeParse(value);
  return parsed.success ? { id, value: parsed.data as TopicValue<Name> } : null;
}

function parseText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** One topic while it has readers. */
class WatchedTopic<Name extends TopicName> {
  readonly readers = new Set<TopicReader<TopicValue<Name>>>();
  readonly #topic: Name;
  readonly #parts: { readonly redis: Redis; readonly keys: Keys };
  readonly #held: HeldChannel;
  readonly #stopListening: () => void;
  /** The last message that was given to the readers; null until the channel is subscribed and the stream was read. */
  #last: string | null = null;
  readonly #begun = Promise.withResolvers<void>();
  #filling: Promise<void> | null = null;
  #fillAgain = false;

  constructor(topic: Name, parts: { readonly redis: Redis; readonly keys: Keys; readonly subscriber: Subscriber }) {
    this.#topic = topic;
    this.#parts = parts;
    this.#held = parts.subscriber.watchTopic(topic, (message) => this.#take(message));
    this.#stopListening = parts.subscriber.onReconnect(() => void this.#fill());
    void this.#held.acknowledged.then(() => this.#fill());
  }

  close(): void {
    this.#held.release();
    this.#stopListening();
  }

  /** Messages after `id`, at most a page, oldest first. */
  async after(id: string): Promise<TopicMessage<TopicValue<Name>>[]> {
    const { redis, keys } = this.#parts;
    const entries = await redis.xrange(keys.kept(this.#topic), `(${id}`, "+", "COUNT", PAGE);
    return entries.flatMap(([entryId, [, text = ""]]) => parse(this.#topic, entryId, parseText(text)) ?? []);
  }

  async newest(): Promise<string> {
    await this.#begun.promise;
    return this.#last ?? "0-0";
  }

  async isKept(id: string): Promise<boolean> {
    const { redis, keys } = this.#parts;
    return (await redis.xrange(keys.kept(this.#topic), id, id)).length > 0;
  }

  #take(text: string): void {
    const told = parseText(text) as { id?: unknown; prev?: unknown; value?: unknown } | null;
    if (typeof told?.id !== "string") return;
    if (this.#last !== null && !isAfter(told.id, this.#last)) return;
    const follows = told.prev === this.#last || (told.prev === "" && this.#last === "0-0");
    if (!follows || this.#filling !== null) return void this.#fill();
    this.#give(told.id, parse(this.#topic, told.id, told.value));
  }

  #give(id: string, message: TopicMessage<TopicValue<Name>> | null): void {
    this.#last = id;
    if (message !== null) for (const reader of this.readers) reader.put(message);
  }

  /** Reads what was missed from the stream, once at a time; asked for meanwhile, it reads once more. */
  async #fill(): Promise<void> {
    this.#fillAgain = true;
    this.#filling ??= (async () => {
      while (this.#fillAgain) {
        this.#fillAgain = false;
        await this.#read().catch(() => undefined);
      }
      this.#filling = null;
    })();
    await this.#filling;
  }

  async #read(): Promise<void> {
    const { redis, keys } = this.#parts;
    if (this.#last === null) {
      const [newest] = await redis.xrevrange(keys.kept(this.#topic), "+", "-", "COUNT", 1);
      this.#last = newest?.[0] ?? "0-0";
      this.#begun.resolve();
      return;
    }
    const missed = await this.after(this.#last);
    for (const message of missed) this.#give(message.id, message);
    if (missed.length === PAGE) this.#fillAgain = true;
  }
}

/** The topics behind `keys`. `redis` has the role `commands`. */
export function createTopics(parts: {
  readonly redis: Redis;
  readonly subscriber: Subscriber;
  readonly keys: Keys;
}): Topics {
  const { redis, keys } = parts;
  const watched = new Map<TopicName, WatchedTopic<TopicName>>();

  const topicOf = (name: TopicName): WatchedTopic<TopicName> => {
    const known = watched.get(name) ?? new WatchedTopic(name, parts);
    watched.set(name, known);
    return known;
  };

  return {
    watch: (name, { lastEventId, signal } = {}) => {
      const topic = topicOf(name);
      const reader = createTopicReader<TopicValue<typeof name>>({
        after: typeof lastEventId === "string" && isId(lastEventId) ? lastEventId : null,
        source: topic as unknown as WatchedTopic<typeof name>,
        signal,
        onClose: () => {
          topic.readers.delete(reader as TopicReader<TopicValue<TopicName>>);
          if (topic.readers.size > 0 || watched.get(name) !== topic) return;
          watched.delete(name);
          topic.close();
        },
      });
      topic.readers.add(reader as TopicReader<TopicValue<TopicName>>);
      reader.begin();
      return reader;
    },
    latest: async (name) => {
      const [newest] = await redis.xrevrange(keys.kept(name), "+", "-", "COUNT", 1);
      return newest === undefined ? null : parse(name, newest[0], parseText(newest[1][1] ?? ""));
    },
    since: async (name, from) => {
      const entries = await redis.xrange(keys.kept(name), `${from}-0`, "+");
      const messages = entries.map(([id, [, text = ""]]) => parse(name, id, parseText(text)));
      return messages.filter((message) => message !== null).map(({ value }) => value);
    },
    takeTurn: async (what, instanceId, forMs) =>
      (await redis.set(keys.turn(what), instanceId, "PX", forMs, "NX")) === "OK",
    readers: () => [...watched.values()].reduce((sum, { readers }) => sum + readers.size, 0),
    close: () => {
      for (const name of topicNames) for (const reader of watched.get(name)?.readers ?? []) reader.close();
    },
  };
}
