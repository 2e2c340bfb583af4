import { newId, type OwnedEvent } from "@darkroom/contracts";
import { afterAll, afterEach, beforeAll, expect, inject, test } from "vitest";
import { createOutput } from "../attempts/create-output.ts";
import { settleJob } from "../attempts/settle-job.ts";
import { createUpload } from "../files/uploads.ts";
import { maintain } from "../maintenance/maintain.ts";
import { ensureOwner } from "../owners/owners.ts";
import { type Setup, setup } from "../testing/setup.ts";
import { previewRetention, type RetentionLoss } from "./preview-retention.ts";
import { type RetentionChanges, readRetention, setRetention } from "./rules.ts";

let t: Setup;
beforeAll(async () => {
  t = await setup(inject("postgresUrl"));
});
afterAll(() => t?.drop());
/** Each test has its owner alone, or the others' jobs would be counted too. */
afterEach(async () => {
  const { sql } = t.database;
  await sql`UPDATE jobs SET removed_at = now() - interval '1 day' WHERE removed_at IS NULL`;
  for (const table of ["outputs", "uploads", "job_events"]) await sql`DELETE FROM ${sql(table)}`;
  await sql`DELETE FROM settings WHERE key = 'retention'`;
});

/** A job that ended so many days ago with one picture, made on that day. */
async function ended(ownerId: string, daysAgo: number): Promise<string> {
  const { jobId, attempt } = await t.running(ownerId);
  const file = { sha256: "s", storageKey: "k", kind: "image", mimeType: "image/png", width: 1, height: 1 } as const;
  await createOutput(t.database, {
    ...{ jobId, attempt, ordinal: 0 },
    output: { outputId: newId(), ...file, sizeBytes: 1000, seed: null },
  });
  await settleJob(t.database, { jobId, attempt, outcome: { type: "succeeded" } });
  const { sql } = t.database;
  const ago = sql`make_interval(days => ${daysAgo})`;
  await sql`UPDATE jobs SET created_at = created_at - ${ago}, finished_at = finished_at - ${ago} WHERE id = ${jobId}`;
  await sql`UPDATE outputs SET created_at = created_at - ${ago} WHERE job_id = ${jobId}`;
  return jobId;
}

async function sent(ownerId: string, daysAgo: number): Promise<string> {
  const uploadId = newId();
  await ensureOwner(t.database, { ownerId, kind: "guest" });
  const file = { sha256: "s", storageKey: uploadId, mimeType: "image/png", width: 1, height: 1, sizeBytes: 500 };
  await createUpload(t.database, { uploadId, ownerId, ...file });
  await t.database.sql`
    UPDATE uploads SET created_at = created_at - make_interval(days => ${daysAgo}) WHERE id = ${uploadId}`;
  return uploadId;
}

const set = (changes: RetentionChanges): Promise<void> => setRetention(t.database, { changes, ownerId: newId() });

/** What the rules that are set would take, by kind. */
async function losses(): Promise<Record<string, RetentionLoss>> {
  const { rules } = await readRetention(t.database);
  return Object.fromEntries((await previewRetention(t.database, rules)).map((loss) => [loss.kind, loss]));
}

async function sweep(): Promise<readonly OwnedEvent[]> {
  await t.tickedAllAlong();
  await t.database.sql`UPDATE maintenance SET swept_at = now() - interval '2 minutes'`;
  return (await maintain(t.database, { leaseSeconds: 10, jobTimeoutSeconds: 600 })).events;
}

const jobsLeft = async (ownerId: string): Promise<string[]> => {
  const rows = await t.database.sql<{ id: string }[]>`
    SELECT id FROM jobs WHERE owner_id = ${ownerId} AND removed_at IS NULL ORDER BY created_at, id`;
  return rows.map(({ id }) => id);
};

test("a rule that is set stays set beside others, with who set it, and null takes it back", async () => {
  const ownerId = newId();
  await ensureOwner(t.database, { ownerId, kind: "guest" });
  await setRetention(t.database, { changes: { jobs: { days: 90, perOwner: 50 } }, ownerId });
  await setRetention(t.database, { changes: { jobs: { days: null }, events: { days: 7 } }, ownerId });
  const stored = await readRetention(t.database);
  expect(stored.rules).toMatchObject({ jobs: { days: null, perOwner: 50 }, events: { days: 7, perOwner: null } });
  expect(stored.changedBy).toEqual({ ownerId, displayName: null });
  await setRetention(t.database, { changes: {}, previewSeconds: 30, ownerId });
  await set({ events: { days: 8 } });
  expect(await readRetention(t.database)).toMatchObject({ previewSeconds: 30, rules: { events: { days: 8 } } });
  await setRetention(t.database, { changes: {}, previewSeconds: null, ownerId });
  expect(await readRetention(t.database)).toMatchObject({ previewSeconds: 120, rules: { jobs: { perOwner: 50 } } });
});

