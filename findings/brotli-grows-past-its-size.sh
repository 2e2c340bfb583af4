#!/usr/bin/env bash
# brotli's `decompress(buffer, outputSize)` gives more bytes than the size it is told, so that size is no bound.
#
# Version    brotli 2.0.0 (a port to JavaScript, which fonts and PDFs are unpacked with), beside Node's own zlib.
# Behaviour  The output is made as large as `outputSize` says, and made anew, larger, as often as a block of the data says that
#            it needs more: 11 bytes become 2,000 although 1,000 are asked for. No error tells of it.
# One would guess that it throws, as its class for the output does (“Output buffer is not large enough”) and as Node's
#            `maxOutputLength` makes zlib do; or that it gives what fits.
# Seen       zlib: 11 bytes, at most 1000: ERR_BUFFER_TOO_LARGE
#            brotli: 11 bytes, at most 1000: 2000
#
# Our way round it: packages/workflow-files/src/parts/inflate.ts takes the platform's stream, where there is one, and stops it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --no-audit --no-fund --loglevel=error brotli@2.0.0 >/dev/null 2>&1

cat >show.mjs <<'SCRIPT'
import { brotliCompressSync, brotliDecompressSync } from "node:zlib";
import { decompress } from "brotli/decompress";

const MOST = 1000;
const compressed = brotliCompressSync(Buffer.alloc(2_000));
const decoders = {
  zlib: () => brotliDecompressSync(compressed, { maxOutputLength: MOST }),
  brotli: () => decompress(compressed, MOST),
};
for (const [name, decode] of Object.entries(decoders)) {
  let answer;
  try {
    answer = decode().length;
  } catch (error) {
    answer = error.code ?? error.message;
  }
  console.log(`${name}: ${compressed.length} bytes, at most ${MOST}: ${answer}`);
}
SCRIPT

seen=$(timeout 60 node show.mjs)
expected='zlib: 11 bytes, at most 1000: ERR_BUFFER_TOO_LARGE
brotli: 11 bytes, at most 1000: 2000'
echo "$seen"
[ "$seen" = "$expected" ] || { printf 'This has changed. Expected:\n%s\n' "$expected" >&2; exit 1; }
