import { describe, expect } from "vitest";
import { test } from "./testing/worker-test.ts";

describe.concurrent("a batch", () => {
  test("of four in 15 steps ends in order, each with its own progress, one picture and one end", async ({ setup }) => {
    const { startWorker, submitBatch, seen, durable, transient, view } = await setup({ stepMs: 60 });
    startWorker();
    const jobIds = await submitBatch([1, 2, 3, 4].map((n) => ({ prompt: `picture ${n}`, size: 256, steps: 15 })));
    const settled = await seen(() => durable.map(({ event }) => event).find(({ type }) => type === "batch.settled"));
    expect(settled).toMatchObject({ counts: { succeeded: 4, failed: 0, canceled: 0 } });
    const events = durable.map(({ event }) => event);
    const told = events.flatMap((event) =>
      "jobId" in event && ["output.created", "job.succeeded"].includes(event.type)
        ? [`${event.type} ${jobIds.indexOf(event.jobId)}`]
        : [],
    );
    // Each is claimed while the one before it runs.
    expect(told).toEqual([0, 1, 2, 3].flatMap((n) => [`output.created ${n}`, `job.succeeded ${n}`]));
    expect(events.at(-1)?.type).toBe("batch.settled");
    for (const jobId of jobIds) {
      for (const [type, leastMs] of [
        ["job.progressed", 100],
        ["job.previewed", 200],
      ] as const) {
        const at = transient.flatMap((event) =>
          event.type === type && event.jobId === jobId ? [Date.parse(event.at)] : [],
        );
        // One more than fits, for a clock may be late at either end.
        expect(at.length).toBeLessThanOrEqual(((at.at(-1) ?? 0) - (at[0] ?? 0)) / leastMs + 2);
      }
      const steps = transient.flatMap((event) =>
        event.type === "job.progressed" && event.jobId === jobId && event.step !== null
          ? [`${event.step}/${event.steps}`]
          : [],
      );
      expect(steps.length).toBeGreaterThan(0);
      for (const step of steps) expect(step).toMatch(/^([1-9]|1[0-5])\/15$/);
      expect((await view(jobId)).outputs).toMatchObject([{ width: 256, height: 256 }]);
    }
  });

  test("in one job brings each picture with an event of its own as it lands, and one end", async ({ setup }) => {
    const { startWorker, submit, event, durable, view } = await setup({ stepMs: 5 });
    startWorker();
    const jobId = await submit({ count: 4 });
    await event(jobId, "job.succeeded");
    const types = durable.map((owned) => owned.event.type).filter((type) => type !== "job.staged");
    expect(types).toEqual(["job.queued", "job.started", ...Array(4).fill("output.created"), "job.succeeded"]);
    expect((await view(jobId)).outputs).toHaveLength(4);
  });
});
