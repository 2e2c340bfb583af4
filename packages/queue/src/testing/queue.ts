import type { JobPriority } from "@darkroom/contracts";
import { createRedis, whenReady } from "../redis/client.ts";
import { createKeys } from "../redis/keys.ts";
import { createQueue, type QueueEntry } from "../turns/queue.ts";
import { testPrefix } from "./prefix.ts";

/** `A1` is job `A1` of owner `A`; it can run anywhere and loads no model unless said otherwise. */
export function entry(jobId: string, facts: Partial<QueueEntry> & { priority?: JobPriority } = {}): QueueEntry {
  return { jobId, ownerId: jobId.slice(0, 1), priority: "normal", capabilityKey: "any", modelKey: null, ...facts };
}

/** A queue on a prefix of its own, with an epoch. `close` removes its keys. */
export async function setupQueue(redisUrl: string) {
  const redis = createRedis(redisUrl, { role: "commands", onError: () => undefined });
  await whenReady(redis);
  const keys = createKeys(testPrefix());
  const queue = createQueue(redis, keys);
  await queue.rebuild([]);
  await queue.decide({ catalogHash: "catalog", capabilityKey: "any", able: true });
  const backend = { backendId: "backend-1", catalogHash: "catalog", warmModelKey: null };

  const wipe = async () => {
    const found = await redis.keys(`{${keys.prefix}}:*`);
    if (found.length > 0) await redis.del(...found);
  };
  return {
    redis,
    keys,
    queue,
    backend,
    wipe,
    /** Job ids in the order a backend gets them, until the queue has no more for it. */
    takeAll: async (request: Partial<Parameters<typeof queue.take>[0]> = {}) => {
      const order: string[] = [];
      for (;;) {
        const answer = await queue.take({ ...backend, ...request });
        if (answer.type !== "job") return order;
        order.push(answer.entry.jobId);
      }
    },
    close: async () => {
      await wipe();
      redis.disconnect();
    },
  };
}
