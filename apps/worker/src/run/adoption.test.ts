import { armFailpoint, disarmFailpoint } from "@darkroom/contracts";
import { jobProvenance, listBackends } from "@darkroom/db";
import type { Keys } from "@darkroom/queue";
import { afterEach, describe, expect, vi } from "vitest";
import { test } from "../testing/worker-test.ts";

// Most of their time is waited for, so they run beside each other.
describe.concurrent("a prompt outlives its worker", () => {
  test("another worker adopts the prompt of one that vanished: nothing runs twice", async ({ setup }) => {
    const { startWorker, submit, event, step, comfy, view } = await setup({ stepMs: 100 });
    const first = startWorker();
    const jobId = await submit({ steps: 25 });
    await step(jobId, 2);
    await first.crash();
    startWorker();
    await event(jobId, "job.succeeded");
    expect(comfy.promptIds()).toHaveLength(1);
    expect(comfy.interrupts()).toEqual([]);
    expect(await view(jobId)).toMatchObject({ state: "succeeded", attempt: 2, outputs: [{ kind: "image" }] });
  });

  test("its job shows the time of the whole run, and each attempt keeps its own", async ({ setup }) => {
    const { startWorker, submit, event, step, simulator, view, durable, database } = await setup({ stepMs: 100 });
    const first = startWorker();
    const jobId = await submit({ steps: 60 });
    await step(jobId, 15);
    await first.crash();
    startWorker();
    const { durationSeconds } = await event(jobId, "job.succeeded");
    const [ran] = simulator().control.ledger();
    const onComfy = ((ran?.endedAt ?? 0) - (ran?.startedAt ?? 0)) / 1000;
    // The first worker noted its start a moment after ComfyUI did.
    expect(durationSeconds).toBeGreaterThan(onComfy * 0.9);
    const stored = await view(jobId);
    expect(stored.durations.run).toBeCloseTo(durationSeconds, 1);
    expect(stored.durations.load ?? 0).toBeLessThan(onComfy / 4);
    const starts = durable.flatMap(({ event: { type, ...rest } }) =>
      type === "job.started" && "runStartedAt" in rest ? [rest.runStartedAt] : [],
    );
    const attempts = await database.sql<{ seconds: number }[]>`
      SELECT extract(epoch FROM ended_at - started_at)::float8 AS seconds FROM attempts ORDER BY attempt`;
    // Each that took the job over says it; on a busy machine that can be more than one.
    expect(starts).toEqual(attempts.slice(1).map(() => stored.startedAt));
    expect(attempts[1]?.seconds).toBeLessThan(durationSeconds);
  });

  test("another worker takes over however short the lease is", async ({ setup }) => {
    const { startWorker, submit, event, step } = await setup({ stepMs: 100 });
    const settings = { leaseSeconds: 1, maintenanceMs: 1000 };
    const first = startWorker(settings);
    const jobId = await submit({ steps: 25 });
    await step(jobId, 2);
    await first.crash();
    startWorker(settings);
    expect(await event(jobId, "job.succeeded")).toMatchObject({ attempt: 2 });
  });

  test("a picture that was finished meanwhile is harvested", async ({ setup }) => {
    const { startWorker, submit, event, step, comfy, comfyUrl, database } = await setup({ stepMs: 60 });
    const first = startWorker();
    const jobId = await submit({ steps: 40 });
    await step(jobId, 1);
    await first.crash();
    const promptId = comfy.promptIds()[0] ?? "";
    await vi.waitFor(
      async () => {
        const answer = await fetch(`${comfyUrl}/history/${promptId}`);
        expect(Object.keys((await answer.json()) as object)).toEqual([promptId]);
      },
      { timeout: 30_000 },
    );
    startWorker();
    await event(jobId, "job.succeeded");
    expect(comfy.promptIds()).toHaveLength(1);
    // Nobody heard its end, and another attempt had sent it: what is known is on record all the same.
    const made = await jobProvenance(database, { jobId, ownerIds: null });
    const [sent] = comfy.requests.filter(({ path }) => path === "/prompt");
    expect(made).toMatchObject({ attempt: 2, graph: JSON.parse(sent?.body ?? "{}").prompt, comfyVersion: "0.33.0" });
    expect(made?.run).toMatchObject({ isWhole: false, isCold: true, totalMs: expect.any(Number), nodes: [] });
  });

  test("a worker that stops gives its job back at once, and the next one goes on with the same prompt", async ({
    setup,
  }) => {
    const { startWorker, submit, event, step, comfy, view } = await setup({ stepMs: 100 });
    // Far longer than it takes: at its end the job would come back by itself.
    const first = startWorker({ leaseSeconds: 60 });
    const jobId = await submit({ steps: 60 });
    await step(jobId, 2);
    await first.stop(0);
    expect(await event(jobId, "job.retried")).toMatchObject({ reason: "released" });
    expect((await view(jobId)).state).toBe("queued");
    startWorker();
    await event(jobId, "job.succeeded");
    expect(comfy.promptIds()).toHaveLength(1);
  });

  test("a worker that stops lets a job end that is nearly done", async ({ setup }) => {
    const { startWorker, submit, event, step, durable } = await setup({ stepMs: 50 });
    const worker = startWorker();
    const jobId = await submit({ steps: 10 });
    await step(jobId, 2);
    await worker.stop(10_000);
    await event(jobId, "job.succeeded");
    expect(durable.map((owned) => owned.event.type)).not.toContain("job.retried");
  });

  test("the prompt of a job that was canceled while nobody watched is removed from the backend", async ({ setup }) => {
    const { startWorker, submit, event, step, cancel, comfy } = await setup({ stepMs: 100 });
    const first = startWorker();
    const jobId = await submit({ steps: 500 });
    await step(jobId, 1);
    await first.crash();
    await cancel(jobId);
    startWorker();
    await event(jobId, "job.canceled");
    const next = await submit();
    await event(next, "job.succeeded");
    expect(new Set(comfy.interrupts())).toEqual(new Set([comfy.promptIds()[0]]));
  });
});

