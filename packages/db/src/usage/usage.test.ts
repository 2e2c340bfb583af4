import { newId } from "@darkroom/contracts";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { createOutput } from "../attempts/create-output.ts";
import { settleJob } from "../attempts/settle-job.ts";
import { createUpload } from "../files/uploads.ts";
import { previewSubmit, usageOf } from "../jobs/preview-submit.ts";
import { maintain } from "../maintenance/maintain.ts";
import { deleteExpired } from "../maintenance/retention.ts";
import { insertApiKey } from "../owners/api-keys.ts";
import { ensureOwner } from "../owners/owners.ts";
import { expireUploads } from "../removal/expire-uploads.ts";
import { removeJob } from "../removal/remove-job.ts";
import { removeOutput } from "../removal/remove-output.ts";
import { removeOwner } from "../removal/remove-owner.ts";
import { removeUpload } from "../removal/remove-upload.ts";
import { limits, type Setup, setup } from "../testing/setup.ts";
import { usageReport } from "./usage-report.ts";

let t: Setup;
beforeAll(async () => {
  t = await setup(inject("postgresUrl"));
});
afterAll(() => t?.drop());

const file = {
  sha256: "s",
  storageKey: "k",
  kind: "image",
  mimeType: "image/png",
  width: 1,
  height: 1,
  seed: null,
} as const;
const run = { nodes: [], cached: [], modelLoadMs: null, samplingMs: null, totalMs: 1500, isCold: null, isWhole: true };

/** A job that ended with a file of each size, as its owner sees it. */
async function made(ownerId: string, sizes: readonly number[], apiKeyId: string | null = null): Promise<string[]> {
  const { jobs } = await t.submit({ ownerId, apiKeyId });
  const jobId = jobs[0]?.jobId ?? "";
  const attempt = (await t.claim(jobId))?.job.attempt ?? 0;
  const outputIds = sizes.map(() => newId());
  for (const [ordinal, sizeBytes] of sizes.entries()) {
    const output = { outputId: outputIds[ordinal] ?? "", ...file, sizeBytes };
    await createOutput(t.database, { jobId, attempt, ordinal, output });
  }
  await settleJob(t.database, { jobId, attempt, outcome: { type: "succeeded" }, run });
  return [jobId, ...outputIds];
}

async function sent(ownerId: string, sizeBytes: number, options = {}): Promise<string> {
  const uploadId = newId();
  await ensureOwner(t.database, { ownerId, kind: "guest" });
  const upload = { uploadId, ownerId, ...file, sizeBytes };
  await createUpload(t.database, upload, options);
  return uploadId;
}

const stored = async (ownerId: string) => (await usageOf(t.database, { ownerId, addressKey: null })).storedBytes;

const day = () => new Date().toISOString().slice(0, 10);
/** What is counted of one owner by now, after what ended has settled and maintenance swept. */
async function counted(ownerId: string) {
  await t.database.sql`UPDATE jobs SET finished_at = finished_at - interval '61 seconds' WHERE owner_id = ${ownerId}`;
  await maintain(t.database, { leaseSeconds: 10, jobTimeoutSeconds: 600 });
  await t.database
    .sql`UPDATE maintenance SET swept_at = now() - interval '2 minutes', expire_after = now() - interval '1 hour'`;
  await maintain(t.database, { leaseSeconds: 10, jobTimeoutSeconds: 600 });
  const { items } = await usageReport(t.database, { from: "2020-01-01", to: "2999-01-01", limit: 1000 });
  return items.filter((row) => row.ownerId === ownerId);
}

