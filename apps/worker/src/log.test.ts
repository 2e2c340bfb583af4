import { armFailpoint, disarmFailpoint, parseFailpoint } from "@darkroom/contracts";
import { expect, inject, onTestFinished, test } from "vitest";
import { setupWorkers } from "./testing/worker-fixture.ts";

test("every line of a job names the job, the attempt, the instance and the process, and its prompt once it has one", async () => {
  const lines: Record<string, unknown>[] = [];
  const urls = { postgresUrl: inject("postgresUrl"), redisUrl: inject("redisUrl") };
  const { startWorker, submit, event, comfy } = await setupWorkers(urls, { logTo: (line) => void lines.push(line) });
  const worker = startWorker();
  const jobId = await submit();
  await event(jobId, "job.succeeded");
  await worker.stop(1000);

  const ofJob = lines.filter((line) => line.jobId === jobId);
  expect(ofJob.map(({ msg }) => msg)).toEqual(["claimed", "dispatched", "settled"]);
  for (const line of ofJob)
    expect(line).toMatchObject({ attempt: 1, instance: "test", pid: process.pid, workerId: worker.workerId });
  const [promptId] = comfy.promptIds();
  for (const line of ofJob.slice(1)) expect(line).toMatchObject({ promptId });
});

test("a job that was just settled is not called lost by the heartbeat that comes with it", async () => {
  const lines: Record<string, unknown>[] = [];
  const urls = { postgresUrl: inject("postgresUrl"), redisUrl: inject("redisUrl") };
  const { startWorker, submit, event } = await setupWorkers(urls, { logTo: (line) => void lines.push(line) });
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