describe.concurrent("a broken connection", () => {
  test("a run whose socket was cut and stays away still completes", async ({ setup }) => {
    const { startWorker, submit, event, step, comfy } = await setup({ stepMs: 60 });
    startWorker();
    const jobId = await submit({ steps: 12 });
    await step(jobId, 2);
    comfy.cutSockets({ refuse: true });
    await event(jobId, "job.succeeded");
    expect(comfy.promptIds()).toHaveLength(1);
  });

  test("a POST whose answer was lost is not repeated", async ({ setup }) => {
    const { startWorker, submit, event, comfy } = await setup({ stepMs: 60 });
    comfy.loseAnswerOf("/prompt");
    startWorker();
    const jobId = await submit({ steps: 8 });
    await event(jobId, "job.succeeded");
    expect(comfy.promptIds()).toHaveLength(1);
  });

  test("a backend that is away for a while keeps its prompt and is asked again", async ({ setup }) => {
    const { startWorker, submit, event, step, comfy, database } = await setup({ stepMs: 100 });
    startWorker();
    const jobId = await submit({ steps: 30 });
    await step(jobId, 2);
    comfy.setDown(true);
    expect(await event(jobId, "job.retried")).toMatchObject({ reason: "backend-silent" });
    await vi.waitFor(async () => expect((await listBackends(database))[0]?.state).toBe("down"), { timeout: 30_000 });
    comfy.setDown(false);
    await event(jobId, "job.succeeded");
    expect(comfy.promptIds()).toHaveLength(1);
  });

  test("a backend that takes its time to list its nodes counts as there meanwhile, also for a worker that has just come", async ({
    setup,
  }) => {
    const { startWorker, submit, event, step, comfy, database } = await setup({ stepMs: 100 });
    const reachedAgain = async () => {
      const reached = async () => (await listBackends(database))[0]?.reachedAt;
      const before = await reached();
      await vi.waitFor(async () => expect(await reached()).not.toBe(before), { timeout: 30_000 });
    };
    const first = startWorker({ catalogMs: 100 });
    await event(await submit({ steps: 1 }), "job.succeeded");
    const answer = comfy.hold("/object_info");
    await reachedAgain();
    await reachedAgain();
    await event(await submit({ steps: 1 }), "job.succeeded");
    const jobId = await submit({ steps: 30 });
    await step(jobId, 2);
    await first.crash();
    startWorker();
    await event(jobId, "job.retried");
    await reachedAgain();
    answer();
    await event(jobId, "job.succeeded");
    expect(comfy.promptIds()).toHaveLength(3);
  });

  test("a prompt that ComfyUI forgot in a restart runs again", async ({ setup }) => {
    const { startWorker, submit, event, step, comfy, restartComfy, view } = await setup({ stepMs: 100 });
    startWorker({ unreachableMs: 10_000 });
    const jobId = await submit({ steps: 10 });
    await step(jobId, 1);
    await restartComfy();
    expect(await event(jobId, "job.retried")).toMatchObject({ reason: "prompt-lost" });
    await event(jobId, "job.succeeded");
    expect(new Set(comfy.promptIds()).size).toBe(2);
    expect((await view(jobId)).outputs).toHaveLength(1);
  });
});

