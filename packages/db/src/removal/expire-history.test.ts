import { newId } from "@darkroom/contracts";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createOutput } from "../attempts/create-output.ts";
import { settleJob } from "../attempts/settle-job.ts";
import { maintain } from "../maintenance/maintain.ts";
import { type Setup, setup } from "../testing/setup.ts";
import { expireHistory } from "./expire-history.ts";

let t: Setup;
beforeAll(async () => {
  t = await setup(inject("postgresUrl"));
});
afterAll(() => t?.drop());

/** A job that ended so many days ago with one picture. */
async function ended(ownerId: string, daysAgo: number): Promise<{ jobId: string; outputId: string }> {
  const { jobId, attempt } = await t.running(ownerId);
  const outputId = newId();
  const file = { sha256: "s", storageKey: "k", kind: "image", mimeType: "image/png", width: 1, height: 1 } as const;
  const output = { outputId, ...file, sizeBytes: 1, seed: null };
  await createOutput(t.database, { jobId, attempt, ordinal: 0, output });
  await settleJob(t.database, { jobId, attempt, outcome: { type: "succeeded" } });
  await t.database.sql`
    UPDATE jobs SET finished_at = finished_at - make_interval(days => ${daysAgo}) WHERE id = ${jobId}`;
  return { jobId, outputId };
}
const left = async (ownerId: string): Promise<string[]> => {
  const rows = await t.database.sql<{ id: string }[]>`
    SELECT id FROM jobs WHERE owner_id = ${ownerId} AND removed_at IS NULL ORDER BY created_at, id`;
  return rows.map(({ id }) => id);
};

test("a job is removed the given days after its end, with its picture, and its owner is told", async () => {
  const ownerId = newId();
  const [old, young] = [await ended(ownerId, 31), await ended(ownerId, 29)];
  const running = await t.running(ownerId);
  const events = await expireHistory(t.database, { days: 30 });
  expect(events.map(({ event }) => event)).toMatchObject([{ type: "job.removed", jobId: old.jobId }]);
  expect((await left(ownerId)).sort()).toEqual([young.jobId, running.jobId].sort());
  expect(await t.database.sql`SELECT 1 FROM outputs WHERE id = ${old.outputId}`).toHaveLength(0);
  expect(await expireHistory(t.database, { days: 30 })).toEqual([]);
});

test("a job whose picture another one waits to take stays until that one has ended", async () => {
  const ownerId = newId();
  const source = await ended(ownerId, 31);
  const { jobId, attempt } = await t.running(ownerId, { inputs: { image: { outputId: source.outputId } } });
  expect(await expireHistory(t.database, { days: 30 })).toEqual([]);
  await settleJob(t.database, { jobId, attempt, outcome: { type: "succeeded" } });
  expect(await expireHistory(t.database, { days: 30 })).toMatchObject([{ event: { jobId: source.jobId } }]);
  expect(await left(ownerId)).toEqual([jobId]);
});

test("maintenance removes nothing by age unless it is told how long history is kept", async () => {
  const ownerId = newId();
  const { jobId } = await ended(ownerId, 4000);
  const tick = async (historyDays?: number) => {
    await t.tickedAllAlong();
    await t.database.sql`UPDATE maintenance SET swept_at = now() - interval '2 minutes'`;
    return maintain(t.database, { leaseSeconds: 10, jobTimeoutSeconds: 600, historyDays });
  };
  await tick();
  expect(await left(ownerId)).toEqual([jobId]);
  expect((await tick(365)).events).toMatchObject([{ event: { type: "job.removed", jobId } }]);
  expect(await left(ownerId)).toEqual([]);
});
