import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { armFailpoint, disarmFailpoint, parseFailpoint } from "@darkroom/contracts";
import { expect } from "vitest";
import { test } from "./testing/worker-test.ts";

test("every line of a job names the job, the attempt, the backend, the instance and the process, and its prompt once it has one", async ({
  setup,
}) => {
  const lines: Record<string, unknown>[] = [];
  const { startWorker, submit, event, comfy } = await setup({ logTo: (line) => void lines.push(line) });
  const worker = startWorker();
  const jobId = await submit();
  await event(jobId, "job.succeeded");
  await worker.stop(1000);

  const ofJob = lines.filter((line) => line.jobId === jobId && line.level === "info");
  expect(ofJob.map(({ msg }) => msg)).toEqual(["claimed", "dispatched", "settled"]);
  for (const line of ofJob)
    expect(line).toMatchObject({
      attempt: 1,
      requestId: "a click",
      backend: new URL(comfy.url).host,
      host: hostname(),
      instance: "test",
      pid: process.pid,
      workerId: worker.workerId,
    });
  const [promptId] = comfy.promptIds();
  for (const line of ofJob.slice(1)) expect(line).toMatchObject({ promptId });
});

test("every line about a prompt names its job, attempt and backend, also when it is canceled, adopted or an orphan", async ({
  setup,
}) => {
  const lines: Record<string, unknown>[] = [];
  const { startWorker, submit, event, step, cancel, comfy } = await setup({
    stepMs: 60,
    logTo: (line) => void lines.push(line),
  });
  const first = startWorker();
  // Longer than a lease, so that it still runs when the second worker comes to it.
  const adopted = await submit({ steps: 80 });
  await step(adopted, 2);
  await first.crash();
  const second = startWorker();
  await event(adopted, "job.succeeded");
  const orphan = await submit({ steps: 400 });
  await step(orphan, 2);
  await second.crash();
  await cancel(orphan);
  const third = startWorker();
  await event(orphan, "job.canceled");
  const canceled = await submit({ steps: 400 });
  await step(canceled, 2);
  await cancel(canceled);
  await event(canceled, "job.canceled");
  await third.stop(1000);

  const prompts = comfy.promptIds();
  const ofPrompts = lines.filter((line) => prompts.some((promptId) => JSON.stringify(line).includes(promptId)));
  const messages = ofPrompts.map(({ msg }) => msg);
  expect(messages).toEqual(
    expect.arrayContaining(["adopted", "canceling an orphan", "told ComfyUI to stop the prompt"]),
  );
  for (const line of ofPrompts.filter(({ msg }) => msg !== "claimed"))
    expect(line, String(line.msg)).toMatchObject({
      jobId: expect.any(String),
      attempt: expect.any(Number),
      promptId: expect.any(String),
      backend: new URL(comfy.url).host,
    });
});

test("a job that was just settled is not called lost by the heartbeat that comes with it", async ({
  setup,
  onTestFinished,
}) => {
  const lines: Record<string, unknown>[] = [];
  const { startWorker, submit, event } = await setup({ logTo: (line) => void lines.push(line) });
  const late = parseFailpoint("settle.committed:delay=900");
  if (late === null) throw new Error("no failpoint");
  armFailpoint(late, { crash: () => undefined, onHit: () => undefined });
  onTestFinished(disarmFailpoint);
  const worker = startWorker();
  await event(await submit(), "job.succeeded");
  await worker.stop(5000);
  expect(lines.map(({ msg }) => msg)).toContain("settled");
  expect(lines.filter(({ msg }) => msg === "lost the lease")).toEqual([]);
});

test("what cannot be written while Postgres has no room is said once and not at every try, and that it can be again", async ({
  setup,
  expect,
}) => {
  const lines: Record<string, unknown>[] = [];
  const { startWorker, submit, event, step, database } = await setup({
    stepMs: 60,
    logTo: (line) => void lines.push(line),
  });
  const saying = (words: string): number => lines.filter(({ msg }) => String(msg).startsWith(words)).length;
  startWorker({ leaseSeconds: 1, idleMs: 50 });
  const jobId = await submit({ steps: 40 });
  await step(jobId, 2);
  await database.sql.unsafe(`
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;
    CREATE TRIGGER no_room BEFORE INSERT OR UPDATE OR DELETE ON slots EXECUTE FUNCTION refuse()`);
  // Ten beats, and forty looks for a slot.
  await sleep(3000);
  await database.sql`DROP TRIGGER no_room ON slots`;
  await event(jobId, "job.succeeded");
  await expect.poll(() => saying("heartbeats renew again")).toBe(1);
  expect(saying("heartbeat failed")).toBe(1);
  // Of the slot that runs and the one for the next job.
  expect(saying("the slot loop failed")).toBeLessThanOrEqual(2);
});