describe("a worker that was stopped for longer than its lease", () => {
  afterEach(disarmFailpoint);

  test("sends no prompt for a job that it has lost meanwhile", async ({ setup }) => {
    const { startWorker, submit, event, comfy, database } = await setup();
    const recorded = Promise.withResolvers<void>();
    armFailpoint(
      { point: "dispatch.recorded", kind: "delay", delayMs: 700, nth: 1 },
      { crash: () => undefined, onHit: () => recorded.resolve() },
    );
    startWorker();
    const jobId = await submit();
    await recorded.promise;
    await database.sql`UPDATE jobs SET attempt = attempt + 1 WHERE id = ${jobId}`;
    const { attempt } = await event(jobId, "job.succeeded");
    const posts = comfy.requests.filter(({ method, path }) => method === "POST" && path === "/prompt");
    expect(posts.map(({ body }) => body.includes(`darkroom/${jobId}-${attempt}`))).toEqual([true]);
  });

  test.for(["succeeded", "failed"] as const)(
    "leaves the prompt that %s of a job that it has lost to whoever has it now: nothing runs twice",
    async (how, { setup }) => {
      const lines: Record<string, unknown>[] = [];
      const { startWorker, submit, event, comfy, simulator, database } = await setup({
        logTo: (line) => void lines.push(line),
      });
      if (how === "failed") simulator().control.addFault({ kind: "exception" });
      const finished = Promise.withResolvers<void>();
      armFailpoint(
        { point: "settle.begun", kind: "delay", delayMs: 700, nth: 1 },
        { crash: () => undefined, onHit: () => finished.resolve() },
      );
      startWorker();
      const jobId = await submit();
      await finished.promise;
      await database.sql`UPDATE jobs SET attempt = attempt + 1, lease_until = now() + interval '1 hour' WHERE id = ${jobId}`;
      await vi.waitFor(() => expect(lines.map(({ msg }) => msg)).toContain("settled"), 10_000);
      await database.sql`UPDATE jobs SET lease_until = now() - interval '1 second' WHERE id = ${jobId}`;
      await event(jobId, `job.${how}`);
      expect(comfy.promptIds()).toHaveLength(1);
    },
  );
});

