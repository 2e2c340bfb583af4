import { createReadStream, createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { type BucketBounds, createBucket, S3Refused } from "./s3-bucket.ts";
import { createStaging } from "./staging.ts";
import {
  addressOf,
  isStorageKey,
  type ListedFile,
  type OpenedFile,
  type Storage,
  StorageMisconfigured,
  StorageUnavailable,
} from "./storage.ts";
import type { S3Config } from "./storage-config.ts";
import { verified } from "./verified.ts";

/** An object that is stored again is put again once it is so old: well below the age at which a sweep removes it. */
const REFRESHED_AFTER_MS = 10 * 60_000;

/** A process that starts does not wait longer for a bucket: it is useful without. */
const START_PATIENCE_MS = 3000;

/** Of whoever has the time: a worker, whose job waits with its outputs. */
const patient: BucketBounds = { patienceMs: 30_000, silenceMs: 30_000 };

export interface S3Options extends Partial<BucketBounds> {
  readonly stagingFolder?: string;
}

/**
 * Storage in an S3-compatible bucket. A file comes to a temporary file first, because its key is the hash of its content;
 * from there it goes up in one PUT of known length and hash, so the server refuses it if a byte was changed on the way.
 * One PUT takes 5 GB, which is more than any limit of ours.
 */
export function createS3Storage(
  config: S3Config,
  { stagingFolder = join(tmpdir(), "darkroom"), ...bounds }: S3Options = {},
): Storage {
  const bucket = createBucket(config, { ...patient, ...bounds });
  const objectOf = (storageKey: string): string => {
    addressOf(storageKey);
    return `${config.prefix}${storageKey}`;
  };

  const staging = createStaging(stagingFolder, async ({ path, sha256, sizeBytes }, storageKey) => {
    const object = objectOf(storageKey);
    const there = await bucket.send({ method: "HEAD", object });
    const isThere = there.status === 200 && Number(there.headers.get("content-length")) === sizeBytes;
    // Put again, an old one is young again, and no sweep takes it before its row is written.
    if (!isThere || storedAt(there.headers).getTime() < Date.now() - REFRESHED_AFTER_MS)
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

    async *list() {
      for (let token: string | null = ""; token !== null; ) {
        const query = new URLSearchParams({ "list-type": "2", prefix: config.prefix });
        if (token !== "") query.set("continuation-token", token);
        const answer = await bucket.send({ method: "GET", object: "", query });
        if (answer.status === 404) throw new StorageUnavailable(`there is no bucket ${config.bucket}`);
        const page = parseListing((await buffer(answer.body)).toString(), config.prefix);
        yield page.files;
        token = page.next;
      }
    },

    async remove(storageKey, { storedBefore }) {
      const object = objectOf(storageKey);
      const there = await bucket.send({ method: "HEAD", object });
      if (there.status === 404) return true;
      if (storedAt(there.headers) >= storedBefore) return false;
      await bucket.send({ method: "DELETE", object });
      return true;
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

/** By the bucket's clock, to the second; now if it does not say, so that nothing is taken for old. */
function storedAt(headers: Headers): Date {
  const at = new Date(headers.get("last-modified") ?? Number.NaN);
  return Number.isNaN(at.getTime()) ? new Date() : at;
}

/** One page of a listing: what in it is ours, and the token of the next page. */
function parseListing(xml: string, prefix: string): { files: ListedFile[]; next: string | null } {
  const textOf = (part: string, tag: string): string | null =>
    new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(part)?.[1]?.replaceAll("&amp;", "&") ?? null;
  const files = [...xml.matchAll(/<Contents>.*?<\/Contents>/gs)].flatMap(([part]) => {
    const [key, modified] = [textOf(part, "Key") ?? "", textOf(part, "LastModified") ?? ""];
    const storageKey = key.startsWith(prefix) ? key.slice(prefix.length) : "";
    return isStorageKey(storageKey) ? [{ storageKey, storedAt: new Date(modified) }] : [];
  });
  return { files, next: textOf(xml, "NextContinuationToken") };
}
