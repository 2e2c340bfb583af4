import { StorageUnavailable } from "@darkroom/storage";
import { expect, vi } from "vitest";
import { test } from "../testing/worker-test.ts";

test("the files are fetched while the stages are written, and an output is told after them", async ({ setup }) => {
  const { startWorker, submit, event, storage, comfy, database, ownerId, durable } = await setup();
  const receive = vi.spyOn(storage, "receive");
  const sendPrompts = comfy.hold("/prompt");
  startWorker();
  const jobId = await submit({ steps: 1 });
  await event(jobId, "job.started");

  // Whoever writes an event of the owner waits for this, the first stage of the run as well as the output.
  await database.sql.begin(async (tx) => {
    await tx`SELECT 1 FROM owner_feeds WHERE owner_id = ${ownerId} FOR UPDATE`;
    sendPrompts();
    await vi.waitFor(() => expect(receive).toHaveBeenCalled(), { timeout: 10_000, interval: 20 });
    expect(durable.map(({ event: { type } }) => type)).not.toContain("output.created");
  });
  await event(jobId, "job.succeeded");
  const told = durable.map(({ event: one }) => (one.type === "job.staged" ? one.stage : one.type));
  expect(told.slice(-5)).toEqual(["loading", "sampling", "saving", "output.created", "job.succeeded"]);
});

test("a storage that goes away when the thumbnail comes is waited for, and the picture is not called damaged", async ({
  setup,
}) => {
  const { startWorker, submit, event, storage, durable } = await setup();
  const { receive } = storage;
  let files = 0;
  vi.spyOn(storage, "receive").mockImplementation((...given) => {
    files += 1;
    return files === 2 ? Promise.reject(new StorageUnavailable("the disk says EROFS")) : receive(...given);
  });
  startWorker();
  await event(await submit({ steps: 1 }), "job.succeeded");
  expect(files).toBe(4);
  expect(durable.map(({ event: { type } }) => type)).not.toContain("job.retried");
});
