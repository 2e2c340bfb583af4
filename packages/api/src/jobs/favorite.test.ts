import { applyEvent, newId } from "@darkroom/contracts";
import { claimJob, createOutput, settleJob } from "@darkroom/db";
import { expect, test } from "vitest";
import { FeedReader, idOf, setup } from "../testing/setup.ts";

test("a favorite is marked by its owner alone, and every tab of theirs is told", async () => {
  const api = await setup();
  const guest = api.guest();
  const owner = api.as(guest);
  const jobId = idOf(await owner.job.submit({ workflow: "picture", inputs: { prompt: "a red cube" } }));
  const claimed = await claimJob(api.database, { jobId, workerId: "w1", backendId: "b1", leaseSeconds: 30 });
  const attempt = claimed?.job.attempt ?? 0;
  const outputId = newId();
  const facts = { kind: "image", mimeType: "image/png", width: 1, height: 1, sizeBytes: 1, seed: null } as const;
  const output = { outputId, sha256: "0", storageKey: "0", ...facts };
  await createOutput(api.database, { jobId, attempt, ordinal: 0, output });
  await expect(owner.output.favorite({ outputId })).rejects.toMatchObject({ cause: { code: "JOB_NOT_ENDED" } });
  await settleJob(api.database, { jobId, attempt, outcome: { type: "succeeded" } });

  const stop = new AbortController();
  const feed = new FeedReader(await api.as(guest, { signal: stop.signal }).job.onFeed({}));
  await feed.next();
  const operator = api.as(await api.account("operator"));
  const stranger = api.as(api.guest());
  await expect(stranger.output.favorite({ outputId })).rejects.toMatchObject({ code: "NOT_FOUND" });
  await expect(operator.output.favorite({ outputId })).rejects.toMatchObject({ code: "FORBIDDEN" });
  const before = await owner.job.byId({ jobId });
  expect(await owner.output.favorite({ outputId })).toEqual({ outputId, favorite: true });
  const { values } = await feed.until("output.favorited");
  const told = values.at(-1)?.data.events.at(-1);
  stop.abort();
  const after = await owner.job.byId({ jobId });
  expect(after.outputs).toMatchObject([{ outputId, favorite: true }]);
  expect(told && applyEvent(before, told)).toEqual(after);
  expect((await owner.job.list({ favorite: true })).items).toEqual([after]);
  expect((await owner.output.byId({ outputId })).favorite).toBe(true);
  await expect(operator.job.list({ favorite: true, all: true })).rejects.toMatchObject({
    cause: { code: "INPUT_INVALID", fields: [{ path: "favorite" }] },
  });
  expect(await owner.output.favorite({ outputId, favorite: false })).toEqual({ outputId, favorite: false });
  expect((await owner.job.list({ favorite: true })).items).toEqual([]);
});
