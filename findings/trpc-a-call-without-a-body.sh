#!/usr/bin/env bash
# tRPC's plain link sends a call that tRPC's server refuses, once a middleware looks at its input.
#
# Version    @trpc/client and @trpc/server 11.19.0 (the newest in November 2026), with the server's standalone adapter.
# Behaviour  `httpLink` sends a mutation without input as `content-type: application/json` without a body. The server answers
#            it, unless a middleware calls `getRawInput`: then the body is parsed, and the call is a 400. The same call in a
#            batch has a body, and a query has its input in the address: both pass.
# One would guess that a middleware which reads the input of every call gets `undefined` where there is none, by any link.
# Seen       httpLink without the middleware: done
#            httpLink with it: Unexpected end of JSON input
#            httpBatchLink with it: done
#
# Our way round it: packages/api/src/trpc.ts takes an input that can't be read for none, and leaves it to who asks for one.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --no-audit --no-fund --loglevel=error --ignore-scripts \
  @trpc/client@11.19.0 @trpc/server@11.19.0 typescript@5.9.3 >/dev/null

cat >show.mjs <<'SCRIPT'
import { createTRPCClient, httpBatchLink, httpLink } from "@trpc/client";
import { initTRPC } from "@trpc/server";
import { createHTTPServer } from "@trpc/server/adapters/standalone";

const t = initTRPC.create();
const looking = t.procedure.use(async ({ getRawInput, next }) => {
  await getRawInput();
  return next();
});
const router = t.router({ plain: t.procedure.mutation(() => "done"), looked: looking.mutation(() => "done") });
const server = createHTTPServer({ router }).listen(0, "127.0.0.1");
await new Promise((resolve) => server.once("listening", resolve));
const url = `http://127.0.0.1:${server.address().port}`;
const single = createTRPCClient({ links: [httpLink({ url })] });
const batch = createTRPCClient({ links: [httpBatchLink({ url })] });
const ends = (call) => call.catch((error) => error.message);
console.log(`httpLink without the middleware: ${await ends(single.plain.mutate())}`);
console.log(`httpLink with it: ${await ends(single.looked.mutate())}`);
console.log(`httpBatchLink with it: ${await ends(batch.looked.mutate())}`);
server.close();
SCRIPT

seen=$(timeout 60 node show.mjs)
expected='httpLink without the middleware: done
httpLink with it: Unexpected end of JSON input
httpBatchLink with it: done'
echo "$seen"
[ "$seen" = "$expected" ] || { printf 'This has changed. Expected:\n%s\n' "$expected" >&2; exit 1; }
