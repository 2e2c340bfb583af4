import { newId } from "@darkroom/contracts";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { backendModels, listBackends, setBackendDraining, upsertBackend } from "../backends/backends.ts";
import { decideCapabilities } from "../backends/capability-decisions.ts";
import { setPaused } from "../backends/pause.ts";
import { requestCancel } from "../jobs/request-cancel.ts";
import type { NewJob } from "../jobs/submit-jobs.ts";
import { createDatabase } from "../postgres/client.ts";
import { jobView } from "../reads/job-view.ts";
import { type Setup, setup } from "../testing/setup.ts";
import { admit, shouldRelease } from "./admission.ts";
import { heartbeat } from "./heartbeat.ts";
import { acquireSlot, releaseSlot } from "./slots.ts";
import { stageJob } from "./stage-job.ts";

let t: Setup;
beforeAll(async () => {
  t = await setup(inject("postgresUrl"));
});
afterAll(() => t.drop());

describe("heartbeat", () => {
  it("renews what is held, stores progress, and tells what is to be canceled", async () => {
    const [calm, canceled] = [await t.running(newId()), await t.running(newId())];
    await requestCancel(t.database, { jobId: canceled.jobId, ownerIds: null });
    const progress = {
      percent: 50,
      message: "Step 2/4",
      step: 2,
      steps: 4,
      nodeTitle: null,
      nodesDone: 1,
      nodesTotal: 3,
    };
    const beat = (withProgress: boolean) =>
      heartbeat(t.database, {
        workerId: "w1",
        leaseSeconds: 60,
        jobs: [calm, canceled].map(({ jobId, attempt }) => ({
          jobId,
          attempt,
          progress: withProgress ? progress : null,
        })),
        slots: [],
      });
    expect(await beat(true)).toEqual({
      lostJobs: [],
      canceling: [{ jobId: canceled.jobId, version: 3 }],
      lostSlots: [],
    });
    await beat(false);
    expect(await jobView(t.database, { jobId: calm.jobId, ownerIds: null })).toMatchObject({ progress, version: 2 });
    const [lease] = await t.database.sql`SELECT lease_until > now() + interval '50 seconds' AS long FROM jobs
      WHERE id = ${calm.jobId}`;
    expect(lease).toEqual({ long: true });
  });

  it("and what a stage changes are written in place, with nothing added to an index", async () => {
    const one = createDatabase(t.url, { max: 1 });
    const held = await t.running(newId());
    const inPlace = async () => {
      await one.sql`SELECT pg_stat_force_next_flush()`;
      const [row] = await one.sql<{ rows: number }[]>`
        SELECT n_tup_hot_upd::int AS rows FROM pg_stat_user_tables WHERE relname = 'jobs'`;
      return row?.rows ?? 0;
    };
    const before = await inPlace();
    // The first may find its page full, and the row goes to the next one.
    for (let times = 0; times < 5; times += 1)
      await heartbeat(one, { workerId: "w1", leaseSeconds: 60, jobs: [{ ...held, progress: null }], slots: [] });
    for (const stage of ["loading", "sampling", "saving"] as const) await stageJob(one, { ...held, stage });
    expect(await inPlace()).toBeGreaterThan(before + 5);
    await one.close();
  });

  it("beside transitions of the same jobs ends without a deadlock", async () => {
    const ownerId = newId();
    const held = await Promise.all(Array.from({ length: 20 }, () => t.running(ownerId)));
    const jobs = held.map(({ jobId, attempt }) => ({ jobId, attempt, progress: null }));
    const beats = Array.from({ length: 20 }, (_, index) =>
      heartbeat(t.database, {
        workerId: "w1",
        leaseSeconds: 60,
        jobs: index % 2 ? jobs : jobs.toReversed(),
        slots: [],
      }),
    );
    const cancels = jobs.map(({ jobId }) => requestCancel(t.database, { jobId, ownerIds: [ownerId] }));
    await expect(Promise.all([...beats, ...cancels])).resolves.toHaveLength(40);
  });
});

