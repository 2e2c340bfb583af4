import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import { entry, setupQueue } from "../testing/setup.ts";

describe("take", () => {
  let setup: Awaited<ReturnType<typeof setupQueue>>;
  beforeEach(async () => {
    setup = await setupQueue(inject("redisUrl"));
  });
  afterEach(() => setup.close());

  const decide = (capabilityKey: string, able: boolean) =>
    setup.queue.decide({ catalogHash: "catalog", capabilityKey, able });

  test("asks about a capability that nobody decided, and takes nothing", async () => {
    await setup.queue.enqueue([entry("A1", { capabilityKey: "new" }), entry("B1")]);
    const question = { type: "unknown-capability", capabilityKey: "new", jobId: "A1" };
    expect(await setup.queue.take(setup.backend)).toEqual(question);
    expect(await setup.queue.take(setup.backend)).toEqual(question);
    await decide("new", true);
    expect(await setup.takeAll()).toEqual(["A1", "B1"]);
  });

  test("an answer holds for its catalogue only, and only for a day", async () => {
    await decide("new", true);
    await setup.queue.enqueue([entry("A1", { capabilityKey: "new" })]);
    expect(await setup.queue.take({ ...setup.backend, catalogHash: "other" })).toMatchObject({
      type: "unknown-capability",
    });
    expect(await setup.redis.ttl(setup.keys.able("catalog"))).toBeGreaterThan(86_000);
  });

  test("jobs this backend cannot run keep their place for one that can", async () => {
    await decide("upscaler", false);
    await setup.queue.enqueue([
      entry("A1", { capabilityKey: "upscaler" }),
      entry("A2"),
      entry("B1", { capabilityKey: "upscaler" }),
      entry("C1"),
    ]);
    expect(await setup.takeAll()).toEqual(["A2", "C1"]);
    await setup.queue.decide({ catalogHash: "big", capabilityKey: "upscaler", able: true });
    expect(await setup.takeAll({ catalogHash: "big" })).toEqual(["B1", "A1"]);
  });

  test("a job behind a whole lane that cannot run is found", async () => {
    await decide("upscaler", false);
    const blocked = Array.from({ length: 500 }, (_, index) => entry(`A${index}`, { capabilityKey: "upscaler" }));
    await setup.queue.enqueue([...blocked, entry("Alast")]);
    expect(await setup.takeAll()).toEqual(["Alast"]);
  });

  test("a job bound to a backend goes to that backend, without asking", async () => {
    await setup.queue.enqueue([entry("A1", { capabilityKey: "backend:10.0.0.2:8188" }), entry("B1")]);
    expect(await setup.takeAll()).toEqual(["B1"]);
    expect(await setup.takeAll({ backendId: "10.0.0.2:8188", catalogHash: "other" })).toEqual(["A1"]);
  });

  test("a warm model is preferred, in the owner's own lane first", async () => {
    await setup.queue.enqueue([
      entry("A1", { modelKey: "cold" }),
      entry("A2", { modelKey: "warm" }),
      entry("B1", { modelKey: "warm" }),
    ]);
    expect(await setup.takeAll({ warmModelKey: "warm" })).toEqual(["A2", "B1", "A1"]);
  });

  test("the warm model never turns an owner's priorities around", async () => {
    await setup.queue.enqueue([entry("A1", { modelKey: "warm" }), entry("A2", { modelKey: "cold", priority: "high" })]);
    expect(await setup.takeAll({ warmModelKey: "warm" })).toEqual(["A2", "A1"]);
  });

  test("nobody is passed over more often than allowed", async () => {
    await setup.queue.enqueue([
      entry("A1", { modelKey: "cold" }),
      ...Array.from({ length: 10 }, (_, index) => entry(`B${index}`, { modelKey: "warm" })),
    ]);
    const order = await setup.takeAll({ warmModelKey: "warm", maxPasses: 3, maxTurns: 3 });
    expect(order.indexOf("A1")).toBe(3);
    expect(await setup.redis.exists(setup.keys.passes())).toBe(0);
  });

  test("an owner's turn goes to another owner's warm job less often than to a warm job of its own", async () => {
    await setup.queue.enqueue([
      entry("A1", { modelKey: "cold" }),
      ...Array.from({ length: 10 }, (_, index) => entry(`B${index}`, { modelKey: "warm" })),
    ]);
    expect((await setup.takeAll({ warmModelKey: "warm", maxPasses: 3, maxTurns: 1 })).indexOf("A1")).toBe(1);
    await setup.queue.enqueue([
      entry("A1", { modelKey: "cold" }),
      ...Array.from({ length: 5 }, (_, index) => entry(`A${index + 2}`, { modelKey: "warm" })),
    ]);
    expect((await setup.takeAll({ warmModelKey: "warm", maxPasses: 3, maxTurns: 1 })).indexOf("A1")).toBe(3);
  });

  test("the search for a warm model is bounded", async () => {
    const owners = [..."ABCDEFGHIJ"];
    await setup.queue.enqueue(owners.map((owner) => entry(`${owner}1`, { modelKey: owner === "J" ? "warm" : "cold" })));
    expect(await setup.queue.take({ ...setup.backend, warmModelKey: "warm" })).toMatchObject({
      entry: { jobId: "A1" },
    });
    expect(await setup.queue.take({ ...setup.backend, warmModelKey: "warm", lookAhead: 9 })).toMatchObject({
      entry: { jobId: "J1" },
    });
  });

  test("an undecided capability further back does not hold up the job in turn", async () => {
    await setup.queue.enqueue([entry("A1", { modelKey: "cold" }), entry("B1", { capabilityKey: "new" })]);
    expect(await setup.queue.take({ ...setup.backend, warmModelKey: "warm" })).toMatchObject({
      entry: { jobId: "A1" },
    });
  });

  test("with models changing at random every job comes, none passed over more often than allowed", async () => {
    const seed = Number(process.hrtime.bigint() % 1_000_000_007n);
    console.info(`warm seed ${seed}`);
    let state = seed;
    const random = (below: number) => {
      state = (Math.imul(state, 48_271) >>> 0) % 2_147_483_647;
      return state % below;
    };
    const jobs = Array.from({ length: 120 }, (_, index) =>
      entry(`${"ABCDE"[random(5)]}${index}`, { modelKey: `model-${random(3)}` }),
    );
    await setup.queue.enqueue(jobs);
    const taken: string[] = [];
    for (let warmModelKey: string | null = null; ; ) {
      const answer = await setup.queue.take({ ...setup.backend, warmModelKey });
      if (answer.type !== "job") break;
      taken.push(answer.entry.jobId);
      warmModelKey = answer.entry.modelKey;
      const passes = await setup.redis.hvals(setup.keys.passes());
      expect(Math.max(0, ...passes.map(Number))).toBeLessThanOrEqual(5);
    }
    expect(taken.toSorted()).toEqual(jobs.map(({ jobId }) => jobId).toSorted());
  });
});
