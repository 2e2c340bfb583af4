import { newId } from "@darkroom/contracts";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createUpload, keepForJob, listUploads } from "../files/uploads.ts";
import { ensureOwner } from "../owners/owners.ts";
import { type Setup, setup } from "../testing/setup.ts";
import { expireUploads } from "./expire-uploads.ts";
import { removeJob } from "./remove-job.ts";

let t: Setup;
beforeAll(async () => {
  t = await setup(inject("postgresUrl"));
});
afterAll(() => t?.drop());

async function uploadsOf(ownerId: string, count: number): Promise<string[]> {
  await ensureOwner(t.database, { ownerId, kind: "account" });
  const ids = Array.from({ length: count }, () => newId());
  const file = { sha256: "s", storageKey: "k", mimeType: "image/png", width: 1, height: 1, sizeBytes: 1 };
  for (const uploadId of ids) await createUpload(t.database, { uploadId, ownerId, ...file });
  return ids;
}
const listed = async (ownerId: string) => {
  const { items } = await listUploads(t.database, { ownerIds: [ownerId], limit: 100 });
  return new Map(items.map(({ uploadId, expiresAt }) => [uploadId, expiresAt]));
};
const passDays = (ownerId: string, days: number) =>
  t.database
    .sql`UPDATE uploads SET expires_at = expires_at - make_interval(days => ${days}) WHERE owner_id = ${ownerId}`;

test("an upload expires after its days, but never while a job uses it, not even one that ended", async () => {
  const ownerId = newId();
  const [used = "", unused = ""] = await uploadsOf(ownerId, 2);
  const { jobId } = await t.running(ownerId, { inputs: { prompt: "a", image: { uploadId: used }, seed: 1 } });
  await t.database.sql`UPDATE jobs SET state = 'succeeded', finished_at = now() WHERE id = ${jobId}`;

  const before = await listed(ownerId);
  expect(before.get(used)).toBeNull();
  const days = (Date.parse(before.get(unused) ?? "") - Date.now()) / 86_400_000;
  expect(Math.round(days)).toBe(30);

  await passDays(ownerId, 29);
  await expireUploads(t.database);
  expect([...(await listed(ownerId)).keys()].sort()).toEqual([used, unused].sort());
  await passDays(ownerId, 2);
  await expireUploads(t.database);
  expect([...(await listed(ownerId)).keys()]).toEqual([used]);

  await removeJob(t.database, { jobId, ownerIds: [ownerId] });
  await expireUploads(t.database);
  expect([...(await listed(ownerId)).keys()]).toEqual([used]);
  await passDays(ownerId, 2);
  await expireUploads(t.database);
  expect(await listed(ownerId)).toEqual(new Map());
});

test("an upload that a job is about to use stays until that job is stored, and one that has gone is said to have", async () => {
  const ownerId = newId();
  const [uploadId = ""] = await uploadsOf(ownerId, 1);
  await passDays(ownerId, 31);
  expect(await keepForJob(t.database, uploadId)).toBe(true);
  await expireUploads(t.database);
  expect([...(await listed(ownerId)).keys()]).toEqual([uploadId]);
  await passDays(ownerId, 2);
  await expireUploads(t.database);
  expect(await keepForJob(t.database, uploadId)).toBe(false);
});

test("which jobs use an upload is answered by an index", async () => {
  const plan = await t.database.sql.begin(async (sql) => {
    await sql`SET LOCAL enable_seqscan = off`;
    return sql`EXPLAIN SELECT 1 FROM jobs WHERE jsonb_path_exists(inputs, '$.*.uploadId')
      AND jsonb_path_query_array(inputs, '$.*.uploadId') ? ${newId()}::text`;
  });
  expect(JSON.stringify(plan)).toContain("jobs_uploads");
});
