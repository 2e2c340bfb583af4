import { seedWorkflows } from "@darkroom/db";
import { createTestDatabase } from "@darkroom/db/testing";
import { expect, inject, onTestFinished, test } from "vitest";

import { createGateway, keyHolder } from "./testing/gateway.ts";
import { picture } from "./testing/running-job.ts";

test("a gateway on a database that is not migrated yet says when to try again, and serves as soon as it is", async () => {
  const { database, url, drop } = await createTestDatabase(inject("postgresUrl"));
  const gateway = await createGateway({ databaseUrl: url, redisUrl: inject("redisUrl") });
  onTestFinished(async () => {
    await gateway.close();
    await drop();
  });
  await seedWorkflows(database, [picture]);
  const { key } = await keyHolder(database);
  const submit = () =>
    fetch(`${gateway.url}/api/v1/jobs`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify({ workflow: "picture", inputs: {} }),
    });
  await gateway.start();
  expect((await submit()).status).toBe(201);

  // What a newer program finds: a migration that is missing, and with it a column and the functions that know of it.
  const [steps] = await database.sql`SELECT nspname AS name FROM pg_namespace WHERE nspname LIKE 'steps\\_%'`;
  const [last] = await database.sql`
    DELETE FROM drizzle.__drizzle_migrations WHERE id = (SELECT max(id) FROM drizzle.__drizzle_migrations) RETURNING *`;
  await database.sql.unsafe(`ALTER SCHEMA ${steps?.name} RENAME TO later; ALTER TABLE jobs RENAME request_id TO later`);
  for (const refused of [await submit(), await fetch(`${gateway.url}/api/ready`)])
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "2"]);

  await database.sql.unsafe(`ALTER SCHEMA later RENAME TO ${steps?.name}; ALTER TABLE jobs RENAME later TO request_id`);
  await database.sql`INSERT INTO drizzle.__drizzle_migrations ${database.sql({ ...last })}`;
  expect((await submit()).status).toBe(201);
  expect((await fetch(`${gateway.url}/api/ready`)).status).toBe(200);
}, 60_000);
