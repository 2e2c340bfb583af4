import { durableEventSchema, newId } from "@darkroom/contracts";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import type { ClaimedJob } from "../attempts/claim-job.ts";
import { createOutput } from "../attempts/create-output.ts";
import { openDispatches, recordDispatch } from "../attempts/dispatches.ts";
import { settleJob } from "../attempts/settle-job.ts";
import { outputFile } from "../files/outputs.ts";
import { sharedOutput, shareOutput } from "../files/share-output.ts";
import { listDeadLetters } from "../jobs/dead-letters.ts";
import { requestCancel } from "../jobs/request-cancel.ts";
import { deleteExpired } from "../maintenance/retention.ts";
import { jobProvenance } from "../reads/job-provenance.ts";
import { attemptAtWork, jobSource, jobTimeline } from "../reads/job-timeline.ts";
import { jobView } from "../reads/job-view.ts";
import { listJobs } from "../reads/list-jobs.ts";
import { recentRuns } from "../reads/run-times.ts";
import { snapshot } from "../reads/snapshot.ts";
import { failure, limits, type Setup, setup } from "../testing/setup.ts";
import { removeJob } from "./remove-job.ts";

let t: Setup;
beforeAll(async () => {
  t = await setup(inject("postgresUrl"));
});
afterAll(() => t.drop());

async function picture({ jobId, attempt }: ClaimedJob, sha256 = newId()): Promise<string> {
  const outputId = newId();
  const file = { sha256, storageKey: sha256, kind: "image", mimeType: "image/png", sizeBytes: 1, seed: 1 } as const;
  const output = { outputId, ...file, width: 1, height: 1 };
  await createOutput(t.database, { jobId, attempt, ordinal: 0, output });
  return outputId;
}

/** A job that succeeded with one picture. */
async function succeeded(ownerId: string, changes?: Parameters<Setup["running"]>[1]) {
  const job = await t.running(ownerId, changes);
  const outputId = await picture(job);
  await settleJob(t.database, { ...job, outcome: { type: "succeeded" } });
  return { jobId: job.jobId, outputId };
}

const remove = (jobId: string, ownerIds: readonly string[] | null) => removeJob(t.database, { jobId, ownerIds });

