import { connect, type Socket } from "node:net";
import postgres from "postgres";
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

it("a connection that is cut while a query waits to be sent is opened again", async () => {
  const sockets: Socket[] = [];
  const open = ({ host: [host], port: [port = 0] }: { host: string[]; port: number[] }): Socket => {
    const socket = connect(port, host);
    sockets.push(socket);
    return socket;
  };
  const sql = postgres(inject("postgresUrl"), {
    max: 1,
    fetch_types: false,
    connect_timeout: 1,
    // Missing in its types.
    ...{ socket: open },
  });
  await sql`SELECT 1`;
  const unsent = sql`SELECT 2`.execute();
  await null;
  await null;
  // As net does it, only that it may do so after the driver has sent what waits.
  sockets[0]?.emit("close", false);
  await expect(unsent).rejects.toMatchObject({ code: "CONNECTION_CLOSED" });
  expect([...(await sql`SELECT 7 AS n`)]).toEqual([{ n: 7 }]);
  sockets[0]?.destroy();
  await sql.end();
});
