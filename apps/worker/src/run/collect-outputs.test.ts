import { StorageUnavailable } from "@darkroom/storage";
import { expect, vi } from "vitest";
import { test } from "../testing/worker-test.ts";

test("the files are fetched while the stages are written, and an output is told after them", async ({ setup }) => {
  const { startWorker, submit, event, storage, comfy, database, ownerId, durable } = await setup();
  const stored = Promise.withResolvers<void>();
  const { receive } = storage;
  vi.spyOn(storage, "receive").mockImplementationOnce(async (...given) => {
    const picture = await receive(...given);
    // Where it was received it is removed last, once it is kept and its thumbnail too.
    return { ...picture, discard: () => picture.discard().finally(stored.resolve) };
  });
  const sendPrompts = comfy.hold("/prompt");
  startWorker();
  const jobId = await submit({ steps: 1 });
  await event(jobId, "job.started");

  // Whoever writes an event of the owner waits for this, the first stage of the run as well as the output.
  await database.sql.begin(async (tx) => {
    await tx`SELECT 1 FROM owner_feeds WHERE owner_id = ${ownerId} FOR UPDATE`;
    sendPrompts();
    await stored.promise;
    // By then a row that waits for no stage has been sent, and stands in line before the second stage.
    for (let times = 0; times < 300; times += 1) await tx`SELECT 1`;
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

test("a picture is there for as long as it is being kept, though its thumbnail cannot be, and neither leaves a file behind", async ({
  setup,
}) => {
  const { startWorker, submit, event, storage } = await setup();
  const { receive } = storage;
  const refused = Promise.withResolvers<void>();
  const order: string[] = [];
  let files = 0;
  vi.spyOn(storage, "receive").mockImplementation(async (...given) => {
    const file = await receive(...given);
    files += 1;
    if (files === 1)
      return {
        ...file,
        keep: async (as) => {
          await refused.promise;
          // What the refusal brings about comes first.
          await new Promise(setImmediate);
          order.push("kept");
          return file.keep(as);
        },
        discard: () => {
          order.push("discarded");
          return file.discard();
        },
      };
    if (files > 2) return file;
    return {
      ...file,
      keep: () => {
        refused.resolve();
        return Promise.reject(new StorageUnavailable("the bucket is away"));
      },
      discard: () => {
        order.push("thumbnail discarded");
        return file.discard();
      },
    };
  });
  startWorker();
  await event(await submit({ steps: 1 }), "job.succeeded");
  expect(order).toEqual(["kept", "thumbnail discarded", "discarded"]);
});
