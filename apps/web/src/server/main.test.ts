import { createTestDatabase } from "@darkroom/db/testing";
import { createRedis, whenReady } from "@darkroom/queue";
import { expect, inject, onTestFinished, test } from "vitest";
import { createGateway } from "./testing/gateway.ts";

test("a wrong Redis password is refused at start with the setting's name, and not tried for ever", async () => {
  const redis = createRedis(inject("redisUrl"), { role: "commands", onError: () => undefined });
  await whenReady(redis);
  // A user of its own: a password of the server itself would shut the other tests out.
  await redis.call("ACL", "SETUSER", "wrong-password-test", "on", ">right", "~*", "+@all");
  const { url: databaseUrl, drop } = await createTestDatabase(inject("postgresUrl"));
  const url = new URL(inject("redisUrl"));
  url.username = "wrong-password-test";
  url.password = "wrong";
  const gateway = await createGateway({ databaseUrl, redisUrl: url.href });
  onTestFinished(async () => {
    await gateway.close();
    await redis.call("ACL", "DELUSER", "wrong-password-test");
    redis.disconnect();
    await drop();
  });
  await expect(gateway.start()).rejects.toThrow(/ended \(1\).*REDIS_URL: Redis refuses its user or password/);
});

test("behind https every answer tells browsers to stay with it", async () => {
  const { url: databaseUrl, drop } = await createTestDatabase(inject("postgresUrl"));
  const gateway = await createGateway({
    databaseUrl,
    redisUrl: inject("redisUrl"),
    env: { PUBLIC_URL: "https://pictures.example" },
  });
  onTestFinished(async () => {
    await gateway.close();
    await drop();
  });
  await gateway.start();
  const { headers } = await fetch(`${gateway.url}/api/health`);
  expect(headers.get("strict-transport-security")).toBe("max-age=31536000");
});