describe("removeJob", () => {
  it("takes an ended job out of everything that shows jobs, with its outputs and what they are shared as", async () => {
    const ownerId = newId();
    const { jobId, outputId } = await succeeded(ownerId);
    await shareOutput(t.database, { outputId, share: { hash: jobId, nonce: null } });
    const failed = await t.running(ownerId);
    await settleJob(t.database, { ...failed, outcome: { type: "failed", failure } });
    await remove(jobId, [ownerId]);
    await remove(failed.jobId, [ownerId]);
    for (const ownerIds of [[ownerId], null]) {
      const asked = { jobId, ownerIds };
      expect(await jobView(t.database, asked)).toBeNull();
      expect(await jobSource(t.database, asked)).toBeNull();
      expect(await jobTimeline(t.database, asked)).toBeNull();
      expect(await jobProvenance(t.database, asked)).toBeNull();
      expect(await attemptAtWork(t.database, asked)).toBeNull();
      expect(await outputFile(t.database, { outputId, ownerIds })).toBeNull();
    }
    expect(await sharedOutput(t.database, jobId)).toBeNull();
    expect((await listJobs(t.database, { ownerIds: [ownerId], limit: 10 })).items).toEqual([]);
    expect((await snapshot(t.database, { ownerIds: [ownerId], jobId })).jobs).toEqual([]);
    const letters = await listDeadLetters(t.database, { limit: 100 });
    expect(letters.items.map((letter) => letter.jobId)).not.toContain(failed.jobId);
    const kept = await t.database.sql`
      SELECT 1 FROM jobs j LEFT JOIN attempts a ON a.job_id = j.id WHERE j.owner_id = ${ownerId}
        AND (j.inputs <> '{}' OR coalesce(j.failure, j.metadata, a.failure, a.graph, a.run) IS NOT NULL OR j.seed IS NOT NULL)`;
    expect(kept).toEqual([]);
    expect((await recentRuns(t.database)).filter(({ size }) => Object.keys(size).length === 0)).toEqual([]);
  });

  it("tells of it once in the feed, as the job's last event, and nothing is missing before it", async () => {
    const ownerId = newId();
    const { jobId } = await succeeded(ownerId);
    const before = await t.feed(ownerId);
    const answers = await Promise.all([1, 2, 3].map(() => remove(jobId, [ownerId])));
    expect(answers.filter((answer) => answer === null)).toHaveLength(2);
    const feed = await t.feed(ownerId);
    expect(feed.map(({ ownerSeq }) => ownerSeq)).toEqual(feed.map((_, index) => index + 1));
    const [last] = feed.slice(before.length);
    expect(feed).toEqual([...before, ...(answers.find((answer) => answer !== null) ?? [])]);
    expect(last?.event).toMatchObject({ type: "job.removed", jobId, version: before.length + 1, attempt: 1 });
    expect(durableEventSchema.parse(last?.event)).toEqual(last?.event);
  });

  it("refuses a job that has not ended, and says what to do", async () => {
    const ownerId = newId();
    const waiting = await t.queued(ownerId);
    const running = (await t.running(ownerId)).jobId;
    const canceling = (await t.running(ownerId)).jobId;
    await requestCancel(t.database, { jobId: canceling, ownerIds: null });
    for (const jobId of [waiting, running, canceling]) {
      await expect(remove(jobId, [ownerId])).rejects.toMatchObject({
        code: "JOB_NOT_ENDED",
        message: expect.stringContaining("ancel"),
      });
      expect(await jobView(t.database, { jobId, ownerIds: null })).not.toBeNull();
    }
  });

  it("finds nothing that is someone else's, and anything for operators", async () => {
    const ownerId = newId();
    const { jobId } = await succeeded(ownerId);
    expect(await remove(jobId, [newId()])).toBeNull();
    expect(await remove(newId(), null)).toBeNull();
    expect(await remove("nonsense", null)).toBeNull();
    expect(await jobView(t.database, { jobId, ownerIds: null })).not.toBeNull();
    expect(await remove(jobId, null)).toHaveLength(1);
  });

  it("gives no quota back", async () => {
    const ownerId = newId();
    const two = { ...limits, generationsPerHour: 2 };
    const { jobId } = await succeeded(ownerId);
    await remove(jobId, [ownerId]);
    expect((await t.submit({ ownerId, limits: two })).remaining).toMatchObject({ generations: 0 });
    await expect(t.submit({ ownerId, limits: two })).rejects.toMatchObject({ code: "QUOTA_EXCEEDED" });
  });

  it("answers a repeat of the request that made it with the same job, and makes none", async () => {
    const ownerId = newId();
    const { jobId } = await succeeded(ownerId, { idempotencyKey: "once" });
    await remove(jobId, [ownerId]);
    const again = await t.submit({ ownerId, jobs: [t.newJob({ idempotencyKey: "once" })] });
    expect(again).toMatchObject({ created: false, jobs: [{ jobId }] });
  });

  it("keeps a picture that a job of the same person waits for", async () => {
    const [account, guest] = [newId(), newId()];
    const { jobId, outputId } = await succeeded(guest);
    const user = await t.queued(account, { inputs: { image: { outputId } } });
    await t.database.sql`UPDATE owners SET linked_to = ${account} WHERE id = ${guest}`;
    await expect(remove(jobId, [account, guest])).rejects.toMatchObject({ code: "JOB_NOT_ENDED" });
    await requestCancel(t.database, { jobId: user, ownerIds: null });
    expect(await remove(jobId, [account, guest])).toHaveLength(1);
  });

  it("leaves a prompt that may still be on a backend to whoever looks through it", async () => {
    const ownerId = newId();
    const job = await t.running(ownerId);
    const promptId = newId();
    const backendId = newId();
    await recordDispatch(t.database, { ...job, backendId, promptId, clientId: "c", graph: {} });
    await settleJob(t.database, { ...job, outcome: { type: "failed", failure } });
    await remove(job.jobId, [ownerId]);
    await t.database.sql`UPDATE jobs SET removed_at = now() - interval '2 hours' WHERE id = ${job.jobId}`;
    await deleteExpired(t.database, { eventDays: 30 });
    expect(await openDispatches(t.database, { backendId })).toMatchObject([{ promptId, current: false }]);
    await t.database.sql`UPDATE dispatches SET closed_at = now() WHERE prompt_id = ${promptId}`;
    await deleteExpired(t.database, { eventDays: 30 });
    expect(await t.database.sql`SELECT 1 FROM jobs WHERE id = ${job.jobId}`).toEqual([]);
  });

  it("leaves no row once the hour is over, of its batch neither with the last of its jobs", async () => {
    const ownerId = newId();
    const batchId = newId();
    const jobs = [t.newJob(), t.newJob()];
    await t.submit({ ownerId, batchId, jobs });
    for (const { jobId } of jobs) await requestCancel(t.database, { jobId, ownerIds: null });
    const batches = () => t.database.sql`SELECT open, canceled FROM batches WHERE id = ${batchId}`;
    for (const [index, { jobId }] of jobs.entries()) {
      await remove(jobId, [ownerId]);
      await deleteExpired(t.database, { eventDays: 30 });
      expect(await batches()).toEqual([{ open: 0, canceled: 2 }]);
      await t.database.sql`UPDATE jobs SET removed_at = now() - interval '61 minutes' WHERE id = ${jobId}`;
      await deleteExpired(t.database, { eventDays: 30 });
      expect(await t.database.sql`SELECT id FROM jobs WHERE owner_id = ${ownerId}`).toHaveLength(1 - index);
    }
    expect(await batches()).toEqual([]);
  });
});
