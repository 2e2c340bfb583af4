import { beforeEach, describe, expect, inject, test } from "vitest";
import { entry, setupQueue } from "../testing/setup.ts";

describe("what a job costs in Redis", () => {
  let setup: Awaited<ReturnType<typeof setupQueue>>;
  beforeEach(async () => {
    setup = await setupQueue(inject("redisUrl"));
    return () => setup.close();
  });

  /** The commands on this queue's keys while `call` goes on: what was sent, and what its scripts then ran. */
  async function commandsOf(call: () => Promise<unknown>): Promise<{ sent: number; inScripts: number }> {
    const { redis, keys } = setup;
    const monitor = await redis.monitor();
    const counts = { sent: 0, inScripts: 0 };
    const last = keys.viewers("the last one");
    const isOver = new Promise<typeof counts>((resolve) => {
      monitor.on("monitor", (_time: string, args: string[], source: string) => {
        if (args.includes(last)) resolve({ ...counts });
        else if (args.some((arg) => arg.includes(`{${keys.prefix}}`)))
          counts[source === "lua" ? "inScripts" : "sent"]++;
      });
    });
    try {
      await call();
      await redis.exists(last);
      return await isOver;
    } finally {
      monitor.disconnect();
    }
  }

  const life = (jobId: string) => ({
    add: () => setup.queue.enqueue([entry(jobId)], { wake: true }),
    place: () => setup.queue.positions({ jobIds: [jobId] }),
    take: () => setup.queue.take(setup.backend),
  });

  test("is as many commands with 5,000 that wait as with none", async () => {
    const alone = life("A1");
    const costs = {
      add: await commandsOf(alone.add),
      place: await commandsOf(alone.place),
      take: await commandsOf(alone.take),
    };
    await setup.queue.enqueue(
      Array.from({ length: 5000 }, (_, nth) => entry(`${nth}`, { ownerId: `owner-${nth % 500}` })),
    );
    const beside = life("A2");
    for (const step of ["add", "place", "take"] as const) {
      const { sent, inScripts } = await commandsOf(beside[step]);
      expect(sent).toBe(1);
      expect(inScripts).toBeLessThanOrEqual(costs[step].inScripts);
    }
  });

  test("is one command for each of eight workers that take from one queue, and one more to find it empty", async () => {
    const jobs = 100;
    await setup.queue.enqueue(Array.from({ length: jobs }, (_, nth) => entry(`A${nth}`)));
    const { sent } = await commandsOf(() => Promise.all(Array.from({ length: 8 }, () => setup.takeAll())));
    expect(sent).toBe(jobs + 8);
  });
});
