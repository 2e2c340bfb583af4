import { newId } from "@darkroom/contracts";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { createOutput } from "../attempts/create-output.ts";
import { settleJob } from "../attempts/settle-job.ts";
import { listOutputs, outputById, outputFile } from "../files/outputs.ts";
import { maintain } from "../maintenance/maintain.ts";
import { type Setup, setup } from "../testing/setup.ts";
import { listJobs } from "./list-jobs.ts";
import { queueStats } from "./queue-stats.ts";
import { queuedJobs, recentRuns, runningJobs } from "./run-times.ts";

let t: Setup;
beforeAll(async () => {
  t = await setup(inject("postgresUrl"));
});
afterAll(() => t.drop());

async function pages(ownerIds: readonly string[] | null, limit: number, between?: () => Promise<unknown>) {
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof listJobs>> = await listJobs(t.database, { ownerIds, limit, cursor });
    seen.push(...page.items.map(({ jobId }) => jobId));
    cursor = page.nextCursor;
    await between?.();
  } while (cursor !== null);
  return seen;
}

describe("listJobs", () => {
  it("pages without gap or repeat, newest first, while new jobs come in and many share one instant", async () => {
    const [a, b] = [newId(), newId()];
    const jobs = Array.from({ length: 25 }, () => t.newJob());
    await t.submit({ ownerId: a, batchId: newId(), jobs });
    const single = [await t.queued(b), await t.queued(a)];
    await t.queued(newId());
    const expected = [...jobs.map(({ jobId }) => jobId), ...single].reverse();
    for (const limit of [1, 4, 27, 100]) expect(await pages([a, b], limit)).toEqual(expected);
    expect(await pages([a, b], 4, () => t.queued(a))).toEqual(expected);
    expect(await pages([newId()], 4)).toEqual([]);
    expect((await pages(null, 10)).length).toBeGreaterThan(27);
  });

  it("filters by state, workflow, batch and text", async () => {
    const ownerId = newId();
    const batchId = newId();
    await t.submit({ ownerId, batchId, jobs: [t.newJob({ inputs: { prompt: "A 100% Blue_sky" } })] });
    await t.running(ownerId);
    const count = async (filter: Partial<Parameters<typeof listJobs>[1]>) =>
      (await listJobs(t.database, { ownerIds: [ownerId], limit: 10, ...filter })).items.length;
    expect(await count({ state: "running" })).toBe(1);
    expect(await count({ state: ["running", "queued"] })).toBe(2);
    expect(await count({ workflow: "picture" })).toBe(2);
    expect(await count({ workflow: t.workflow.workflowId })).toBe(2);
    expect(await count({ workflow: "other" })).toBe(0);
    expect(await count({ batchId })).toBe(1);
    expect(await count({ batchId: "garbage" })).toBe(0);
    expect(await count({ search: "blue_SKY" })).toBe(1);
    expect(await count({ search: "0% b" })).toBe(1);
    expect(await count({ search: "blue-sky" })).toBe(0);
    expect(await count({ search: "100%blue" })).toBe(0);
  });

  it("filters by the day on which they were made", async () => {
    const ownerId = newId();
    const [old, young] = [await t.queued(ownerId), await t.queued(ownerId)];
    await t.database.sql`UPDATE jobs SET created_at = '2026-01-10T12:00:00Z' WHERE id = ${old}`;
    await t.database.sql`UPDATE jobs SET created_at = '2026-01-11T00:00:00Z' WHERE id = ${young}`;
    const made = async (bounds: { from?: string; to?: string }) =>
      (await listJobs(t.database, { ownerIds: [ownerId], limit: 10, ...bounds })).items.map(({ jobId }) => jobId);
    const [day, next] = ["2026-01-10T00:00:00Z", "2026-01-11T00:00:00Z"];
    expect(await made({ from: day, to: next })).toEqual([old]);
    expect(await made({ from: next })).toEqual([young]);
    expect(await made({ from: day })).toEqual([young, old]);
    expect(await made({ to: "2026-01-10T02:00:00+02:00" })).toEqual([]);
  });

  it("finds a text however its white space is broken, its letters are composed and its case is", async () => {
    const ownerId = newId();
    const prompt = "Ein CAFÉ am See,\n\n  ringsum \u00c4pfel \uff26\uff35\uff2c\uff2c\nund \ud55c\uae00".normalize(
      "NFD",
    );
    await t.queued(ownerId, { inputs: { prompt, negativePrompt: "blurry\nwatermark" } });
    const finds = async (search: string) =>
      (await listJobs(t.database, { ownerIds: [ownerId], limit: 10, search })).items.length === 1;
    const found = [
      "see, ringsum",
      "see,\nringsum",
      "see,\t ringsum",
      "caf\u00e9",
      "cafe\u0301",
      "\u00e4PFEL full",
      "한글",
      prompt,
      prompt.normalize("NFC"),
      " \n",
    ];
    for (const search of found) expect([search, await finds(search)]).toEqual([search, true]);
    for (const search of ["see ringsum", "cafe am", "한글 blurry", "%", "_"])
      expect([search, await finds(search)]).toEqual([search, false]);
  });

  it("finds a long prompt that is pasted whole", async () => {
    const ownerId = newId();
    const long = Array.from({ length: 2000 }, (_, nth) => `word${nth}`).join(", ");
    await t.submit({
      ownerId,
      jobs: [t.newJob({ inputs: { prompt: long } }), t.newJob({ inputs: { prompt: `${long}x` } })],
    });
    const { items } = await listJobs(t.database, { ownerIds: [ownerId], limit: 10, search: `${long}x` });
    expect(items).toMatchObject([{ inputs: { prompt: `${long}x` } }]);
  });

  it("finds jobs that an older program stored, once maintenance has seen them", async () => {
    const ownerId = newId();
    const jobId = await t.queued(ownerId, { inputs: { prompt: "from before" } });
    await t.database.sql`UPDATE jobs SET search_text = NULL WHERE id = ${jobId}`;
    const search = async () =>
      (await listJobs(t.database, { ownerIds: [ownerId], limit: 10, search: "FROM\nbefore" })).items.map(
        (job) => job.jobId,
      );
    expect(await search()).toEqual([]);
    await maintain(t.database, { leaseSeconds: 10, jobTimeoutSeconds: 60 });
    expect(await search()).toEqual([jobId]);
  });

  it("refuses a cursor that is not ours", async () => {
    const list = listJobs(t.database, { ownerIds: null, limit: 1, cursor: "garbage" });
    await expect(list).rejects.toMatchObject({ code: "INPUT_INVALID", fields: [{ path: "cursor" }] });
  });
});

