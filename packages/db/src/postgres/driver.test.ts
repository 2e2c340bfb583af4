import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { createDatabase, type Database } from "./client.ts";

let database: Database;
beforeAll(() => {
  database = createDatabase(inject("postgresUrl"), { max: 1 });
});
afterAll(() => database.close());

it("a result is whole after an earlier one on its connection ended half-way", async () => {
  const { sql } = database;
  await expect(sql`SELECT 6 / (3 - n) AS part FROM generate_series(1, 5) AS n`).rejects.toThrow("division by zero");
  expect([...(await sql`SELECT 7 AS n`)]).toEqual([{ n: 7 }]);
});
