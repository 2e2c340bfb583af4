import { newId } from "@darkroom/contracts";
import { afterAll, beforeAll, describe, expect, inject, it, vi } from "vitest";
import { createOutput } from "../attempts/create-output.ts";
import { settleJob } from "../attempts/settle-job.ts";
import { stageJob } from "../attempts/stage-job.ts";
import type { NewOutput } from "../reads/output-view.ts";
import { limits, type Setup, setup } from "../testing/setup.ts";
import { createDatabase, type Database } from "./client.ts";

let t: Setup;
beforeAll(async () => {
  t = await setup(inject("postgresUrl"));
});
afterAll(() => t.drop());

const picture = (): NewOutput => ({
  ...{ outputId: newId(), sha256: "s", storageKey: "k", kind: "image", mimeType: "image/png" },
  ...{ width: 1, height: 1, sizeBytes: 1, seed: null },
});

describe("the steps of a job's life", () => {
  it("read no table whole, however little is in it", async () => {
    const ownerId = newId();
    await t.submit({ ownerId });
    // Now Postgres knows how little there is, and that to read it whole would be quickest today.
    await t.database.sql`ANALYZE`;
    const one = createDatabase(t.url, { max: 1 });
    const quota = { ...limits, storedBytesPerOwner: 1_000_000 };
    const before = await wholeReads();
    for (let times = 0; times < 10; times += 1) {
      const { jobs } = await t.submitTo(one, { ownerId, addressKey: "address", limits: quota, jobs: [t.newJob()] });
      const claimed = await t.claim(jobs[0]?.jobId ?? "", {}, one);
      const { jobId = "", attempt = 0 } = claimed?.job ?? {};
      expect(await stageJob(one, { jobId, attempt, stage: "loading" })).toHaveLength(1);
      expect(await createOutput(one, { jobId, attempt, ordinal: 0, output: picture() })).toHaveLength(1);
      expect(await settleJob(one, { jobId, attempt, outcome: { type: "succeeded" } })).not.toBeNull();
    }
    // A connection tells what it read once a second at most, unless it is asked to.
    await one.sql`SELECT pg_stat_force_next_flush()`;
    await one.close();
    expect(await wholeReads()).toEqual(before);
  });

  it("read no more of an account's while thousands of jobs wait than while none did", async () => {
    const one = createDatabase(t.url, { max: 1 });
    const ownerId = newId();
    const submit = async () => void (await t.submitTo(one, { ownerId, jobs: [t.newJob()] }));
    await t.database.sql`ANALYZE`;
    await submit();
    const few = await rowsReadBy(one, submit);
    // By the same connection: what another one read is told whenever that one likes.
    const crowd = Array.from({ length: 3 }, () => newId());
    for (const other of crowd)
      await t.submitTo(one, { ownerId: other, jobs: Array.from({ length: 800 }, () => t.newJob()) });
    expect(await rowsReadBy(one, submit)).toBeLessThan(few + 100);
    await one.close();
  });

  it("read no more of a guest's after a thousand of others' jobs have succeeded than before", async () => {
    const one = createDatabase(t.url, { max: 1 });
    const guest = { ownerId: newId(), ownerKind: "guest", addressKey: newId() } as const;
    const submit = async () => void (await t.submitTo(one, { ...guest, jobs: [t.newJob()] }));
    const crowd = Array.from({ length: 20 }, () => newId());
    const crowdIn = async (each: number) => {
      for (const other of crowd)
        await t.submitTo(one, { ownerId: other, jobs: Array.from({ length: each }, () => t.newJob()) });
    };
    await crowdIn(5);
    await t.database.sql`ANALYZE`;
    await submit();
    const few = await rowsReadBy(one, submit);
    await crowdIn(50);
    await one.sql`UPDATE jobs SET state = 'succeeded', finished_at = now() WHERE owner_id = ANY(${crowd}::uuid[])`;
    expect(await rowsReadBy(one, submit)).toBeLessThan(few + 100);
    await one.close();
  });

  it("of guests at one address are written together, a whole batch in one transaction", async () => {
    const address = { addressKey: newId(), ownerKind: "guest" } as const;
    const ownerIds = Array.from({ length: 32 }, () => newId());
    await Promise.all(ownerIds.map((ownerId) => t.submit({ ...address, ownerId })));
    await Promise.all(ownerIds.map((ownerId) => t.submit({ ...address, ownerId, jobs: [t.newJob({ seed: 7 })] })));
    const written = await t.database.sql`
      SELECT DISTINCT xmin FROM jobs WHERE seed = 7 AND owner_id = ANY(${ownerIds}::uuid[])`;
    expect(written).toHaveLength(1);
  });

  it("of one owner are written together, those of the next batch too", async () => {
    const ownerId = newId();
    await t.submit({ ownerId, jobs: [t.newJob()] });
    const submits = Array.from({ length: 64 }, () => t.submit({ ownerId, jobs: [t.newJob({ seed: 9 })] }));
    const jobIds = (await Promise.all(submits)).map(({ jobs }) => jobs[0]?.jobId ?? "");
    await Promise.all(jobIds.map((jobId) => t.claim(jobId)));
    await Promise.all(jobIds.map((jobId) => stageJob(t.database, { jobId, attempt: 1, stage: "saving" })));
    await Promise.all(
      jobIds.map((jobId) => createOutput(t.database, { jobId, attempt: 1, ordinal: 0, output: picture() })),
    );
    const outcome = { type: "succeeded" } as const;
    await Promise.all(jobIds.map((jobId) => settleJob(t.database, { jobId, attempt: 1, outcome })));
    const written = await t.database.sql`
      SELECT type, count(DISTINCT xmin::text) AS transactions FROM job_events
      WHERE job_id = ANY(${jobIds}::uuid[]) GROUP BY type ORDER BY type`;
    expect(written.map(({ type, transactions }) => [type, transactions])).toEqual([
      ["job.queued", 2],
      ["job.staged", 2],
      ["job.started", 2],
      ["job.succeeded", 2],
      ["output.created", 2],
    ]);
  });

  it("of an owner whose feed somebody holds wait for it, and keep nobody else waiting", async () => {
    const [ownerId, other] = [newId(), newId()];
    await Promise.all([ownerId, other].map((known) => t.submit({ ownerId: known })));
    let isStored = false;
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const { promise: held, resolve: hold } = Promise.withResolvers<void>();
    const holding = t.database.sql.begin(async (tx) => {
      await tx`SET LOCAL idle_in_transaction_session_timeout = 0`;
      await tx`SELECT 1 FROM owner_feeds WHERE owner_id = ${ownerId} FOR UPDATE`;
      hold();
      await released;
    });
    await held;
    const waiting = t.submit({ ownerId, jobs: [t.newJob()] }).then(() => {
      isStored = true;
    });
    // Behind the first answer, which says that the feed is held.
    for (let times = 0; times < 3; times += 1) await t.submit({ ownerId: other, jobs: [t.newJob()] });
    expect(isStored).toBe(false);
    release();
    await Promise.all([holding, waiting]);
  });

  it("take the counts of several owners' files in the order in which whoever removes files of several takes them", async () => {
    const owners = [newId(), newId()].sort();
    const [first = "", last = ""] = owners;
    const held = await Promise.all([last, first].map((ownerId) => t.running(ownerId)));
    const store = (ordinal: number) =>
      Promise.all(held.map((job) => createOutput(t.database, { ...job, ordinal, output: picture() })));
    await store(0);
    const { promise: stored, resolve } = Promise.withResolvers<unknown>();
    await t.database.sql.begin(async (tx) => {
      await tx`SET LOCAL idle_in_transaction_session_timeout = 0`;
      const take = (ownerId: string) => tx`UPDATE stored_files SET files = files WHERE owner_id = ${ownerId}`;
      await take(first);
      resolve(store(1));
      await vi.waitFor(async () => {
        const [row] = await t.database.sql`
          SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
        expect(row?.count).toBe(1);
      });
      await take(last);
    });
    await stored;
    // Had they waited for each other, one of the two would have been undone, and each output written by itself.
    const written = await t.database.sql`
      SELECT DISTINCT xmin FROM outputs WHERE ordinal = 1 AND owner_id = ANY(${owners}::uuid[])`;
    expect(written).toHaveLength(1);
  });

  it("that repeat a key give one job, and are written together with those of others", async () => {
    const [ownerId, other] = [newId(), newId()];
    await Promise.all([ownerId, other].map((known) => t.submit({ ownerId: known })));
    const answers = await Promise.all([
      t.submit({ ownerId, jobs: [t.newJob({ seed: 8, idempotencyKey: "twice" })] }),
      t.submit({ ownerId, jobs: [t.newJob({ seed: 8, idempotencyKey: "twice" })] }),
      t.submit({ ownerId: other, jobs: [t.newJob({ seed: 8, idempotencyKey: "twice" })] }),
    ]);
    expect(answers.map(({ created }) => created)).toEqual([true, false, true]);
    const written = await t.database.sql`SELECT xmin, count(*) FROM jobs WHERE seed = 8 GROUP BY xmin`;
    expect(written).toMatchObject([{ count: 2 }]);
  });
});

/** How often each table that grows was read from its beginning to its end. */
async function wholeReads() {
  return t.database.sql`
    SELECT relname, seq_scan FROM pg_stat_user_tables
    WHERE relname IN ('jobs', 'job_events', 'owners', 'owner_feeds', 'submits', 'attempts', 'dispatches', 'outputs', 'stored_files') ORDER BY relname`;
}

/** How many rows of jobs a connection finds by indexes during a call. */
async function rowsReadBy({ sql }: Database, call: () => Promise<void>): Promise<number> {
  const found = async () => {
    await sql`SELECT pg_stat_force_next_flush()`;
    const [row] = await sql<{ rows: number }[]>`
      SELECT idx_tup_fetch::int AS rows FROM pg_stat_user_tables WHERE relname = 'jobs'`;
    return row?.rows ?? 0;
  };
  const before = await found();
  await call();
  return (await found()) - before;
}