describe("what is kept of an owner", () => {
  it("is the size of their outputs and uploads, however they come and go", async () => {
    const ownerId = newId();
    expect(await stored(ownerId)).toBe(0);
    const [jobId = "", first = ""] = await made(ownerId, [100, 20]);
    const uploadId = await sent(ownerId, 3);
    const old = await sent(ownerId, 5);
    expect(await stored(ownerId)).toBe(128);
    await removeOutput(t.database, { outputId: first, ownerIds: [ownerId] });
    expect(await stored(ownerId)).toBe(28);
    await removeUpload(t.database, { uploadId, ownerIds: [ownerId] });
    expect(await stored(ownerId)).toBe(25);
    await t.database.sql`UPDATE uploads SET expires_at = now() - interval '1 day' WHERE id = ${old}`;
    await expireUploads(t.database);
    expect(await stored(ownerId)).toBe(20);
    await removeJob(t.database, { jobId, ownerIds: [ownerId] });
    expect(await stored(ownerId)).toBe(0);
    await made(ownerId, [7]);
    await sent(ownerId, 1);
    await removeOwner(t.database, { ownerId });
    expect(await t.database.sql`SELECT files, bytes::int FROM stored_files WHERE owner_id = ${ownerId}`).toEqual([
      { files: 0, bytes: 0 },
    ]);
  });

  it("is an account's and that of the guests which were linked to it, and no other's", async () => {
    const [account, guest, other] = [newId(), newId(), newId()];
    await made(account, [10]);
    await made(guest, [200]);
    await made(other, [5000]);
    await t.database.sql`UPDATE owners SET linked_to = ${account} WHERE id = ${guest}`;
    expect(await stored(account)).toBe(210);
  });

  it("is right whichever of many come and go at once", async () => {
    const ownerId = newId();
    const kept = await Promise.all(Array.from({ length: 20 }, (_, size) => sent(ownerId, size + 1)));
    await Promise.all([
      ...kept.slice(0, 10).map((uploadId) => removeUpload(t.database, { uploadId, ownerIds: [ownerId] })),
      ...Array.from({ length: 10 }, () => made(ownerId, [1000])),
    ]);
    expect(await stored(ownerId)).toBe(10_000 + 155);
  });
});

describe("the quota of storage", () => {
  const quota = { ...limits, storedBytesPerOwner: 100 };

  it("refuses submits and uploads once it is reached, says what to do, and lets them in again after a removal", async () => {
    const ownerId = newId();
    const uploadLimits = { bytesPerOwner: 1e9, bytesPerAddress: 1e9, storedBytesPerOwner: 100, days: 30 };
    const [jobId = ""] = await made(ownerId, [90]);
    await t.submit({ ownerId, limits: quota });
    await expect(sent(ownerId, 11, { limits: uploadLimits })).rejects.toMatchObject({ code: "QUOTA_EXCEEDED" });
    await sent(ownerId, 10, { limits: uploadLimits });
    const refusal = { code: "QUOTA_EXCEEDED", message: expect.stringMatching(/that you may keep\. Remove some/) };
    await expect(t.submit({ ownerId, limits: quota })).rejects.toMatchObject(refusal);
    await expect(previewSubmit(t.database, { ownerId, addressKey: null, limits: quota })).rejects.toMatchObject(
      refusal,
    );
    await t.submit({ ownerId, limits: null });
    await removeJob(t.database, { jobId, ownerIds: [ownerId] });
    await t.submit({ ownerId, limits: quota });
  });

  it("takes nothing from a job that was let in: it ends with its files, and a repeated key is answered", async () => {
    const ownerId = newId();
    const job = t.newJob({ idempotencyKey: "again" });
    const { jobs } = await t.submit({ ownerId, limits: quota, jobs: [job] });
    await made(ownerId, [500]);
    const jobId = jobs[0]?.jobId ?? "";
    const attempt = (await t.claim(jobId))?.job.attempt ?? 0;
    const output = { outputId: newId(), ...file, sizeBytes: 400 };
    expect(await createOutput(t.database, { jobId, attempt, ordinal: 0, output })).toHaveLength(1);
    expect(await settleJob(t.database, { jobId, attempt, outcome: { type: "succeeded" } })).not.toBeNull();
    expect(await stored(ownerId)).toBe(900);
    expect(await t.submit({ ownerId, limits: quota, jobs: [job] })).toMatchObject({
      created: false,
      jobs: [{ jobId }],
    });
  });
});

