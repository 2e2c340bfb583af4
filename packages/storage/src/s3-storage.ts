import { createReadStream, createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createBucket, S3Refused } from "./s3-bucket.ts";
import { createStaging } from "./staging.ts";
import { addressOf, type OpenedFile, type Storage, StorageMisconfigured, StorageUnavailable } from "./storage.ts";
import type { S3Config } from "./storage-config.ts";
import { verified } from "./verified.ts";

/** A process that starts does not wait longer for a bucket: it is useful without. */
const START_PATIENCE_MS = 3000;

/**
 * Storage in an S3-compatible bucket. A file comes to a temporary file first, because its key is the hash of its content;
 * from there it goes up in one PUT of known length and hash, so the server refuses it if a byte was changed on the way.
 * One PUT takes 5 GB, which is more than any limit of ours.
 */
export function createS3Storage(config: S3Config, stagingFolder = join(tmpdir(), "darkroom")): Storage {
  const bucket = createBucket(config);
  const objectOf = (storageKey: string): string => {
    addressOf(storageKey);
    return `${config.prefix}${storageKey}`;
  };

  const staging = createStaging(stagingFolder, async ({ path, sha256, sizeBytes }, storageKey) => {
    const object = objectOf(storageKey);
    const there = await bucket.send({ method: "HEAD", object });
    if (there.status !== 200 || Number(there.headers.get("content-length")) !== sizeBytes)
      await bucket.send({ method: "PUT", object, body: { stream: () => createReadStream(path), sha256, sizeBytes } });
    await rm(path, { force: true });
  });

  async function open(storageKey: string, range?: { start: number; end: number }): Promise<OpenedFile | null> {
    const headers: Record<string, string> = range === undefined ? {} : { range: `bytes=${range.start}-${range.end}` };
    const answer = await bucket.send({ method: "GET", object: objectOf(storageKey), headers });
    if (answer.status === 404) return null;
    const whole = range === undefined ? answer.headers.get("content-length") : contentRangeSize(answer.headers);
    const stream = range === undefined ? verified(answer.body, storageKey) : answer.body;
    return { stream, sizeBytes: Number(whole) };
  }

  return {
    ...staging,
    open,

    async withFile(storageKey, use) {
      const opened = await open(storageKey);
      if (opened === null) return null;
      const path = await staging.temporaryPath();
      try {
        await pipeline(opened.stream, createWriteStream(path, { flags: "wx" }));
        return await use(path);
      } finally {
        await rm(path, { force: true });
      }
    },

    async check() {
      await staging.prepare();
      const where = `the bucket ${config.bucket} at ${new URL(bucket.url).origin}`;
      try {
        const query = new URLSearchParams({ "list-type": "2", "max-keys": "1", prefix: config.prefix });
        const answer = await bucket.send({ method: "GET", object: "", query, patienceMs: START_PATIENCE_MS });
        answer.body.resume();
        if (answer.status === 404) throw new StorageMisconfigured(`STORAGE_URL: there is no ${where.slice(4)}`);
      } catch (error) {
        if (error instanceof S3Refused)
          throw new StorageMisconfigured(`STORAGE_URL: ${where} refuses these credentials (${error.message})`);
        if (error instanceof StorageUnavailable)
          throw new StorageUnavailable(`STORAGE_URL: ${where} does not answer (${error.message})`, { cause: error });
        throw error;
      }
    },
  };
}

/** `bytes 2-5/1000000` → `1000000`. */
const contentRangeSize = (headers: Headers): string | undefined => (headers.get("content-range") ?? "").split("/")[1];
