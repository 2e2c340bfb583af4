import type { Failure } from "@darkroom/contracts";
import { expect, test } from "vitest";
import { finish, idOf, setup } from "../testing/setup.ts";

const failure: Failure = { code: "NODE_FAILED", message: "The sampler failed.", retryable: false };
const picture = { workflow: "picture", inputs: { prompt: "a pier", seed: 7 } };

/** A job of a guest that failed, and an operator. */
async function withDeadLetter() {
  const api = await setup({
    limits: { submitsPerMinute: 1, generationsPerHour: 9, maxWaitingPerOwner: 9, maxWaiting: 9 },
  });
  const guest = api.as(api.guest());
  const jobId = idOf(await guest.job.submit(picture));
  await finish(api, jobId, { type: "failed", failure });
  return { api, guest, jobId, operator: api.as(await api.account("operator")) };
}

test("a failed job is a dead letter with its reason, until somebody tries it again", async () => {
  const { operator, jobId } = await withDeadLetter();
  const before = await operator.queue.deadLetters();
  expect(before.items).toMatchObject([{ jobId, failure: { message: "The sampler failed." } }]);

  const { jobs } = await operator.queue.redrive({ jobIds: [jobId] });
  expect(jobs).toEqual([{ jobId: expect.any(String), retryOf: jobId }]);
  expect((await operator.queue.deadLetters()).items).toEqual([]);
});

test("redrive makes one new job of the owner's, past the limits, and the old one stays as it ended", async () => {
  const { operator, guest, jobId } = await withDeadLetter();
  const first = await operator.queue.redrive({ jobIds: [jobId] });
  expect(await operator.queue.redrive({ jobIds: [jobId] })).toEqual(first);
  const again = await guest.job.byId({ jobId: first.jobs[0]?.jobId ?? "" });
  expect(again).toMatchObject({ state: "queued", seed: 7, retryOf: jobId, inputs: picture.inputs });
  expect(await guest.job.byId({ jobId })).toMatchObject({ state: "failed" });
});

test("discard takes a dead letter off the list and leaves the job in its owner's history", async () => {
  const { operator, guest, jobId } = await withDeadLetter();
  expect(await operator.queue.discard({ jobIds: [jobId] })).toEqual({ discarded: 1 });
  expect(await operator.queue.discard({ jobIds: [jobId] })).toEqual({ discarded: 0 });
  expect((await operator.queue.deadLetters()).items).toEqual([]);
  expect((await guest.job.list()).items).toMatchObject([{ jobId, state: "failed" }]);
});

test("what is no failed job cannot be redriven, and guests cannot at all", async () => {
  const { operator, guest, jobId } = await withDeadLetter();
  const unknown = operator.queue.redrive({ jobIds: ["00000000-0000-7000-8000-000000000000"] });
  await expect(unknown).rejects.toMatchObject({ code: "NOT_FOUND" });
  await expect(guest.queue.redrive({ jobIds: [jobId] })).rejects.toMatchObject({ code: "FORBIDDEN" });
});
