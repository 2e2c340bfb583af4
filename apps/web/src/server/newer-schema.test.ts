import { createTestDatabase } from "@darkroom/db/testing";
import { expect, inject, onTestFinished, test } from "vitest";
import { createGateway } from "./testing/gateway.ts";

test("a gateway on a database of a newer version does not start, and names both versions", async () => {
  const { database, url, drop } = await createTestDatabase(inject("postgresUrl"));
  const gateway = await createGateway({ databaseUrl: url, redisUrl: inject("redisUrl") });
  onTestFinished(async () => {
    await gateway.close();
    await drop();
  });
  await database.sql`INSERT INTO drizzle.__drizzle_migrations (hash, created_at) VALUES ('newer', 9000000000000)`;
  await expect(gateway.start()).rejects.toThrow(
    /ended \(1\): apps\/web: DATABASE_URL: the database's schema is of version \d+ .*this program is of version \d+\./,
  );
}, 30_000);
