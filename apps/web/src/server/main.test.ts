import { readFile } from "node:fs/promises";
import { hostname } from "node:os";
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

test.each([
  ["a user that there is not", { username: "nobody-here", password: "wrong" }, "Postgres refuses its user or password"],
  ["a database that there is not", { pathname: "/nothing-here" }, "Postgres does not have it"],
])("%s of Postgres is refused at start with the setting's name, and not tried for ever", async (_, wrong, said) => {
  const url = Object.assign(new URL(inject("postgresUrl")), wrong);
  const gateway = await createGateway({ databaseUrl: url.href, redisUrl: inject("redisUrl") });
  onTestFinished(() => gateway.close());
  await expect(gateway.start()).rejects.toThrow(`apps/web: DATABASE_URL: ${said} (`);
});

test("an address that is not this machine's is refused with the setting's name", async () => {
  const { url: databaseUrl, drop } = await createTestDatabase(inject("postgresUrl"));
  const gateway = await createGateway({ databaseUrl, redisUrl: inject("redisUrl"), env: { HOST: "192.0.2.1" } });
  onTestFinished(async () => {
    await gateway.close();
    await drop();
  });
  await expect(gateway.start()).rejects.toThrow("apps/web: HOST: nobody can listen there (");
});

test("a process that is ready has its connections to Postgres open, and room for a thousand sockets: after a restart everybody comes at once", async () => {
  const { url: databaseUrl, database, drop } = await createTestDatabase(inject("postgresUrl"));
  const gateway = await createGateway({ databaseUrl, redisUrl: inject("redisUrl") });
  onTestFinished(async () => {
    await gateway.close();
    await drop();
  });
  await gateway.start();
  const [open] = await database.sql`
    SELECT count(*) FROM pg_stat_activity WHERE application_name = 'darkroom-web' AND datname = current_database()`;
  expect(open?.count).toBeGreaterThanOrEqual(3);
  // Only Linux says it.
  const places = async () => {
    const status = await readFile(`/proc/${gateway.pid()}/status`, "utf8").catch(() => "FDSize: 2048");
    return Number(/FDSize:\s+(\d+)/.exec(status)?.[1]);
  };
  // A start waits half a second for it, which a busy machine may need.
  await expect.poll(places).toBeGreaterThanOrEqual(2048);
});

test("every line says which process wrote it, when, and how grave it is, in the words of the worker's", async () => {
  const database = await createTestDatabase(inject("postgresUrl"));
  onTestFinished(() => database.drop());
  const web = await createGateway({
    ...{ databaseUrl: database.url, redisUrl: inject("redisUrl"), env: { LOG_LEVEL: "info" } },
  });
  onTestFinished(() => web.close());
  await web.start();
  const lines = (await web.log()).trim().split("\n");
  // A name that stands twice in a line is read once, and not by all the same.
  for (const line of lines) expect(line.match(/"host":/g)).toHaveLength(1);
  const facts = lines.map((line) => JSON.parse(line)).find(({ msg }) => msg === "web is listening");
  expect(facts).toMatchObject({
    ...{ level: "info", app: "web", host: hostname(), pid: web.pid() },
    ...{ instance: expect.stringMatching(/^[\da-f-]{36}$/), time: expect.stringMatching(/^\d{4}-.*Z$/) },
  });
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
