#!/usr/bin/env bash
# postgres.js keeps the rows of a failed result for the next one.
#
# Version    postgres 3.4.9 (the newest in November 2026), against a real Postgres (PGlite 0.5.14 over its socket server 0.2.17).
# Behaviour  A query that fails after its first rows (here the third division is by zero) leaves its row count on the
#            connection. The next result on that connection begins with that many `undefined` rows: of a query for one
#            row, `rows[0]` is undefined, `rows.length` is 3, and `rows.count` says 1.
# One would guess that a result holds its own rows, whatever happened before it on a pooled connection.
# Seen       division by zero
#            length 3, count 1, rows [null,null,{"n":7}]
#
# Our way round it: patches/postgres@3.4.9.patch, docs/decisions/0011-a-patch-of-the-postgres-driver.md.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --no-audit --no-fund --loglevel=error \
  postgres@3.4.9 @electric-sql/pglite@0.5.14 @electric-sql/pglite-socket@0.2.17 >/dev/null

cat >show.mjs <<'SCRIPT'
import { createServer } from "node:net";
import { PGlite } from "@electric-sql/pglite";
import { PGLiteSocketServer } from "@electric-sql/pglite-socket";
import postgres from "postgres";

const port = await new Promise((resolve) => {
  const probe = createServer().listen(0, "127.0.0.1", () => {
    const { port } = probe.address();
    probe.close(() => resolve(port));
  });
});
const db = await PGlite.create();
const server = new PGLiteSocketServer({ db, host: "127.0.0.1", port });
await server.start();
const sql = postgres(`postgres://postgres@127.0.0.1:${port}/postgres`, { max: 1, fetch_types: false });

await sql`SELECT 6 / (3 - n) AS part FROM generate_series(1, 5) AS n`.catch((error) => console.log(error.message));
const rows = await sql`SELECT 7 AS n`;
console.log(`length ${rows.length}, count ${rows.count}, rows ${JSON.stringify([...rows])}`);

await sql.end();
await server.stop();
await db.close();
SCRIPT

seen=$(timeout 60 node show.mjs)
expected='division by zero
length 3, count 1, rows [null,null,{"n":7}]'
echo "$seen"
[ "$seen" = "$expected" ] || { printf 'This has changed. Expected:\n%s\n' "$expected" >&2; exit 1; }
