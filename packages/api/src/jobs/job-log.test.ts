import { expect, test } from "vitest";
import type { Context } from "../context.ts";
import { idOf, setup } from "../testing/setup.ts";

test("each step of a job that a request makes is one line of log with the request's id, and without the prompt", async () => {
  const lines: { facts: object; message: string }[] = [];
  const keep = (facts: object, message: string) => void lines.push({ facts, message });
  const log: Context["log"] = { error: keep, warn: keep, info: keep, debug: keep };
  const api = await setup();
  const principal = await api.account();
  const { ownerId } = principal;
  const submit = api.as(principal, { log, requestId: "first" });
  const jobId = idOf(await submit.job.submit({ workflow: "picture", inputs: { prompt: "a secret garden" } }));
  await api.as(principal, { log, requestId: "second" }).job.cancel({ jobId });
  expect(await api.as(principal).job.byId({ jobId })).toMatchObject({ requestId: "first" });
  await api.as(principal, { log, requestId: "third" }).job.remove({ jobId });
  expect(lines).toEqual([
    { facts: { requestId: "first", ownerId, jobId }, message: "job submitted" },
    { facts: { requestId: "second", ownerId, jobId }, message: "job cancel requested" },
    { facts: { requestId: "third", ownerId, jobId }, message: "job removed" },
  ]);
  expect(JSON.stringify(lines)).not.toContain("garden");
});