describe("a worker", () => {
  test("keeps one socket and a few connections to a backend, however many prompts it sends there", async ({
    setup,
  }) => {
    const { startWorker, submit, event, comfy } = await setup({ stepMs: 5 });
    const worker = startWorker({ concurrency: 4 });
    const jobs = await Promise.all(Array.from({ length: 16 }, () => submit()));
    await Promise.all(jobs.map((jobId) => event(jobId, "job.succeeded")));
    expect(comfy.promptIds()).toHaveLength(16);
    expect(comfy.opened().sockets).toBe(1);
    // As many as calls that overlap, and not one for each of some two hundred requests.
    expect(comfy.opened().http).toBeLessThanOrEqual(12);
    expect(await worker.metrics.text()).toMatch(
      /darkroom_comfyui_frames_total\{backend=".+",kind="delivered",instance_id=".+"\} [1-9]/,
    );
  });
});

describe.concurrent("several workers on one backend", () => {
  test.for([1, 3])("never have more prompts there than the %i that it runs at once", async (concurrency, { setup }) => {
    const { startWorker, submit, event, comfy, simulator } = await setup();
    const { wedge, ledger } = simulator().control;
    // Nothing ends before as many are there as may be.
    wedge(true);
    const settings = { concurrency, wedgedMs: 60_000 };
    // The one that is handed over while the others run would be counted as well.
    for (let worker = 1; worker <= 3; worker += 1) startWorker({ ...settings, preparesNext: false });
    const jobs = await Promise.all(Array.from({ length: 6 }, () => submit()));
    await vi.waitFor(() => expect(ledger()).toHaveLength(concurrency), { timeout: 30_000 });
    wedge(false);
    await Promise.all(jobs.map((jobId) => event(jobId, "job.succeeded")));
    const thereAt = (time: number) =>
      ledger().filter(({ submittedAt, endedAt }) => submittedAt <= time && time < (endedAt ?? 0)).length;
    expect(Math.max(...ledger().map(({ submittedAt }) => thereAt(submittedAt)))).toBe(concurrency);
    expect(new Set(comfy.promptIds()).size).toBe(6);
  });
});

describe.concurrent("Redis", () => {
  test("emptied while jobs wait and run: all of them end, none of them twice", async ({ setup }) => {
    const { startWorker, submit, event, step, comfy, wipeRedis } = await setup({ stepMs: 60 });
    startWorker();
    const running = await submit({ steps: 15 });
    await step(running, 1);
    const waiting = await Promise.all([submit(), submit()]);
    await wipeRedis();
    await Promise.all([running, ...waiting].map((jobId) => event(jobId, "job.succeeded")));
    expect(comfy.promptIds()).toHaveLength(3);
  });

  test.for<[string, (keys: Keys, ownerId: string) => string]>([
    ["the ring", (keys) => keys.ring()],
    ["the counts", (keys) => keys.owners()],
    ["the members", (keys) => keys.members()],
    ["a lane", (keys, ownerId) => keys.lane(ownerId, "n")],
  ])("of which a part was lost (%s): what waits is found and runs", async ([_what, key], { setup }) => {
    const { startWorker, submit, event, ownerId, loseKey } = await setup();
    const jobIds = await Promise.all([submit(), submit()]);
    await loseKey((keys) => key(keys, ownerId));
    startWorker();
    await Promise.all(jobIds.map((jobId) => event(jobId, "job.succeeded")));
  });

  test("not told of a job: it is found in Postgres and runs", async ({ setup }) => {
    const { startWorker, submit, event, queue } = await setup();
    const jobId = await submit();
    await queue.remove([jobId]);
    startWorker();
    await event(jobId, "job.succeeded");
  });

  test("not told that a backend is given up on: the job gets its own key back and runs elsewhere", async ({
    setup,
  }) => {
    const { startWorker, submit, event, queue } = await setup();
    const jobId = await submit();
    const entry = (await queue.find([jobId])).get(jobId);
    if (entry === undefined) throw new Error("a submitted job waits");
    await queue.remove([jobId]);
    await queue.enqueue([{ ...entry, capabilityKey: "backend:gone:8188" }]);
    startWorker();
    await event(jobId, "job.succeeded");
  });
});
