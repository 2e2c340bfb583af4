import { createTestDatabase, type TestDatabase } from "@darkroom/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createGateway, type Gateway, keyHolder, openSocket } from "../testing/gateway.ts";

let db: TestDatabase;
let gateway: Gateway;
beforeAll(async () => {
  db = await createTestDatabase(inject("postgresUrl"));
  const env = { SOCKET_PING_SECONDS: "2", SOCKET_TIMEOUT_SECONDS: "1" };
  gateway = await createGateway({ databaseUrl: db.url, redisUrl: inject("redisUrl"), env });
  await gateway.start();
}, 90_000);
afterAll(async () => {
  await gateway?.close();
  await db?.drop();
});

test("a socket whose other end has gone silent is given up once it has not answered a ping in time", async () => {
  const { key } = await keyHolder(db.database);
  const { socket, closed } = await openSocket(gateway.url, { authorization: `Bearer ${key}` });
  const openedAt = performance.now();
  // From now on as if its machine were asleep: the connection stays, and no PING is answered.
  socket.removeAllListeners("message");
  await closed;
  const seconds = (performance.now() - openedAt) / 1000;
  expect(seconds).toBeGreaterThan(2);
  expect(seconds).toBeLessThan(8);
}, 60_000);
