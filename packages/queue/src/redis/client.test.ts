import { expect, inject, onTestFinished, test, vi } from "vitest";
import { createRedis, whenReady } from "./client.ts";

test("commands of one go, and of what their answers bring about, leave in one write each", async () => {
  const redis = createRedis(inject("redisUrl"), { role: "commands", onError: () => undefined });
  onTestFinished(() => redis.disconnect());
  await whenReady(redis);
  const { stream } = redis;
  const writes = [vi.spyOn(stream, "_write"), vi.spyOn(stream, "_writev" as "_write")];
  const counted = (): number => writes.reduce((sum, { mock }) => sum + mock.calls.length, 0);
  const asked = Promise.all(
    Array.from({ length: 8 }, async (_, index) => {
      await Promise.resolve(index);
      await Promise.all([redis.ping(), redis.echo(String(index))]);
      return redis.echo(`again ${index}`);
    }),
  );
  expect(await asked).toEqual(Array.from({ length: 8 }, (_, index) => `again ${index}`));
  // Of 24 commands; two if no answer comes in two parts.
  expect(counted()).toBeLessThan(8);
});
