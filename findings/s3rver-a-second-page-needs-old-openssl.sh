#!/usr/bin/env bash
# s3rver cannot answer a listing that has a second page on any Node.js that is maintained.
#
# Version    s3rver 3.7.1 on Node.js 24 (OpenSSL 3), at its defaults.
# Behaviour  ListObjectsV2 answers 200 as long as everything fits one answer. As soon as something is left for a second page
#            the answer is 500 InternalError: the token for that page is encrypted with DES, which OpenSSL 3 (Node.js 17
#            and later) has only in its legacy provider. The same server with `--openssl-legacy-provider` answers 200.
# One would guess that the number of objects does not decide whether a listing is answered; whoever asks for one object to
#            see whether a bucket can be reached finds it broken from the second object on.
# Seen       1 object, pages of 1: 200, truncated false
#            2 objects, pages of 1: 500 InternalError
#            2 objects, pages of 2: 200, truncated false
#            legacy provider: 2 objects, pages of 1: 200, truncated true
#
# Our way round it: patches/s3rver@3.7.1.patch, which takes a cipher that OpenSSL 3 has; the tests of packages/storage and
# the chaos suite use this server.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --no-audit --no-fund --loglevel=error s3rver@3.7.1 >/dev/null 2>&1

cat >show.mjs <<'SCRIPT'
import S3rver from "s3rver";

const server = new S3rver({ address: "127.0.0.1", port: 0, silent: true, directory: process.argv[2], configureBuckets: [{ name: "bucket", configs: [] }] });
server.on("error", () => {});
const { port } = await server.run();
const url = `http://127.0.0.1:${port}/bucket`;
async function listed(pageSize) {
  const answer = await fetch(`${url}?list-type=2&max-keys=${pageSize}`);
  const xml = await answer.text();
  const told = /<IsTruncated>(.*)<\/IsTruncated>/.exec(xml);
  return `${answer.status}${told ? `, truncated ${told[1]}` : ` ${/<Code>(.*)<\/Code>/.exec(xml)?.[1]}`}`;
}
const say = (text) => console.log(`${process.argv[3] ?? ""}${text}`);
await fetch(`${url}/one`, { method: "PUT", body: "one" });
if (process.argv[3] === undefined) say(`1 object, pages of 1: ${await listed(1)}`);
await fetch(`${url}/two`, { method: "PUT", body: "two" });
say(`2 objects, pages of 1: ${await listed(1)}`);
if (process.argv[3] === undefined) say(`2 objects, pages of 2: ${await listed(2)}`);
await server.close();
process.exit(0);
SCRIPT

seen=$(
  timeout 60 node --no-deprecation show.mjs ./data
  timeout 60 node --no-deprecation --openssl-legacy-provider show.mjs ./more "legacy provider: "
)
expected='1 object, pages of 1: 200, truncated false
2 objects, pages of 1: 500 InternalError
2 objects, pages of 2: 200, truncated false
legacy provider: 2 objects, pages of 1: 200, truncated true'
echo "$seen"
[ "$seen" = "$expected" ] || { printf 'This has changed. Expected:\n%s\n' "$expected" >&2; exit 1; }
