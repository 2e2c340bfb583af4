import { requestCancel } from "@darkroom/db";
import { describe, expect } from "vitest";
import { test } from "./testing/worker-test.ts";

describe.concurrent("a cancel", () => {
  test("of a waiting job ends it before it runs", async ({ setup }) => {
    const { startWorker, submit, event, step, cancel, comfy } = await setup({ stepMs: 100 });
    // Else it may wait on ComfyUI by then, which is a case of its own: `slots/next-slot.test.ts`.
    startWorker({ preparesNext: false });
    const running = await submit({ steps: 10 });
    await step(running, 1);
    const waiting = await submit();
    await cancel(waiting);
    await event(waiting, "job.canceled");
    await event(running, "job.succeeded");
    expect(comfy.promptIds()).toHaveLength(1);
  });

  test("of a running job interrupts its prompt by id and nobody else's", async ({ setup }) => {
    const { startWorker, submit, event, step, cancel, comfy } = await setup({ stepMs: 100 });
    startWorker();
    const canceled = await submit({ steps: 500 });
    await step(canceled, 1);
    const next = await submit();
    await cancel(canceled);
    await event(canceled, "job.canceled");
    await event(next, "job.succeeded");
    const [first, second] = comfy.promptIds();
    expect(new Set(comfy.interrupts())).toEqual(new Set([first]));
    expect(second).toBeDefined();
  });

  test("reaches a worker whose Redis message was lost, with the next heartbeat", async ({ setup }) => {
    const { startWorker, submit, event, step, database, ownerId, publisher } = await setup({ stepMs: 100 });
    startWorker();
    const jobId = await submit({ steps: 500 });
    await step(jobId, 1);
    const answer = await requestCancel(database, { jobId, ownerIds: [ownerId] });
    await publisher.publish(answer?.events ?? []);
    await event(jobId, "job.canceled");
  });
});
