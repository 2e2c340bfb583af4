import { DarkroomError, durableEventSchema, newId } from "@darkroom/contracts";
import { afterAll, beforeAll, describe, expect, inject, it, vi } from "vitest";
import { ensureOwner } from "../owners/owners.ts";
import { createDatabase, type Database } from "../postgres/client.ts";
import { jobView } from "../reads/job-view.ts";
import { removeJob } from "../removal/remove-job.ts";
import { limits, type Setup, setup } from "../testing/setup.ts";
import { requestCancel } from "./request-cancel.ts";
import type { NewJob, Submission } from "./submit-jobs.ts";
import { lastDepth } from "./submit-limits.ts";

let t: Setup;
/** As many processes: what one submits at once it writes together, so only several of them meet at the locks. */
let processes: Database[];
beforeAll(async () => {
  t = await setup(inject("postgresUrl"));
  processes = Array.from({ length: 8 }, () => createDatabase(t.url, { max: 2 }));
});
afterAll(async () => {
  await Promise.all(processes.map((database) => database.close()));
  await t.drop();
});

/** So many submits at once, from all processes. */
const submitMany = (count: number, changes: Partial<Submission>): Promise<unknown>[] =>
  Array.from({ length: count }, (_, index) => t.submitTo(processes[index % processes.length] ?? t.database, changes));

/** How many of the promises were fulfilled, and the codes of the others. */
async function settle(promises: Promise<unknown>[]): Promise<{ fulfilled: number; codes: unknown[] }> {
  const results = await Promise.allSettled(promises);
  const reasons = results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
  return {
    fulfilled: results.length - reasons.length,
    codes: [...new Set(reasons.map((reason) => (reason instanceof DarkroomError ? reason.code : reason)))],
  };
}

/** Waits until a transaction of this database waits for a lock of this kind. */
const waitsFor = (kind: "advisory" | "transactionid") =>
  vi.waitFor(async () => {
    const waiting = await t.database.sql`
      SELECT FROM pg_locks JOIN pg_stat_activity USING (pid)
      WHERE locktype = ${kind} AND NOT granted AND datname = current_database()`;
    expect(waiting).toHaveLength(1);
  });

