import { expect, vi } from "vitest";
import { test } from "../testing/worker-test.ts";

test("the files are fetched while the stages are written, and an output is told after them", async ({ setup }) => {
  const { startWorker, submit, event, storage, simulator, database, ownerId, durable } = await setup();
  const receive = vi.spyOn(storage, "receive");
  const { control } = simulator();
  const stall = control.addFault({ kind: "stall", step: 1, interruptible: true });
  startWorker();
  const jobId = await submit({ steps: 2 });
  await vi.waitFor(() => expect(control.faults()).toMatchObject([{ struck: 1 }]), { timeout: 10_000, interval: 20 });
  await event(jobId, "job.staged");

  // Whoever writes an event of the owner waits for this.
  await database.sql.begin(async (tx) => {
    await tx`SELECT 1 FROM owner_feeds WHERE owner_id = ${ownerId} FOR UPDATE`;
    control.liftFault(stall);
    await vi.waitFor(() => expect(receive).toHaveBeenCalled(), { timeout: 10_000, interval: 20 });
    expect(durable.map(({ event: { type } }) => type)).not.toContain("output.created");
  });
  await event(jobId, "job.succeeded");
  const told = durable.map(({ event: one }) => (one.type === "job.staged" ? one.stage : one.type));
  expect(told.slice(-3)).toEqual(["saving", "output.created", "job.succeeded"]);
});