test("what operators set at the same moment is all set", async () => {
  const kinds = ["jobs", "outputs", "uploads", "events"] as const;
  await Promise.all(kinds.flatMap((kind) => [set({ [kind]: { days: 20 } }), set({ [kind]: { perOwner: 700 } })]));
  const rule = { days: 20, perOwner: 700 };
  expect((await readRetention(t.database)).rules).toEqual({ jobs: rule, outputs: rule, uploads: rule, events: rule });
});

test("a dry run says what would go, takes nothing, and the sweep then takes exactly that", async () => {
  const ownerId = newId();
  const [old, young] = [await ended(ownerId, 20), await ended(ownerId, 2)];
  await set({ jobs: { days: 10 } });
  const before = await losses();
  expect(before.jobs).toMatchObject({ rows: 1, hasMore: false, files: 1, bytes: 1000 });
  const days = (Date.now() - Date.parse(before.jobs?.oldestAt ?? "")) / 86_400_000;
  expect(days).toBeCloseTo(20, 1);
  expect(await jobsLeft(ownerId)).toEqual([old, young]);
  expect((await sweep()).map(({ event }) => event)).toMatchObject([{ type: "job.removed", jobId: old }]);
  expect(await jobsLeft(ownerId)).toEqual([young]);
  expect((await losses()).jobs).toMatchObject({ rows: 0, files: 0, bytes: 0, oldestAt: null });
});

test("each owner keeps their newest jobs, and what has not ended counts as none", async () => {
  const [ownerId, other] = [newId(), newId()];
  const jobs = [await ended(ownerId, 3), await ended(ownerId, 2), await ended(ownerId, 1)];
  const { jobId: running } = await t.running(ownerId);
  const only = await ended(other, 9);
  await set({ jobs: { perOwner: 2 } });
  expect((await losses()).jobs).toMatchObject({ rows: 1, bytes: 1000 });
  await sweep();
  expect(await jobsLeft(ownerId)).toEqual([jobs[1], jobs[2], running]);
  expect(await jobsLeft(other)).toEqual([only]);
});

test("files go before their jobs where they are kept for less long, and their owner is told", async () => {
  const ownerId = newId();
  const [old, ...young] = [await ended(ownerId, 20), await ended(ownerId, 3), await ended(ownerId, 2)];
  await set({ outputs: { days: 10, perOwner: 1 } });
  expect((await losses()).outputs).toMatchObject({ rows: 2, files: 2, bytes: 2000 });
  expect((await sweep()).map(({ event }) => event.type)).toEqual(["output.removed", "output.removed"]);
  expect(await jobsLeft(ownerId)).toEqual([old, ...young]);
  const left = await t.database.sql`SELECT job_id FROM outputs WHERE owner_id = ${ownerId}`;
  expect(left).toEqual([{ job_id: young[1] }]);
});

test("an upload that no job uses goes by its age and by number; one that a job uses stays", async () => {
  const ownerId = newId();
  const [old, used, ...young] = [
    await sent(ownerId, 20),
    await sent(ownerId, 19),
    await sent(ownerId, 3),
    await sent(ownerId, 2),
  ];
  await t.queued(ownerId, { inputs: { image: { uploadId: used } } });
  await set({ uploads: { days: 10, perOwner: 1 } });
  expect((await losses()).uploads).toMatchObject({ rows: 2, files: 2, bytes: 1000 });
  // The first sweep has them expire, the next one removes what has expired and no job uses.
  await sweep();
  await sweep();
  const left = await t.database.sql<{ id: string }[]>`SELECT id FROM uploads WHERE owner_id = ${ownerId}`;
  expect(left.map(({ id }) => id).sort()).toEqual([used, young[1]].sort());
  expect(left.map(({ id }) => id)).not.toContain(old);
  expect((await losses()).uploads).toMatchObject({ rows: 0 });
});

test("a feed keeps its last events, so that whoever saw less starts over", async () => {
  const ownerId = newId();
  await ended(ownerId, 0);
  const all = await t.feed(ownerId);
  await set({ events: { perOwner: 2 } });
  expect((await losses()).events).toMatchObject({ rows: all.length - 2, files: 0 });
  await sweep();
  expect(await t.feed(ownerId)).toEqual(all.slice(-2));
});

test("the turn goes round all owners, however many of them have nothing to lose", async () => {
  const { sql } = t.database;
  await sql`
    INSERT INTO owners (id, kind, role, created_at) SELECT gen_random_uuid(), 'guest', 'guest', now() FROM generate_series(1, 120)`;
  const last = "ffffffff-ffff-4fff-bfff-ffffffffffff";
  const jobs = [await ended(last, 2), await ended(last, 1)];
  await set({ jobs: { perOwner: 1 } });
  let sweeps = 0;
  while ((await sweep()).length === 0) expect(++sweeps).toBeLessThan(10);
  expect(await jobsLeft(last)).toEqual([jobs[1]]);
});