describe("slots", () => {
  const wish = { workerId: "w1", concurrency: 2, leaseSeconds: 10 };

  it("of one backend are given to as many as it runs at once, however many workers ask", async () => {
    const backendId = newId();
    const answers = await Promise.all(
      Array.from({ length: 16 }, (_, index) => acquireSlot(t.database, { ...wish, backendId, workerId: `w${index}` })),
    );
    expect(answers.flatMap((slot) => slot?.ordinal ?? []).sort()).toEqual([0, 1]);
  });

  it("are free again when released, by their holder only", async () => {
    const backendId = newId();
    await acquireSlot(t.database, { ...wish, backendId, concurrency: 1 });
    await releaseSlot(t.database, { backendId, ordinal: 0, workerId: "w2" });
    expect(await acquireSlot(t.database, { ...wish, backendId, concurrency: 1, workerId: "w2" })).toBeNull();
    await releaseSlot(t.database, { backendId, ordinal: 0, workerId: "w1" });
    expect(await acquireSlot(t.database, { ...wish, backendId, concurrency: 1, workerId: "w2" })).toEqual({
      ordinal: 0,
    });
  });

  it("change hands when their lease expired, and the old holder's heartbeat says so", async () => {
    const backendId = newId();
    const slots = [{ backendId, ordinal: 0 }];
    await acquireSlot(t.database, { ...wish, backendId, concurrency: 1 });
    await t.expireLeases();
    const other = { ...wish, backendId, concurrency: 1, workerId: "w2" };
    expect(await acquireSlot(t.database, other)).toBeNull();
    await t.tickedAllAlong();
    expect(await acquireSlot(t.database, other)).toEqual({ ordinal: 0 });
    const beat = { leaseSeconds: 10, jobs: [], slots };
    expect(await heartbeat(t.database, { ...beat, workerId: "w1" })).toMatchObject({ lostSlots: slots });
    expect(await heartbeat(t.database, { ...beat, workerId: "w2" })).toMatchObject({ lostSlots: [] });
  });

  it("are as few as the setting says now, once nobody holds the others", async () => {
    const backendId = newId();
    const held = await Promise.all(
      [1, 2, 3].map(() => acquireSlot(t.database, { ...wish, backendId, concurrency: 3 })),
    );
    const count = async () => {
      const [row] = await t.database.sql`SELECT count(*) FROM slots WHERE backend_id = ${backendId} AND kind = 'run'`;
      return row?.count;
    };
    await releaseSlot(t.database, { backendId, ordinal: 2, workerId: "w1" });
    await acquireSlot(t.database, { ...wish, backendId, concurrency: 1, workerId: "w2" });
    expect(held.map((slot) => slot?.ordinal).sort()).toEqual([0, 1, 2]);
    expect(await count()).toBe(2);
    await releaseSlot(t.database, { backendId, ordinal: 1, workerId: "w1" });
    await acquireSlot(t.database, { ...wish, backendId, concurrency: 1, workerId: "w2" });
    expect(await count()).toBe(1);
  });

  it("of kind next is one per backend, beside those of kind run", async () => {
    const backendId = newId();
    const ask = (kind: "run" | "next", workerId: string) =>
      acquireSlot(t.database, { ...wish, backendId, workerId, kind });
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) => ask(index % 2 ? "run" : "next", `w${index}`)),
    );
    expect(answers.flatMap((slot) => slot?.ordinal ?? []).sort()).toEqual([0, 1, 2]);
    const rows = await t.database.sql`SELECT kind FROM slots WHERE backend_id = ${backendId} ORDER BY ordinal`;
    expect(rows.map(({ kind }) => kind)).toEqual(["run", "run", "next"]);
  });

  it("of a draining backend are not given out", async () => {
    const backendId = newId();
    const report = { url: "u", workerId: "w1", version: null, catalog: null, catalogHash: null, stats: null };
    await upsertBackend(t.database, { ...report, backendId, state: "up" });
    expect(await setBackendDraining(t.database, { backendId, draining: true })).toBe(true);
    await upsertBackend(t.database, { ...report, backendId, state: "up" });
    expect(await acquireSlot(t.database, { ...wish, backendId })).toBeNull();
    await setBackendDraining(t.database, { backendId, draining: false });
    expect(await acquireSlot(t.database, { ...wish, backendId })).not.toBeNull();
  });
});

describe("a report of a backend", () => {
  it("keeps what it does not tell, and no password", async () => {
    const backendId = newId();
    const report = {
      backendId,
      url: "http://me:secret@10.0.0.2:8188",
      workerId: "w1",
      state: "up",
      version: "0.33.0",
      catalog: { KSampler: {}, SaveImage: {} },
      catalogHash: "hash",
      stats: { devices: [] },
      models: { checkpoints: ["a", "b"], vae: ["c"] },
      prompts: { running: 1, pending: 2 },
      warmModel: "a",
    } as const;
    await upsertBackend(t.database, report);
    const silent = { ...report, version: null, catalog: null, catalogHash: null, stats: null };
    const notes = await upsertBackend(t.database, { ...silent, models: null, prompts: null, warmModel: null });
    expect(notes).toEqual({ draining: false, warmModel: "a" });
    const view = (await listBackends(t.database)).find((one) => one.backendId === backendId);
    expect(view).toMatchObject({ version: "0.33.0", nodeCount: 2, modelCount: 3, prompts: { running: 1, pending: 2 } });
    expect((await backendModels(t.database)).get(backendId)).toEqual(report.models);
    expect(JSON.stringify(await t.database.sql`SELECT * FROM backends`)).not.toContain("secret");
    expect(await upsertBackend(t.database, { ...silent, warmModel: "" })).toMatchObject({ warmModel: null });
    await upsertBackend(t.database, { ...silent, prompts: null, state: "down" });
    const gone = (await listBackends(t.database)).find((one) => one.backendId === backendId);
    expect(gone).toMatchObject({ state: "down", prompts: null, nodeCount: 2 });
  });
});