describe("submitJobs", () => {
  it("stores a job with its event, its entry and what remains", async () => {
    const ownerId = newId();
    const job = t.newJob({ priority: "low", modelKey: "m" });
    const answer = await t.submit({ ownerId, jobs: [job], limits: { ...limits, submitsPerMinute: 10 } });
    expect(answer).toMatchObject({
      created: true,
      jobs: [{ jobId: job.jobId, batchId: null, state: "queued", version: 1 }],
      remaining: { submits: 9, generations: 999 },
      entries: [{ jobId: job.jobId, ownerId, priority: "low", capabilityKey: "able", modelKey: "m" }],
      events: [{ ownerId, ownerSeq: 1, event: { type: "job.queued", workflow: "picture", version: 1, attempt: 0 } }],
    });
    expect(await t.feed(ownerId)).toEqual(answer.events);
    for (const { event } of answer.events) expect(durableEventSchema.parse(event)).toEqual(event);
  });

  it("gives twenty parallel repeats of one key one job and one event", async () => {
    const ownerId = newId();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => t.submit({ ownerId, jobs: [t.newJob({ idempotencyKey: "once" })] })),
    );
    expect(answers.filter(({ created }) => created)).toHaveLength(1);
    expect(new Set(answers.map(({ jobs }) => jobs[0]?.jobId)).size).toBe(1);
    expect(await t.feed(ownerId)).toHaveLength(1);
  });

  it("answers a repeated key before any limit, and counts nothing for it", async () => {
    const ownerId = newId();
    const tight = { ...limits, submitsPerMinute: 1, generationsPerHour: 1, maxWaitingPerOwner: 1 };
    const first = await t.submit({ ownerId, limits: tight, jobs: [t.newJob({ idempotencyKey: "k" })] });
    const again = await t.submit({ ownerId, limits: tight, jobs: [t.newJob({ idempotencyKey: "k" })] });
    expect(again).toMatchObject({ created: false, remaining: { submits: 0, generations: 0 }, events: [], entries: [] });
    expect(again.jobs).toEqual(first.jobs);
  });

  it("refuses a known key with other inputs", async () => {
    const ownerId = newId();
    await t.submit({ ownerId, jobs: [t.newJob({ idempotencyKey: "k", inputsHash: "a" })] });
    const other = t.submit({ ownerId, jobs: [t.newJob({ idempotencyKey: "k", inputsHash: "b" })] });
    await expect(other).rejects.toMatchObject({ code: "IDEMPOTENCY_CONFLICT" });
    expect(await t.feed(ownerId)).toHaveLength(1);
  });

  it("compares a known key's priority though its job was removed, but not the metadata that went with it", async () => {
    const ownerId = newId();
    const ask = (changes: Partial<NewJob>) =>
      t.submit({ ownerId, jobs: [t.newJob({ idempotencyKey: "k", metadata: { order: 17 }, ...changes })] });
    const first = await ask({});
    const jobId = first.jobs[0]?.jobId ?? "";
    await requestCancel(t.database, { jobId, ownerIds: null });
    await removeJob(t.database, { jobId, ownerIds: null });
    expect((await ask({ metadata: null })).jobs).toMatchObject([{ jobId, state: "canceled" }]);
    await expect(ask({ priority: "low" })).rejects.toMatchObject({ code: "IDEMPOTENCY_CONFLICT" });
  });

  it("keeps the same key of two owners apart", async () => {
    const answers = await Promise.all([1, 2].map(() => t.submit({ jobs: [t.newJob({ idempotencyKey: "shared" })] })));
    expect(answers.map(({ created }) => created)).toEqual([true, true]);
  });

  // Seven are fewer than the processes: what all of these read before any of them wrote must not count.
  it("accepts exactly the limit of submits under fifty parallel ones", async () => {
    const ownerId = newId();
    await ensureOwner(t.database, { ownerId, kind: "account" });
    const submits = submitMany(50, { ownerId, limits: { ...limits, submitsPerMinute: 7 } });
    expect(await settle(submits)).toEqual({ fulfilled: 7, codes: ["RATE_LIMITED"] });
  });

  it("accepts exactly the limit of submits that are written together", async () => {
    const asked = { ownerId: newId(), limits: { ...limits, submitsPerMinute: 7 } };
    await ensureOwner(t.database, { ownerId: asked.ownerId, kind: "account" });
    const submits = Array.from({ length: 20 }, () => t.submit(asked));
    expect(await settle(submits)).toEqual({ fulfilled: 7, codes: ["RATE_LIMITED"] });
  });

  it("accepts exactly the limit of guests at one address, whoever they are", async () => {
    const guest = { ownerKind: "guest", addressKey: newId(), limits: { ...limits, submitsPerMinute: 7 } } as const;
    expect(await settle(submitMany(50, guest))).toEqual({
      fulfilled: 7,
      codes: ["RATE_LIMITED"],
    });
  });

  it("counts accounts by address as well for their first day, and none that is older", async () => {
    const fresh = { ownerKind: "account", addressKey: newId(), limits: { ...limits, submitsPerMinute: 7 } } as const;
    expect(await settle(Array.from({ length: 20 }, () => t.submit(fresh)))).toEqual({
      fulfilled: 7,
      codes: ["RATE_LIMITED"],
    });
    expect(await settle([t.submit({ ...fresh, ownerKind: "guest" })])).toMatchObject({ codes: ["RATE_LIMITED"] });
    const { sql } = t.database;
    const [old, signedUpToday] = [newId(), newId()];
    for (const ownerId of [old, signedUpToday]) {
      await ensureOwner(t.database, { ownerId, kind: "account", accountId: ownerId });
      await sql`UPDATE owners SET created_at = now() - interval '25 hours' WHERE id = ${ownerId}`;
    }
    // A guest who is older than a day is fresh again as the account that took its owner over.
    await sql`INSERT INTO "user" (id, name, email) VALUES (${signedUpToday}, '', ${signedUpToday})`;
    expect(await settle([t.submit({ ...fresh, ownerId: old })])).toMatchObject({ fulfilled: 1 });
    expect(await settle([t.submit({ ...fresh, ownerId: signedUpToday })])).toMatchObject({ codes: ["RATE_LIMITED"] });
  });

  it("says when the oldest counted submit leaves the window", async () => {
    const ownerId = newId();
    const two = { ...limits, submitsPerMinute: 2 };
    await t.submit({ ownerId, limits: two });
    await t.submit({ ownerId, limits: two });
    await t.database.sql`
      UPDATE submits SET at = at - interval '40 seconds'
      WHERE id = (SELECT min(id) FROM submits WHERE owner_id = ${ownerId})`;
    const error = await t.submit({ ownerId, limits: two }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "RATE_LIMITED" });
    const seconds = error instanceof DarkroomError ? error.retryAfterSeconds : undefined;
    expect(seconds).toBeGreaterThan(15);
    expect(seconds).toBeLessThanOrEqual(20);
  });

  it("counts a batch as one submit and each of its jobs as a generation", async () => {
    const ownerId = newId();
    const jobs = [t.newJob(), t.newJob(), t.newJob()];
    const answer = await t.submit({ ownerId, batchId: newId(), jobs });
    expect(answer.remaining).toEqual({ submits: 999, generations: 997 });
    expect(answer.events.map(({ ownerSeq }) => ownerSeq)).toEqual([1, 2, 3]);
  });

  it("adds later jobs to a batch of the owner's, and to nobody else's", async () => {
    const [ownerId, batchId] = [newId(), newId()];
    await t.submit({ ownerId, batchId });
    const more = await t.submit({ ownerId, batchId, jobs: [t.newJob(), t.newJob()] });
    expect(more.jobs.map((job) => job.batchId)).toEqual([batchId, batchId]);
    await expect(t.submit({ batchId })).rejects.toMatchObject({ code: "NOT_FOUND" });
    const [batch] = await t.database.sql`SELECT owner_id, open FROM batches WHERE id = ${batchId}`;
    expect(batch).toEqual({ owner_id: ownerId, open: 3 });
  });

  it("gives a canceled generation back", async () => {
    const ownerId = newId();
    const one = { ...limits, generationsPerHour: 1 };
    const first = await t.submit({ ownerId, limits: one });
    await expect(t.submit({ ownerId, limits: one })).rejects.toMatchObject({ code: "QUOTA_EXCEEDED" });
    await requestCancel(t.database, { jobId: first.jobs[0]?.jobId ?? "", ownerIds: [ownerId] });
    expect(await t.submit({ ownerId, limits: one })).toMatchObject({ created: true, remaining: { generations: 0 } });
  });

  it("refuses a whole batch when its owner would have too many waiting, and stores none of it", async () => {
    const ownerId = newId();
    const jobs = [t.newJob(), t.newJob()];
    const submit = t.submit({ ownerId, batchId: newId(), jobs, limits: { ...limits, maxWaitingPerOwner: 1 } });
    await expect(submit).rejects.toMatchObject({ code: "QUEUE_FULL", retryAfterSeconds: expect.any(Number) });
    expect(await t.feed(ownerId)).toEqual([]);
  });

  it("refuses when the whole queue is full", async () => {
    const submit = t.submit({ limits: { ...limits, maxWaiting: 1 } });
    await expect(submit).rejects.toMatchObject({ code: "QUEUE_FULL" });
  });

  it("fills the whole queue exactly, however many owners submit at once", async () => {
    // They are known already: an owner who is new is made first, and so comes to the race late.
    const owners = Array.from({ length: 50 }, () => ({ ownerId: newId() }));
    await Promise.all(owners.map((owner) => t.submit(owner)));
    const [{ waiting } = { waiting: 0 }] = await t.database.sql<{ waiting: number }[]>`
      SELECT count(*) AS waiting FROM jobs WHERE state = 'queued'`;
    const within = { ...limits, maxWaiting: waiting + 7 };
    const submits = owners.map((owner, index) =>
      t.submitTo(processes[index % processes.length] ?? t.database, { ...owner, limits: within }),
    );
    const { fulfilled, codes } = await settle(submits);
    expect({ fulfilled, codes }).toEqual({ fulfilled: 7, codes: ["QUEUE_FULL"] });
  });

  it("counts the queue once for all that it then has room for", async () => {
    const database = processes[0] ?? t.database;
    const [{ open } = { open: 0 }] = await t.database.sql<{ open: number }[]>`
      SELECT count(*) AS open FROM jobs WHERE state IN ('queued', 'running', 'canceling')`;
    const within = { ...limits, maxWaiting: open + 10 };
    await t.submitTo(database, { limits: { ...limits, maxWaiting: open + 1 } });
    const counts: unknown[] = [];
    for (let times = 0; times < 9; times += 1) {
      await t.submitTo(database, { limits: within });
      counts.push(lastDepth(database));
    }
    expect(counts.map((depth) => depth === counts[0])).toEqual(Array.from({ length: 9 }, () => true));
    await expect(t.submitTo(database, { limits: within })).rejects.toMatchObject({ code: "QUEUE_FULL" });
  });

  it("counts the queue only once whoever was adding to it has ended, an operator too", async () => {
    const [ownerId, other, batchId] = [newId(), newId(), newId()];
    await Promise.all([ownerId, other].map((known) => t.submit({ ownerId: known })));
    const [{ waiting } = { waiting: 0 }] = await t.database.sql<{ waiting: number }[]>`
      SELECT count(*) AS waiting FROM jobs WHERE state = 'queued'`;
    const { promise: isHeld, resolve: holds } = Promise.withResolvers<void>();
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    const first = t.database.sql.begin(async (tx) => {
      await tx`INSERT INTO batches (id, owner_id, open) VALUES (${batchId}, ${ownerId}, 1)`;
      holds();
      await ended;
    });
    await isHeld;
    const adding = t.submit({ ownerId, batchId, limits: null });
    await waitsFor("transactionid");
    const last = { ...limits, maxWaiting: waiting + 1 };
    const counting = settle([t.submitTo(processes[1] ?? t.database, { ownerId: other, limits: last })]);
    await waitsFor("advisory");
    end();
    expect((await Promise.all([first, adding]))[1]).toMatchObject({ created: true });
    expect(await counting).toEqual({ fulfilled: 0, codes: ["QUEUE_FULL"] });
  });

  it("lets what runs wait again, and takes nothing in its place", async () => {
    const database = createDatabase(t.url, { max: 2 });
    const job = await t.running(newId());
    const [{ waiting } = { waiting: 0 }] = await t.database.sql<{ waiting: number }[]>`
      SELECT count(*) AS waiting FROM jobs WHERE state = 'queued'`;
    const within = { ...limits, maxWaiting: waiting + 2 };
    await t.submitTo(database, { limits: within });
    await t.database.sql`UPDATE jobs SET state = 'queued' WHERE id = ${job.jobId}`;
    await expect(t.submitTo(database, { limits: within })).rejects.toMatchObject({ code: "QUEUE_FULL" });
    await database.close();
  });

  it("keeps the largest seed exact", async () => {
    const ownerId = newId();
    const seed = Number.MAX_SAFE_INTEGER;
    const jobId = await t.queued(ownerId, { seed, inputs: { prompt: "p", seed } });
    expect(await jobView(t.database, { jobId, ownerIds: [ownerId] })).toMatchObject({ seed, inputs: { seed } });
  });
});
