import type { QueueEntry } from "@darkroom/contracts";
import { createKeys, createPublisher, createQueue, createRedis, type Redis, whenReady } from "@darkroom/queue";
import { testPrefix } from "@darkroom/queue/testing";
import { afterCommit } from "../../packages/api/src/live/notify.ts";
import { type Contender, type Contest, perSecond } from "./contest.ts";
import { connectionOf, type Row } from "./row.ts";
import { log } from "./stage.ts";

const OWNERS = 64;

/** A job told to Redis, with nothing behind it: added in its owner's turn, and workers woken. */
export const enqueue: Row = async (servers, peers, scale) => {
  const redis = createRedis(servers.redisUrl, { role: "commands", onError: (error) => console.error(error) });
  await whenReady(redis);
  const keys = createKeys(testPrefix());
  const [queue, publisher] = [createQueue(redis, keys), createPublisher(redis, keys)];
  await queue.rebuild([]);
  const bull = peers && new peers.bullmq.Queue("enqueue", { connection: connectionOf(servers) });
  await bull?.waitUntilReady();
  const floorKey = `{${keys.prefix}}:floor`;

  const ours = async (index: number): Promise<void> => {
    const ids = { jobId: `job-${index}`, ownerId: `owner-${index % OWNERS}` };
    const entries: QueueEntry[] = [{ ...ids, priority: "normal", capabilityKey: "able", modelKey: null }];
    await afterCommit({ queue, publisher, log }, { entries, events: [] });
  };
  const byHand = async (index: number): Promise<void> =>
    void (await Promise.all([redis.rpush(floorKey, `job-${index}`), redis.publish(keys.wake(), "")]));

  const contest = (unit: Contest["unit"], width: number, count: number): Contest => {
    const playing = (name: string, add: (index: number) => Promise<unknown>, waiting: () => Promise<number>) => ({
      name,
      play: async (): Promise<number> => {
        await queue.clear();
        await redis.del(floorKey);
        const [before, begun] = [await waiting(), await commandsOf(redis)];
        const figure = await perSecond(count, width, add);
        const commands = (await commandsOf(redis)) - begun;
        if ((await waiting()) - before !== count) throw new Error("a job is missing or twice in the queue");
        return unit === "per second" ? figure : commands / count;
      },
    });
    const contenders: Contender[] = [
      playing("ours", ours, () => queue.depth()),
      playing("a floor written by hand", byHand, () => redis.llen(floorKey)),
    ];
    if (bull !== null)
      contenders.push(
        playing(
          "BullMQ",
          (id) => bull.add("job", { id }),
          () => bull.count(),
        ),
      );
    const what = unit === "per second" ? `${width} in flight` : "what Redis runs";
    return { name: `enqueue, ${what}`, unit, contenders };
  };
  return {
    contests: [
      contest("per second", 1, 3000 * scale),
      contest("per second", 64, 20_000 * scale),
      contest("commands a job", 64, 2000 * scale),
    ],
    close: async () => {
      await bull?.close();
      const found = await redis.keys(`{${keys.prefix}}:*`);
      if (found.length > 0) await redis.del(...found);
      redis.disconnect();
    },
  };
};

/** Every command that the server ran since its start, those of scripts among them. */
async function commandsOf(redis: Redis): Promise<number> {
  const stats = await redis.info("commandstats");
  return [...stats.matchAll(/calls=(\d+)/g)].reduce((sum, [, calls]) => sum + Number(calls), 0);
}