describe("what a slot may take", () => {
  const of = async (backendId: string) => {
    const ask = async (kind: "run" | "next") => (await admit(t.database, { backendId, kind, concurrency: 1 })).place;
    return { run: await ask("run"), next: await ask("next") };
  };
  const heldBy = async (backendId: string, needs: Partial<NewJob> = { capabilityKey: "able" }) => {
    const claimed = await t.claim(await t.queued(newId(), needs), { backendId });
    if (claimed === null) throw new Error("a waiting job was not claimed");
    return claimed.job;
  };
  const begin = ({ jobId, attempt }: { jobId: string; attempt: number }) =>
    stageJob(t.database, { jobId, attempt, stage: "loading" });

  it("is a job to run while there is room, and one to come next once all the others have begun", async () => {
    const backendId = newId();
    expect(await of(backendId)).toEqual({ run: "run", next: null });
    const running = await heldBy(backendId);
    expect(await of(backendId)).toEqual({ run: null, next: null });
    await begin(running);
    expect(await of(backendId)).toEqual({ run: "next", next: "next" });
    await heldBy(backendId);
    expect(await of(backendId)).toEqual({ run: null, next: null });
  });

  it("is what it would be if Postgres had heard already of the asking worker's prompts that began or ended", async () => {
    const backendId = newId();
    const [first, second] = [(await heldBy(backendId)).jobId, (await heldBy(backendId)).jobId];
    const ask = async (known: { begun?: string[]; over?: string[] }) =>
      (await admit(t.database, { backendId, kind: "run", concurrency: 1, ...known })).place;
    expect(await ask({ begun: [first] })).toBe(null);
    expect(await ask({ over: [first] })).toBe(null);
    expect(await ask({ begun: [second], over: [first] })).toBe("next");
    expect(await ask({ over: [first, second] })).toBe("run");
  });

  it("is nothing while the queue is paused or the backend is drained, and what waits there is given back", async () => {
    const [backendId, idle] = [newId(), newId()];
    const report = { url: "u", workerId: "w1", version: null, catalog: null, catalogHash: null, stats: null };
    await upsertBackend(t.database, { ...report, backendId, state: "up" });
    await begin(await heldBy(backendId));
    const { jobId } = await heldBy(backendId);
    const gives = () => shouldRelease(t.database, { backendId, jobId });
    expect(await gives()).toBe(false);
    await setPaused(t.database, true);
    expect([await of(idle), await gives()]).toEqual([{ run: null, next: null }, true]);
    await setPaused(t.database, false);
    expect(await gives()).toBe(false);
    await setBackendDraining(t.database, { backendId, draining: true });
    expect(await gives()).toBe(true);
  });

  it("is nothing to come next while an idle backend could begin it, nor does it wait then", async () => {
    const [backendId, other] = [newId(), newId()];
    const catalog = { [other]: {} };
    const up = { backendId: other, url: "u", workerId: "w2", state: "up", version: null, stats: null } as const;
    await upsertBackend(t.database, { ...up, catalog, catalogHash: other });
    const needs = { capability: { nodes: [other], models: [] }, capabilityKey: other };
    await begin(await heldBy(backendId));
    await t.queued(newId(), needs);
    await decideCapabilities(t.database);
    expect((await of(backendId)).next).toBe("next");
    await acquireSlot(t.database, { backendId: other, workerId: "w2", concurrency: 1, leaseSeconds: 10 });
    const { jobId } = await heldBy(backendId, needs);
    await begin({ jobId, attempt: 1 });
    const could = async () => [
      (await of(backendId)).next === null,
      await shouldRelease(t.database, { backendId, jobId }),
    ];
    expect(await could()).toEqual([true, true]);

    await t.database.sql`UPDATE backends SET reachable = false WHERE id = ${other}`;
    expect(await could()).toEqual([false, false]);
    await upsertBackend(t.database, { ...up, catalog, catalogHash: other });
    await t.database.sql`UPDATE abilities SET lacks = '[{}]' WHERE capability_key = ${other}`;
    expect(await could()).toEqual([false, false]);
    await t.database.sql`UPDATE abilities SET lacks = '[]' WHERE capability_key = ${other}`;
    expect(await could()).toEqual([true, true]);
    await heldBy(other);
    expect(await could()).toEqual([false, false]);
  });

  it("is found out for a job that was sent away before a backend that could begin it was there", async () => {
    const [backendId, other] = [newId(), newId()];
    await begin(await heldBy(backendId));
    const needs = { capability: { nodes: [other], models: [] }, capabilityKey: other };
    const { jobId } = await heldBy(backendId, needs);
    await acquireSlot(t.database, { backendId: other, workerId: "w2", concurrency: 1, leaseSeconds: 10 });
    const up = { backendId: other, url: "u", workerId: "w2", state: "up", version: null, stats: null } as const;
    await upsertBackend(t.database, { ...up, catalog: { [other]: {} }, catalogHash: other });
    expect(await shouldRelease(t.database, { backendId, jobId })).toBe(false);
    await decideCapabilities(t.database);
    expect(await shouldRelease(t.database, { backendId, jobId })).toBe(true);
  });
});
