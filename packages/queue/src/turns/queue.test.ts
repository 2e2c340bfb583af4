import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import { entry, setupQueue } from "../testing/setup.ts";

describe("queue", () => {
  let setup: Awaited<ReturnType<typeof setupQueue>>;
  beforeEach(async () => {
    setup = await setupQueue(inject("redisUrl"));
  });
  afterEach(() => setup.close());

  const enqueue = (...jobIds: string[]) => setup.queue.enqueue(jobIds.map((jobId) => entry(jobId)));

  test("owners take turns, whoever came first", async () => {
    await enqueue("A1", "A2", "A3", "B1", "C1", "C2");
    expect(await setup.takeAll()).toEqual(["A1", "B1", "C1", "A2", "C2", "A3"]);
  });

  test("an owner that comes later waits for at most one job of each other owner", async () => {
    await enqueue("A1", "A2", "A3", "A4");
    expect(await setup.queue.take(setup.backend)).toMatchObject({ entry: { jobId: "A1" } });
    await enqueue("B1");
    expect(await setup.takeAll()).toEqual(["A2", "B1", "A3", "A4"]);
  });

  test("a taken job comes back as it went in", async () => {
    const waiting = entry("A1", { priority: "high", modelKey: "odd|name.safetensors" });
    await setup.queue.enqueue([waiting]);
    expect(await setup.queue.take(setup.backend)).toEqual({ type: "job", entry: waiting });
    expect(await setup.queue.take(setup.backend)).toEqual({ type: "empty" });
  });

  test("priority orders an owner's own lane and nobody else's", async () => {
    await setup.queue.enqueue([
      entry("A1", { priority: "low" }),
      entry("A2"),
      entry("B1", { priority: "low" }),
      entry("A3", { priority: "high" }),
    ]);
    expect(await setup.takeAll()).toEqual(["A3", "B1", "A2", "A1"]);
  });

  test("a job that waits is not enqueued twice, wherever it is put", async () => {
    await enqueue("A1", "A2", "A1");
    await setup.queue.enqueue([entry("A2", { priority: "high" })], { at: "head" });
    expect(await setup.queue.depth()).toBe(2);
    expect(await setup.takeAll()).toEqual(["A1", "A2"]);
  });

  test("at the head the entry given last is next of its owner", async () => {
    await enqueue("A3", "B1");
    await setup.queue.enqueue([entry("A2"), entry("A1")], { at: "head" });
    expect(await setup.takeAll()).toEqual(["A1", "B1", "A2", "A3"]);
  });

  test("the order is that in which everything will be taken", async () => {
    await enqueue("A1", "A2", "A3", "B1", "C1", "C2");
    await setup.queue.enqueue([entry("C3", { priority: "high" })]);
    const order = await setup.queue.order();
    expect(order).toEqual(["A1", "B1", "C3", "A2", "C1", "A3", "C2"]);
    expect(await setup.takeAll()).toEqual(order);
  });

  test("removed jobs leave, absent ones change nothing, an owner without jobs has no turn", async () => {
    await enqueue("A1", "A2", "B1");
    expect(await setup.queue.remove(["A1", "A2", "nobody"])).toBe(2);
    expect(await setup.queue.remove(["A1"])).toBe(0);
    expect(await setup.queue.find(["A1", "B1"])).toEqual(new Map([["B1", entry("B1")]]));
    expect(await setup.takeAll()).toEqual(["B1"]);
    const left = await setup.redis.keys(`{${setup.keys.prefix}}:queue:*`);
    expect(left.toSorted()).toEqual([setup.keys.able("catalog"), setup.keys.epoch()]);
  });

  test("a promoted job is the next of all", async () => {
    await enqueue("A1", "B1", "B2", "B3");
    expect(await setup.queue.promote("B3")).toBe(true);
    expect(await setup.queue.promote("nobody")).toBe(false);
    expect(await setup.queue.positions({ jobIds: ["B3"] })).toEqual(new Map([["B3", 0]]));
    expect(await setup.takeAll()).toEqual(["B3", "A1", "B1", "B2"]);
  });

  test("clearing takes everything out and keeps accepting", async () => {
    await enqueue("A1", "B1");
    expect(await setup.queue.clear()).toBe(2);
    expect(await setup.queue.depth()).toBe(0);
    expect(await enqueue("A1")).toBe("ok");
    expect(await setup.takeAll()).toEqual(["A1"]);
  });

  test("a wiped queue refuses entries until it is rebuilt, and the rebuild keeps the order", async () => {
    await enqueue("A1", "A2", "B1");
    await setup.wipe();
    expect(await setup.queue.check()).toBe(false);
    expect(await enqueue("A3")).toBe("EPOCH_MISSING");
    expect(await setup.queue.rebuild(["A1", "A2", "B1", "A3"].map((jobId) => entry(jobId)))).toBe(true);
    await setup.queue.decide({ catalogHash: "catalog", capabilityKey: "any", able: true });
    expect(await setup.takeAll()).toEqual(["A1", "B1", "A2", "A3"]);
  });

  test("of two rebuilds only the first fills the queue", async () => {
    await setup.wipe();
    expect(await setup.queue.rebuild([entry("A1")])).toBe(true);
    expect(await setup.queue.rebuild([entry("A2")])).toBe(false);
    expect([...(await setup.queue.find(["A1", "A2"])).keys()]).toEqual(["A1"]);
  });

  test("a rebuild survives lanes that an eviction left behind", async () => {
    await enqueue("A1", "A2");
    await setup.redis.del(setup.keys.epoch(), setup.keys.ring(), setup.keys.owners(), setup.keys.members());
    await setup.queue.rebuild([entry("A2"), entry("A1")]);
    await setup.queue.decide({ catalogHash: "catalog", capabilityKey: "any", able: true });
    expect(await setup.takeAll()).toEqual(["A2", "A1"]);
  });

  test("a thousand takers racing take each job once", async () => {
    const jobIds = Array.from({ length: 200 }, (_, index) => `${"ABCDE"[index % 5]}${index}`);
    await enqueue(...jobIds);
    const answers = await Promise.all(Array.from({ length: 1000 }, () => setup.queue.take(setup.backend)));
    const taken = answers.flatMap((answer) => (answer.type === "job" ? [answer.entry.jobId] : []));
    expect(taken.toSorted()).toEqual(jobIds.toSorted());
  });

  test("positions are the order of taking, whatever came and went", async () => {
    const seed = Number(process.hrtime.bigint() % 1_000_000_007n);
    console.info(`positions seed ${seed}`);
    let state = seed;
    const random = (below: number) => {
      state = (Math.imul(state, 48_271) >>> 0) % 2_147_483_647;
      return state % below;
    };
    for (let round = 0; round < 15; round += 1) {
      await setup.queue.clear();
      const count = 5 + random(60);
      for (let index = 0; index < count; index += 1) {
        const jobId = `${"ABCDEFG"[random(7)]}${index}`;
        const priority = (["high", "normal", "low"] as const)[random(3)] ?? "normal";
        await setup.queue.enqueue([entry(jobId, { priority })], { at: random(4) === 0 ? "head" : "tail" });
        if (random(6) === 0) await setup.queue.take(setup.backend);
        if (random(9) === 0) await setup.queue.remove([`A${random(count)}`, `B${random(count)}`]);
        if (random(15) === 0) await setup.queue.promote(jobId);
      }
      const positions = await setup.queue.positions({ ownerIds: [..."ABCDEFG"] });
      const each = await setup.queue.positions({ jobIds: [...positions.keys()] });
      const some = await setup.queue.positions({ jobIds: [...positions.keys()].slice(0, 3) });
      const order = await setup.takeAll();
      expect([...positions].toSorted((a, b) => a[1] - b[1])).toEqual(order.map((jobId, index) => [jobId, index]));
      expect(each).toEqual(positions);
      for (const [jobId, position] of some) expect(position).toBe(positions.get(jobId));
    }
  });
});
