import { applyEvent, newId } from "@darkroom/contracts";
import { claimJob, createOutput, createUpload, settleJob } from "@darkroom/db";
import { expect, test } from "vitest";
import { FeedReader, finish, idOf, madePicture, setup } from "../testing/setup.ts";

const picture = { workflow: "picture", inputs: { prompt: "a red cube" } };

test("a job is removed by its owner once it has ended, and everyone who follows is told", async () => {
  const api = await setup();
  const guest = api.guest();
  const owner = api.as(guest);
  const jobId = idOf(await owner.job.submit(picture));
  await expect(owner.job.remove({ jobId })).rejects.toMatchObject({ cause: { code: "JOB_NOT_ENDED" } });

  const stop = new AbortController();
  const feed = new FeedReader(await api.as(guest, { signal: stop.signal }).job.onFeed({}));
  const operator = await api.account("operator");
  const watching = new FeedReader(await api.as(operator, { signal: stop.signal }).job.onEvent({ jobId }));
  for (const reader of [feed, watching]) await reader.next();
  await finish(api, jobId);
  expect(await owner.job.remove({ jobId })).toEqual({ jobId, removed: true });
  for (const reader of [feed, watching]) {
    const { values } = await reader.until("job.removed");
    expect(values.at(-1)?.data.events.at(-1)).toMatchObject({ type: "job.removed", jobId, version: 4 });
  }
  stop.abort();
  expect((await owner.job.list()).items).toEqual([]);
  for (const call of [
    () => owner.job.byId({ jobId }),
    () => owner.job.remove({ jobId }),
    () => owner.job.retry({ jobId }),
    () => owner.job.cancel({ jobId }),
    () => api.as(operator).job.byId({ jobId }),
    async () => new FeedReader(await owner.job.onEvent({ jobId })).next(),
  ]) {
    await expect(call()).rejects.toMatchObject({ code: "NOT_FOUND" });
  }
});

test("an operator removes anyone's ended job", async () => {
  const api = await setup();
  const jobId = idOf(await api.as(api.guest()).job.submit(picture));
  await finish(api, jobId);
  expect(await api.as(await api.account("operator")).job.remove({ jobId })).toEqual({ jobId, removed: true });
});

test("what an operator cancels or removes of somebody else is written down, and why not; what is their own is not", async () => {
  const api = await setup();
  const [operator, guest] = [await api.account("operator"), api.guest()];
  const [caller, theirs] = [api.as(operator), api.as(guest)];
  const submit = async (by: typeof caller) => idOf(await by.job.submit(picture));
  const upload = async (ownerId: string) => {
    const uploadId = newId();
    const file = { sha256: "s", storageKey: uploadId, mimeType: "image/png", width: 2, height: 1, sizeBytes: 3 };
    await createUpload(api.database, { uploadId, ownerId, ...file });
    return uploadId;
  };
  const done: object[] = [];
  for (const [by, ownerId] of [
    [caller, operator.ownerId],
    [theirs, guest.ownerId],
  ] as const) {
    const canceled = await submit(by);
    await caller.job.cancel({ jobId: canceled });
    const { batchId } = await by.job.submitBatch({ items: [picture] });
    await caller.job.cancel({ batchId });
    const outputId = await madePicture(api, by, picture.inputs);
    const { jobId: finished } = await caller.output.byId({ outputId });
    await caller.output.remove({ outputId });
    await caller.job.remove({ jobIds: [finished, canceled] });
    const uploadId = await upload(ownerId);
    await caller.upload.remove({ uploadId });
    done.splice(0, done.length, { jobId: canceled }, { batchId }, { outputId }, { jobId: finished });
    done.push({ jobId: canceled }, { uploadId });
  }
  const open = await submit(theirs);
  await caller.job.remove({ jobIds: [open] });
  const outputId = await madePicture(api, theirs, picture.inputs);
  const { jobId: ended } = await caller.output.byId({ outputId });
  await expect(caller.job.cancel({ jobId: ended })).rejects.toMatchObject({ cause: { code: "JOB_ENDED" } });
  await expect(caller.job.cancel({ jobId: newId() })).rejects.toMatchObject({ code: "NOT_FOUND" });

  const { items } = await api.as(await api.account("admin")).audit.list();
  expect(items.map(({ input, refused }) => [input, refused]).toReversed()).toEqual([
    ...done.map((input) => [input, null]),
    [{ jobId: open }, "JOB_NOT_ENDED"],
    [{ jobId: ended }, "JOB_ENDED"],
  ]);
  expect(new Set(items.map(({ ownerId }) => ownerId))).toEqual(new Set([operator.ownerId]));
});

test("of several jobs each goes that has ended, and of the others it is said why not", async () => {
  const api = await setup();
  const owner = api.as(api.guest());
  const [ended, open] = [idOf(await owner.job.submit(picture)), idOf(await owner.job.submit(picture))];
  await finish(api, ended);
  const strangers = idOf(await api.as(api.guest()).job.submit(picture));
  const answer = await owner.job.remove({ jobIds: [ended, open, strangers, ended] });
  // Of somebody else's job it is told no more than of one that there never was.
  expect(answer).toEqual({
    removed: [ended, strangers],
    refused: [{ jobId: open, message: expect.stringContaining("Cancel it or wait") }],
  });
  expect((await owner.job.list()).items.map(({ jobId }) => jobId)).toEqual([open]);
  await expect(api.as(await api.account("operator")).job.byId({ jobId: strangers })).resolves.toBeDefined();
});

test("one output of an ended job is removed, and the job goes on without it", async () => {
  const api = await setup();
  const { database } = api;
  const guest = api.guest();
  const owner = api.as(guest);
  const jobId = idOf(await owner.job.submit(picture));
  const claimed = await claimJob(database, { jobId, workerId: "w1", backendId: "b1", leaseSeconds: 30 });
  const attempt = claimed?.job.attempt ?? 0;
  const file = { sha256: "0", storageKey: "0", kind: "image", mimeType: "image/png", sizeBytes: 1 } as const;
  const [one, two] = [newId(), newId()];
  for (const [ordinal, outputId] of [one, two].entries()) {
    const output = { outputId, ...file, width: 1, height: 1, seed: null };
    await createOutput(database, { jobId, attempt, ordinal, output });
  }
  await expect(owner.output.remove({ outputId: one })).rejects.toMatchObject({ cause: { code: "JOB_NOT_ENDED" } });
  await settleJob(database, { jobId, attempt, outcome: { type: "succeeded" } });

  const stop = new AbortController();
  const feed = new FeedReader(await api.as(guest, { signal: stop.signal }).job.onFeed({}));
  await feed.next();
  await expect(api.as(api.guest()).output.remove({ outputId: one })).rejects.toMatchObject({ code: "NOT_FOUND" });
  const before = await owner.job.byId({ jobId });
  expect(await owner.output.remove({ outputId: one })).toEqual({ outputId: one, removed: true });
  const { values } = await feed.until("output.removed");
  const told = values.at(-1)?.data.events.at(-1);
  expect(told).toMatchObject({ type: "output.removed", jobId, outputId: one, version: before.version + 1 });
  stop.abort();
  const after = await owner.job.byId({ jobId });
  expect(after.outputs.map(({ outputId }) => outputId)).toEqual([two]);
  expect(told && applyEvent(before, told)).toEqual(after);
  await expect(owner.output.remove({ outputId: one })).rejects.toMatchObject({ code: "NOT_FOUND" });
});
