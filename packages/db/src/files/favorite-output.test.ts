import { newId } from "@darkroom/contracts";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { createOutput } from "../attempts/create-output.ts";
import { settleJob } from "../attempts/settle-job.ts";
import { jobView } from "../reads/job-view.ts";
import { listJobs } from "../reads/list-jobs.ts";
import { removeOutput } from "../removal/remove-output.ts";
import { type Setup, setup } from "../testing/setup.ts";
import { favoriteOutput } from "./favorite-output.ts";

let t: Setup;
beforeAll(async () => {
  t = await setup(inject("postgresUrl"));
});
afterAll(() => t.drop());

/** A job that runs and has made two pictures. */
async function withPictures(ownerId: string) {
  const { jobId, attempt } = await t.running(ownerId);
  const outputIds = [newId(), newId()] as const;
  for (const [ordinal, outputId] of outputIds.entries()) {
    const facts = { kind: "image", mimeType: "image/png", width: 1, height: 1, sizeBytes: 1, seed: 1 } as const;
    const output = { outputId, sha256: outputId, storageKey: outputId, ...facts };
    await createOutput(t.database, { jobId, attempt, ordinal, output });
  }
  return { jobId, attempt, outputIds };
}

describe("favoriteOutput", () => {
  it("lists a job as a favorite while one of its outputs is, and tells of each change once", async () => {
    const ownerId = newId();
    const { jobId, attempt, outputIds } = await withPictures(ownerId);
    const [one, two] = outputIds;
    const set = (outputId: string, favorite: boolean) =>
      favoriteOutput(t.database, { outputId, favorite, ownerIds: [ownerId] });
    const listed = async () =>
      (await listJobs(t.database, { ownerIds: [ownerId], limit: 10, favorite: true })).items.map((job) => job.jobId);
    await expect(set(one, true)).rejects.toMatchObject({ code: "JOB_NOT_ENDED" });
    await settleJob(t.database, { jobId, attempt, outcome: { type: "succeeded" } });
    const other = await withPictures(ownerId);
    await settleJob(t.database, { ...other, outcome: { type: "succeeded" } });
    expect(await listed()).toEqual([]);

    const { version = 0 } = (await jobView(t.database, { jobId, ownerIds: null })) ?? {};
    expect(await set(one, true)).toMatchObject([
      { ownerId, event: { type: "output.favorited", jobId, outputId: one, favorite: true, version: version + 1 } },
    ]);
    expect(await set(one, true)).toEqual([]);
    await set(two, true);
    const view = await jobView(t.database, { jobId, ownerIds: null });
    expect(view?.outputs.map(({ favorite }) => favorite)).toEqual([true, true]);
    expect(view?.version).toBe(version + 2);
    await set(one, false);
    expect(await listed()).toEqual([jobId]);
    await removeOutput(t.database, { outputId: two, ownerIds: [ownerId] });
    expect(await listed()).toEqual([]);
  });

  it("finds only what is of the asking owners", async () => {
    const ownerId = newId();
    const { jobId, attempt, outputIds } = await withPictures(ownerId);
    await settleJob(t.database, { jobId, attempt, outcome: { type: "succeeded" } });
    const set = (outputId: string, ownerIds: readonly string[]) =>
      favoriteOutput(t.database, { outputId, favorite: true, ownerIds });
    expect(await set(outputIds[0], [newId()])).toBeNull();
    expect(await set(newId(), [ownerId])).toBeNull();
    expect(await set("garbage", [ownerId])).toBeNull();
  });
});
