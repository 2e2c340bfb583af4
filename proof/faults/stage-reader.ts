import { type DurableEvent, isCustom, type TransientEvent } from "@darkroom/contracts";
import { type Database, feedReads } from "@darkroom/db";
import { createHub, createRedis, createSubscriber, whenReady } from "@darkroom/queue";
import type { Lane } from "./lane.ts";

/** What the watching hub delivered to its one reader, in the order of arrival. */
export interface Seen {
  readonly durable: readonly DurableEvent[];
  readonly transient: readonly TransientEvent[];
}

/** Watches one owner's feed through a hub of its own, as a gateway does for a browser. */
export interface StageReader {
  readonly seen: Seen;
  /** Whether it saw an event of one of these types of the job. */
  has(jobId: string, ...types: DurableEvent["type"][]): boolean;
  hasEnded(jobId: string): boolean;
  /** Resolves with true as soon as `isSo`, asked after each delivery, is true; with false when `ms` of patience are over. */
  until(isSo: () => boolean, ms: number): Promise<boolean>;
  close(): Promise<void>;
}

export async function createStageReader(lane: Lane, database: Database, ownerId: string): Promise<StageReader> {
  const subscription = createRedis(lane.redisUrl, { role: "subscriber", onError: () => undefined });
  await whenReady(subscription);
  const subscriber = createSubscriber(subscription, lane.keys);
  const hub = createHub({
    subscriber,
    ...feedReads(database),
  });
  const durable: DurableEvent[] = [];
  const transient: TransientEvent[] = [];
  const types = new Map<string, Set<DurableEvent["type"]>>();
  const listeners = new Set<() => void>();
  const reading = (async () => {
    for await (const { events } of hub.attach({ ownerIds: [ownerId], cursor: { [ownerId]: 0 } })) {
      for (const event of events) {
        if (event.type === "job.progressed" || event.type === "job.previewed" || event.type === "job.positioned")
          transient.push(event);
        else if (!isCustom(event)) {
          durable.push(event);
          if ("jobId" in event) types.set(event.jobId, (types.get(event.jobId) ?? new Set()).add(event.type));
        }
      }
      for (const listener of listeners) listener();
    }
  })();

  const has: StageReader["has"] = (jobId, ...wanted) => wanted.some((type) => types.get(jobId)?.has(type) === true);
  return {
    seen: { durable, transient },
    has,
    hasEnded: (jobId) => has(jobId, ...ends),
    until: (isSo, ms) =>
      new Promise((resolve) => {
        const over = new AbortController();
        const finish = (answer: boolean): void => {
          over.abort();
          listeners.delete(look);
          resolve(answer);
        };
        const look = (): void => {
          if (isSo()) finish(true);
        };
        listeners.add(look);
        void lane.patience.after(ms, over.signal).then(
          () => finish(false),
          () => undefined,
        );
        look();
      }),
    async close() {
      hub.close();
      await reading;
      subscriber.close();
      subscription.disconnect();
    },
  };
}

const ends = ["job.succeeded", "job.failed", "job.canceled"] as const satisfies DurableEvent["type"][];

/** True for the event after which a job has none. */
export const endOf = (event: DurableEvent): boolean => ends.some((type) => type === event.type);