describe("outputs", () => {
  it("are shown of the winning attempt only, to their owner only", async () => {
    const ownerId = newId();
    const { jobId } = await t.running(ownerId);
    const make = async (attempt: number) => {
      const outputId = newId();
      const facts = {
        kind: "image",
        mimeType: "image/png",
        width: 8,
        height: 8,
        sizeBytes: 2 ** 40,
        seed: 2 ** 53 - 1,
      } as const;
      const output = { outputId, sha256: "s", storageKey: "k", ...facts };
      await createOutput(t.database, { jobId, attempt, ordinal: 0, output });
      return outputId;
    };
    const lost = await make(1);
    await settleJob(t.database, { jobId, attempt: 1, outcome: { type: "released" } });
    await t.claim(jobId);
    expect((await listJobs(t.database, { ownerIds: [ownerId], limit: 1 })).items[0]?.outputs).toEqual([]);
    const won = await make(2);
    await settleJob(t.database, { jobId, attempt: 2, outcome: { type: "succeeded" } });
    const ownerIds = [ownerId];
    expect(await outputFile(t.database, { outputId: lost, ownerIds })).toBeNull();
    expect(await outputFile(t.database, { outputId: won, ownerIds: [newId()] })).toBeNull();
    expect(await outputFile(t.database, { outputId: won, ownerIds })).toMatchObject({
      storageKey: "k",
      sizeBytes: 2 ** 40,
    });
    const { items } = await listOutputs(t.database, { ownerIds, limit: 10 });
    expect(items).toMatchObject([
      {
        outputId: won,
        jobId,
        url: `/api/outputs/${won}`,
        seed: 2 ** 53 - 1,
        workflow: "picture",
        prompt: "a red cube",
      },
    ]);
    expect(await outputById(t.database, { outputId: won, ownerIds })).toEqual(items[0]);
  });
});

describe("queueStats", () => {
  it("counts what waits, runs and ended, and learns how long a workflow takes", async () => {
    const stats = await queueStats(t.database);
    expect(stats).toMatchObject({ paused: false, succeeded: 1, failed: 0, slots: { held: 0, total: 0 }, workers: 0 });
    expect(stats.waiting).toBeGreaterThan(0);
    expect(stats.medianRunSeconds).toBeGreaterThanOrEqual(0);
  });

  it("tells of each job what its length goes by", async () => {
    const { workflowId } = t.workflow;
    const [run] = await recentRuns(t.database);
    expect(run).toMatchObject({ workflowId, backendId: expect.any(String), size: {} });
    expect(run?.seconds).toBeGreaterThanOrEqual(0);
    const [waiting] = (await queuedJobs(t.database)).values();
    expect(waiting).toMatchObject({ workflowId, size: {} });
    const [running] = await runningJobs(t.database);
    expect(running).toMatchObject({ workflowId, backendId: expect.any(String), size: {} });
  });
});