describe("what an owner used", () => {
  it("is counted once, by key and without one, and stays when it is removed", async () => {
    const ownerId = newId();
    const apiKeyId = newId();
    await ensureOwner(t.database, { ownerId, kind: "account", displayName: "Ada" });
    await insertApiKey(t.database, { apiKeyId, ownerId, name: "CI", prefix: "p", hash: newId(), scopes: ["submit"] });
    const [jobId = ""] = await made(ownerId, [100, 20], apiKeyId);
    await made(ownerId, [3]);
    await sent(ownerId, 9, { apiKeyId });
    // Removed before anybody counted.
    await removeJob(t.database, { jobId, ownerIds: [ownerId] });
    const none = { failed: 0, canceled: 0 };
    const rows = [
      {
        apiKeyId: null,
        apiKeyName: null,
        succeeded: 1,
        gpuSeconds: 1.5,
        outputs: 1,
        outputBytes: 3,
        uploads: 0,
        uploadBytes: 0,
      },
      {
        apiKeyId,
        apiKeyName: "CI",
        succeeded: 1,
        gpuSeconds: 1.5,
        outputs: 2,
        outputBytes: 120,
        uploads: 1,
        uploadBytes: 9,
      },
    ].map((row) => ({ ownerId, ownerName: "Ada", storedBytes: 12, ...none, ...row }));
    expect(await counted(ownerId)).toEqual(rows);
    expect(await counted(ownerId)).toEqual(rows);
  });

  it("counts the runs of every attempt, and only the files of the last one", async () => {
    const ownerId = newId();
    const { jobId, attempt } = await t.running(ownerId);
    const output = { outputId: newId(), ...file, sizeBytes: 50 };
    await createOutput(t.database, { jobId, attempt, ordinal: 0, output });
    await settleJob(t.database, { jobId, attempt, outcome: { type: "backend-gone", counts: false }, run });
    const again = (await t.claim(jobId))?.job.attempt ?? 0;
    await createOutput(t.database, {
      jobId,
      attempt: again,
      ordinal: 0,
      output: { ...output, outputId: newId(), sizeBytes: 7 },
    });
    await settleJob(t.database, { jobId, attempt: again, outcome: { type: "succeeded" }, run });
    expect(await counted(ownerId)).toMatchObject([{ succeeded: 1, gpuSeconds: 3, outputs: 1, outputBytes: 7 }]);
  });

  it("is counted before the last of a removed job goes", async () => {
    const ownerId = newId();
    const [jobId = ""] = await made(ownerId, [4]);
    await removeJob(t.database, { jobId, ownerIds: [ownerId] });
    await t.database.sql`UPDATE jobs SET removed_at = now() - interval '2 hours' WHERE id = ${jobId}`;
    const row = () => t.database.sql`SELECT 1 FROM jobs WHERE id = ${jobId}`;
    await t.tickedAllAlong();
    await t.database
      .sql`UPDATE maintenance SET usage_counted_at = now() - interval '5 minutes', usage_counted_id = ${newId()}`;
    await deleteExpired(t.database, { eventDays: 30 });
    expect(await row()).toHaveLength(1);
    expect(await counted(ownerId)).toMatchObject([{ succeeded: 1, outputBytes: 4 }]);
    expect(await row()).toHaveLength(0);
  });

  it("is told a page at a time, and of the days that were asked for", async () => {
    const ownerIds = [newId(), newId(), newId()].sort();
    for (const ownerId of ownerIds) await sent(ownerId, 1);
    const page = (options: object) => usageReport(t.database, { from: day(), to: day(), limit: 2, ...options });
    const seen: string[] = [];
    for (let cursor: string | null = null; ; ) {
      const { items, nextCursor } = await page({ cursor });
      seen.push(...items.map(({ ownerId }) => ownerId));
      if (nextCursor === null) break;
      cursor = nextCursor;
    }
    expect(seen.filter((ownerId) => ownerIds.includes(ownerId))).toEqual(ownerIds);
    expect(await page({ from: "2020-01-01", to: "2020-02-01" })).toEqual({ items: [], nextCursor: null });
    await expect(page({ cursor: "nonsense" })).rejects.toMatchObject({ code: "INPUT_INVALID" });
  });
});
