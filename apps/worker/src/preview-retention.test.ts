import { newId } from "@darkroom/contracts";
import { setRetention } from "@darkroom/db";
import { createTestDatabase } from "@darkroom/db/testing";
import { createProcessLog, createTasks } from "@darkroom/monitor";
import { createKeys, createPublisher, createRedis, whenReady } from "@darkroom/queue";
import { testPrefix } from "@darkroom/queue/testing";
import { expect, inject, onTestFinished, test } from "vitest";
import { startPreviewRetention } from "./preview-retention.ts";

test("a worker keeps previews for as long as operators have set since it started", async () => {
  const { database, drop } = await createTestDatabase(inject("postgresUrl"));
  const redis = createRedis(inject("redisUrl"), { role: "commands", onError: () => undefined });
  await whenReady(redis);
  const keys = createKeys(testPrefix());
  const publisher = createPublisher(redis, keys);
  const previews = startPreviewRetention({
    ...{
      database,
      publisher,
      tasks: createTasks(),
      log: createProcessLog({ app: "worker", level: "silent", instance: "test" }),
    },
    everyMs: 20,
  });
  onTestFinished(async () => {
    await previews.stop();
    redis.disconnect();
    await drop();
  });
  const secondsLeft = async (): Promise<number> => {
    await publisher.setPreview("J", Buffer.from("jpeg"), { attempt: 1 });
    return redis.ttl(keys.preview("J"));
  };
  expect(await secondsLeft()).toBeGreaterThan(100);
  await setRetention(database, { changes: {}, previewSeconds: 30, ownerId: newId() });
  await expect.poll(secondsLeft).toBeLessThanOrEqual(30);
});
