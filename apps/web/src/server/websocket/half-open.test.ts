import { createTestDatabase, type TestDatabase } from "@darkroom/db/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createGateway, type Gateway, keyHolder, openSocket } from "../testing/gateway.ts";

// In a file of its own, which runs beside the others: it waits as long as the server does.

let db: TestDatabase;
let gateway: Gateway;
beforeAll(async () => {
  db = await createTestDatabase(inject("postgresUrl"));
  gateway = await createGateway({ databaseUrl: db.url, redisUrl: inject("redisUrl") });
  await gateway.start();
}, 90_000);
afterAll(async () => {
  await gateway?.close();
  await db?.drop();
});

test("a socket whose other end has gone silent is given up within 30 s", async () => {
  const { key } = await keyHolder(db.database);
  const { socket, closed } = await openSocket(gateway.url, { authorization: `Bearer ${key}` });
  const openedAt = performance.now();
  // From now on as if its machine were asleep: the connection stays, and no PING is answered.
  socket.removeAllListeners("message");
  await closed;
  const seconds = (performance.now() - openedAt) / 1000;
  expect(seconds).toBeGreaterThan(15);
  expect(seconds).toBeLessThan(30);
}, 60_000);
