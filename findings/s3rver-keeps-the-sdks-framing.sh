#!/usr/bin/env bash
# s3rver stores the AWS SDK's chunk framing as part of a streamed file.
#
# Version    s3rver 3.7.1 with @aws-sdk/client-s3 3.1175.0, both at their defaults.
# Behaviour  PutObject of a stream answers 200. The stored object is longer than what was sent and begins with a chunk's
#            size in hexadecimal: the SDK frames a stream so that it can append a checksum (`aws-chunked` with a trailer),
#            and s3rver takes the frame for content. A Buffer of the same bytes is stored as it is.
# One would guess that a put which answers 200 stores the bytes that were sent, from a stream as from a Buffer.
# Seen       buffer: stored as sent
#            stream: 200, but not as sent; it begins with "b"
#            stream, checksums when required: stored as sent
#
# Our way round it: packages/storage signs with aws4fetch, which frames nothing.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --no-audit --no-fund --loglevel=error s3rver@3.7.1 @aws-sdk/client-s3@3.1175.0 >/dev/null 2>&1

cat >show.mjs <<'SCRIPT'
import { Readable } from "node:stream";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import S3rver from "s3rver";

const text = "hello world";
const server = new S3rver({ address: "127.0.0.1", port: 0, silent: true, directory: "./data", configureBuckets: [{ name: "bucket", configs: [] }] });
const { port } = await server.run();
async function stored(options, Body) {
  const client = new S3Client({
    endpoint: `http://127.0.0.1:${port}`,
    region: "us-east-1",
    forcePathStyle: true,
    credentials: { accessKeyId: "S3RVER", secretAccessKey: "S3RVER" },
    ...options,
  });
  const put = await client.send(new PutObjectCommand({ Bucket: "bucket", Key: "file", Body, ContentLength: text.length }));
  const got = await client.send(new GetObjectCommand({ Bucket: "bucket", Key: "file" }));
  const content = await got.Body.transformToString();
  const status = put.$metadata.httpStatusCode;
  return content === text ? "stored as sent" : `${status}, but not as sent; it begins with ${JSON.stringify(content.split("\r\n")[0])}`;
}
console.log(`buffer: ${await stored({}, Buffer.from(text))}`);
console.log(`stream: ${await stored({}, Readable.from([Buffer.from(text)]))}`);
console.log(`stream, checksums when required: ${await stored({ requestChecksumCalculation: "WHEN_REQUIRED" }, Readable.from([Buffer.from(text)]))}`);
await server.close();
process.exit(0);
SCRIPT

seen=$(timeout 60 node --no-deprecation show.mjs)
expected='buffer: stored as sent
stream: 200, but not as sent; it begins with "b"
stream, checksums when required: stored as sent'
echo "$seen"
[ "$seen" = "$expected" ] || { printf 'This has changed. Expected:\n%s\n' "$expected" >&2; exit 1; }
