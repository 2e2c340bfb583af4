import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { buffer } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import {
  createStorage,
  FileTooLarge,
  type ListedFile,
  parseStorageConfig,
  type Storage,
  StorageFull,
  StorageMisconfigured,
  StorageUnavailable,
  storageKeyOf,
  withReserve,
} from "./index.ts";
import { createS3Storage } from "./s3-storage.ts";
import { createTestBucket, fillDisk } from "./testing.ts";

interface Setup {
  readonly storage: Storage;
  /** Where files are until they are stored. */
  readonly stagingFolder: string;
  /** Puts bytes there past the product: of a new file, or in place of a stored one's, as a broken disk would. */
  place(storageKey: string): Promise<void>;
  readonly close: () => Promise<void>;
}

async function placeFile(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, "somethin");
}

async function onDisk(): Promise<Setup> {
  const folder = await mkdtemp(join(tmpdir(), "darkroom-storage-"));
  return {
    storage: createStorage({ STORAGE_URL: pathToFileURL(folder).href }),
    stagingFolder: join(folder, "tmp"),
    place: (storageKey) => placeFile(join(folder, storageKey)),
    close: () => rm(folder, { recursive: true }),
  };
}

/** Settings of a bucket at a server of this test's own, which answers as `answer` does. */
async function bucketOf(answer: RequestListener) {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close().closeAllConnections());
  const { port } = server.address() as AddressInfo;
  return {
    STORAGE_URL: `s3://pictures?endpoint=http://127.0.0.1:${port}`,
    AWS_ACCESS_KEY_ID: "id",
    AWS_SECRET_ACCESS_KEY: "secret",
  };
}

async function inBucket(): Promise<Setup> {
  const bucket = await createTestBucket();
  const stagingFolder = await mkdtemp(join(tmpdir(), "darkroom-staging-"));
  const config = parseStorageConfig(bucket.variables);
  if (config.type !== "s3") throw new Error("no bucket");
  return {
    storage: createS3Storage(config, { stagingFolder }),
    stagingFolder,
    place: (storageKey) => placeFile(join(bucket.folder, "pictures", "darkroom", `${storageKey}._S3rver_object`)),
    close: async () => {
      await bucket.close();
      await rm(stagingFolder, { recursive: true });
    },
  };
}

async function* chunks(...parts: string[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield Buffer.from(part);
}
const limit = { maxBytes: 100 };
const allFiles = async (storage: Storage): Promise<ListedFile[]> => {
  const files: ListedFile[] = [];
  for await (const page of storage.list()) files.push(...page);
  return files;
};
const text = async (opened: Awaited<ReturnType<Storage["open"]>>) => opened && (await buffer(opened.stream)).toString();

describe.each([
  ["a disk", onDisk],
  ["a bucket", inBucket],
])("on %s", (_name, prepare) => {
  let storage: Storage;
  let setup: Setup;
  beforeEach(async () => {
    setup = await prepare();
    storage = setup.storage;
  });
  afterEach(() => setup.close());
  const staged = () => readdir(setup.stagingFolder).catch(() => []);

  test("the same bytes are stored once, whatever their chunks, and read as they were", async () => {
    const one = await storage.put(chunks("dark", "room"), limit);
    expect(await storage.put(chunks("d", "arkroom"), limit)).toEqual(one);
    expect(one.sha256).toBe(createHash("sha256").update("darkroom").digest("hex"));
    const file = await storage.open(one.storageKey);
    expect([await text(file), file?.sizeBytes]).toEqual(["darkroom", 8]);
    expect(await staged()).toEqual([]);
  });

  test("files are listed with their copies, and one is removed unless it was stored again since", async () => {
    const { storageKey } = await storage.put(chunks("some", "thing"), limit);
    const copy = await storage.make((path) => writeFile(path, "small"));
    const copyKey = `${storageKey}.w96-webp`;
    await copy.keep(copyKey);
    const listed = await allFiles(storage);
    expect(listed.map((file) => file.storageKey).sort()).toEqual([storageKey, copyKey]);
    for (const { storedAt } of listed) expect(Math.abs(storedAt.getTime() - Date.now())).toBeLessThan(60_000);

    expect(await storage.remove(storageKey, { storedBefore: new Date(Date.now() - 3_600_000) })).toBe(false);
    expect(await text(await storage.open(storageKey))).toBe("something");
    expect(await storage.remove(storageKey, { storedBefore: new Date(Date.now() + 60_000) })).toBe(true);
    expect(await storage.remove(storageKey, { storedBefore: new Date(Date.now() + 60_000) })).toBe(true);
    expect(await storage.open(storageKey)).toBeNull();
    expect(await allFiles(storage)).toMatchObject([{ storageKey: copyKey }]);
  });

  test("more files than fit one answer of a bucket are all listed, and do not make it look away", async () => {
    const keys = Array.from({ length: 1003 }, (_, index) =>
      storageKeyOf(createHash("sha256").update(`file ${index}`).digest("hex")),
    );
    await Promise.all(keys.map((key) => setup.place(key)));
    await storage.check();
    expect((await allFiles(storage)).map(({ storageKey }) => storageKey).sort()).toEqual(keys.sort());
  });

  test("an empty file is stored too", async () => {
    const { storageKey } = await storage.put([], limit);
    expect(await text(await storage.open(storageKey))).toBe("");
  });

  test("a range is served with the size of the whole, and an unknown key is null", async () => {
    const { storageKey } = await storage.put(chunks("0123456789"), limit);
    const part = await storage.open(storageKey, { start: 2, end: 4 });
    expect([await text(part), part?.sizeBytes]).toEqual(["234", 10]);
    const unknown = `00/00/${"0".repeat(64)}`;
    expect(await storage.open(unknown)).toBeNull();
    expect(await storage.withFile(unknown, async () => "never")).toBeNull();
  });

  test("a decoder gets a file of this machine, which is gone afterwards", async () => {
    const { storageKey } = await storage.put(chunks("darkroom"), limit);
    expect(await storage.withFile(storageKey, (path) => readFile(path, "utf8"))).toBe("darkroom");
    expect(await staged()).toEqual([]);
  });

  test("what is made here is kept under a name beside its original", async () => {
    const { storageKey } = await storage.put(chunks("darkroom"), limit);
    const made = await storage.make((path) => writeFile(path, "smaller"));
    await made.keep(`${storageKey}.w96-webp`);
    expect(await text(await storage.open(`${storageKey}.w96-webp`))).toBe("smaller");
    expect(await text(await storage.open(storageKey))).toBe("darkroom");
    expect(await staged()).toEqual([]);
  });

  test("a file over the limit leaves nothing behind", async () => {
    await expect(storage.put(chunks("12345", "67890"), { maxBytes: 9 })).rejects.toBeInstanceOf(FileTooLarge);
    expect(await staged()).toEqual([]);
  });

  test("a source that breaks leaves nothing behind", async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.from("half");
      throw new Error("the connection was reset");
    }
    await expect(storage.put(broken(), limit)).rejects.toThrow("the connection was reset");
    expect(await staged()).toEqual([]);
  });

  test("a disk that is full in the middle of a file leaves nothing behind, and the same file fits once there is room", async () => {
    const disk = await fillDisk(4);
    onTestFinished(disk.empty);
    const both = await Promise.allSettled([
      storage.put(chunks("dark", "room"), limit),
      storage.put(chunks("bright", "room"), limit),
    ]);
    expect(both).toMatchObject(Array(2).fill({ status: "rejected", reason: { code: "ENOSPC" } }));
    expect(await staged()).toEqual([]);
    expect(await storage.open(keyOf("darkroom"))).toBeNull();
    disk.empty();
    const { storageKey } = await storage.put(chunks("dark", "room"), limit);
    expect(await text(await storage.open(storageKey))).toBe("darkroom");
  });

  test.each(["EROFS", "EIO", "EACCES"])(
    "a disk that says %s is away: nothing is left behind, asking tells so, and the same file is stored once it is back",
    async (code) => {
      const disk = await fillDisk(4, code);
      onTestFinished(disk.empty);
      await expect(storage.put(chunks("dark", "room"), limit)).rejects.toBeInstanceOf(StorageUnavailable);
      await expect(storage.check()).rejects.toBeInstanceOf(StorageUnavailable);
      expect(await staged()).toEqual([]);
      disk.empty();
      await storage.check();
      expect(await text(await storage.open((await storage.put(chunks("darkroom"), limit)).storageKey))).toBe(
        "darkroom",
      );
    },
  );

  test("a folder in whose place something else lies is away until it is a folder again", async () => {
    await storage.check();
    await rm(setup.stagingFolder, { recursive: true });
    await writeFile(setup.stagingFolder, "");
    await expect(storage.put(chunks("dark", "room"), limit)).rejects.toBeInstanceOf(StorageUnavailable);
    await rm(setup.stagingFolder);
    await storage.put(chunks("dark", "room"), limit);
  });

  test("asking whether files can be stored finds a full disk, by its first byte", async () => {
    const disk = await fillDisk(0);
    onTestFinished(disk.empty);
    await expect(storage.check()).rejects.toMatchObject({ code: "ENOSPC" });
    expect(await staged()).toEqual([]);
  });

  test("a file that was damaged where it lies ends in an error, not in other bytes", async () => {
    const { storageKey } = await storage.put(chunks("darkroom"), limit);
    await setup.place(storageKey);
    const opened = await storage.open(storageKey);
    await expect(text(opened)).rejects.toThrow(`${storageKey} is damaged`);
  });

  test("what a process that died left half received is removed when another starts, and nothing that is under way", async () => {
    await storage.check();
    const old = new Date(Date.now() - 25 * 3600 * 1000);
    await writeFile(join(setup.stagingFolder, "old"), "");
    await utimes(join(setup.stagingFolder, "old"), old, old);
    await writeFile(join(setup.stagingFolder, "young"), "");
    await storage.check();
    expect(await staged()).toEqual(["young"]);
  });

  test.each(["../../etc/passwd", "/etc/passwd", "ab/cd/../x", ""])("%s is never a storage key", async (key) => {
    await expect(storage.open(key)).rejects.toThrow("not a storage key");
    await expect(storage.withFile(key, async () => "")).rejects.toThrow("not a storage key");
  });
});

const keyOf = (content: string): string => {
  const sha256 = createHash("sha256").update(content).digest("hex");
  return `${sha256.slice(0, 2)}/${sha256.slice(2, 4)}/${sha256}`;
};

describe("a bucket", () => {
  test("that is not there, or whose server does not answer, is one clear line", async () => {
    const { variables, close } = await createTestBucket();
    const elsewhere = createStorage({ ...variables, STORAGE_URL: "s3://elsewhere" });
    await expect(elsewhere.check()).rejects.toThrow(
      /^STORAGE_URL: there is no bucket elsewhere at http:\/\/127\.0\.0\.1:\d+$/,
    );
    await close();
    const gone = createStorage(variables);
    await expect(gone.check()).rejects.toThrow(
      /^STORAGE_URL: the bucket pictures at .+ does not answer \(ECONNREFUSED\)$/,
    );
    await expect(gone.open(keyOf("x"))).rejects.toBeInstanceOf(StorageUnavailable);
  });

  test("whose connection breaks in the middle of a file is away, and says nothing else", async () => {
    const variables = await bucketOf((_request, response) => {
      response.writeHead(200, { "content-length": 100 }).write("half", () => response.destroy());
    });
    const storage = createStorage(variables);
    await expect(text(await storage.open(keyOf("x")))).rejects.toBeInstanceOf(StorageUnavailable);
    await expect(text(await storage.open(keyOf("x"), { start: 0, end: 9 }))).rejects.toBeInstanceOf(StorageUnavailable);
  });

  test("that stands still is away as soon as the patience with it is over, whatever it is asked", async () => {
    const variables = await bucketOf(() => undefined);
    const storage = createStorage(variables, { patienceMs: 200 });
    const startedAt = performance.now();
    const asked = await Promise.allSettled([
      storage.put(chunks("darkroom"), limit),
      storage.open(keyOf("x")),
      storage.withFile(keyOf("x"), async () => undefined),
      storage.remove(keyOf("x"), { storedBefore: new Date() }),
    ]);
    expect(asked).toEqual(Array(4).fill({ status: "rejected", reason: expect.any(StorageUnavailable) }));
    // Three tries with their pauses would take three times as long, and of the default patience half a minute each.
    expect(performance.now() - startedAt).toBeLessThan(5000);
  });

  test("that stands still in the middle of a file is away; a reader that takes its time is waited for", async () => {
    const half = "x".repeat(200_000);
    const variables = await bucketOf((_request, response) => {
      response.writeHead(200, { "content-length": 2 * half.length }).write(half);
    });
    const opened = await createStorage(variables, { silenceMs: 200 }).open(keyOf("x"));
    let read = 0;
    const reading = (async () => {
      for await (const chunk of opened?.stream ?? []) {
        if (read === 0) await sleep(600);
        read += chunk.length;
      }
    })();
    await expect(reading).rejects.toBeInstanceOf(StorageUnavailable);
    expect(read).toBe(half.length);
  });

  test("gets the hash and the length of each file before its bytes, and a second try from the first byte", async () => {
    const puts: { headers: Record<string, unknown>; body: string }[] = [];
    const variables = await bucketOf(async (request, response) => {
      if (request.method !== "PUT") return response.writeHead(404).end();
      puts.push({ headers: request.headers, body: (await buffer(request)).toString() });
      response.writeHead(puts.length === 1 ? 503 : 200).end();
    });
    const STORAGE_URL = `${variables.STORAGE_URL}/&region=eu-north-1`;
    const storage = createStorage({ ...variables, STORAGE_URL, AWS_SESSION_TOKEN: "token" });
    await storage.put(chunks("dark", "room"), limit);
    const put = {
      body: "darkroom",
      headers: expect.objectContaining({
        "content-length": "8",
        "x-amz-content-sha256": createHash("sha256").update("darkroom").digest("hex"),
        "x-amz-security-token": "token",
        authorization: expect.stringMatching(
          /Credential=id\/\d{8}\/eu-north-1\/s3\/aws4_request, SignedHeaders=.*x-amz-content-sha256/,
        ),
      }),
    };
    expect(puts).toEqual([put, put]);
  });
});

test.each([
  ["", {}, "STORAGE_URL: must be file:///folder or s3://bucket/prefix"],
  ["http://x", {}, "STORAGE_URL: must be file:///folder or s3://bucket/prefix"],
  ["file://host/x", {}, "STORAGE_URL: must be file:///folder or s3://bucket/prefix"],
  ["s3://", {}, "STORAGE_URL: must name a bucket, and no credentials, as in s3://bucket/prefix"],
  ["s3://key:secret@pictures", {}, "STORAGE_URL: must name a bucket, and no credentials, as in s3://bucket/prefix"],
  ["s3://pictures/a b", {}, "STORAGE_URL: the prefix may have letters, digits and . _ / - only"],
  ["s3://pictures?acl=public", {}, 'STORAGE_URL: takes endpoint and region after its "?", not acl'],
  ["s3://pictures?endpoint=minio:9000", {}, "STORAGE_URL: its endpoint must be an http or https URL"],
  ["s3://pictures", { AWS_ENDPOINT_URL_S3: "minio" }, "AWS_ENDPOINT_URL_S3: must be an http or https URL"],
  ["s3://pictures", {}, "AWS_ACCESS_KEY_ID: is required by an s3: STORAGE_URL"],
  ["s3://pictures", { AWS_ACCESS_KEY_ID: "x" }, "AWS_SECRET_ACCESS_KEY: is required by an s3: STORAGE_URL"],
])("STORAGE_URL %j with %j is refused: %s", (STORAGE_URL, variables, message) => {
  expect(() => parseStorageConfig({ STORAGE_URL, ...variables })).toThrow(new StorageMisconfigured(message));
});

test("a bucket without an endpoint is Amazon's, its prefix ends with one slash", () => {
  const variables = { AWS_ACCESS_KEY_ID: "id", AWS_SECRET_ACCESS_KEY: "secret", AWS_REGION: "eu-west-1" };
  expect(parseStorageConfig({ STORAGE_URL: "s3://pictures//a/b/", ...variables })).toEqual({
    type: "s3",
    bucket: "pictures",
    prefix: "a/b/",
    endpoint: null,
    region: "eu-west-1",
    credentials: { accessKeyId: "id", secretAccessKey: "secret" },
  });
});

test("free space is that of the file system, also before the folder is made", async () => {
  const storage = createStorage({ STORAGE_URL: pathToFileURL(join(tmpdir(), "darkroom-never", "made")).href });
  expect(await storage.freeBytes()).toBeGreaterThan(0);
  await expect(stat(join(tmpdir(), "darkroom-never"))).rejects.toMatchObject({ code: "ENOENT" });
});

test("what is kept in reserve takes no new file, and gives those that are there", async () => {
  const { storage, close } = await onDisk();
  onTestFinished(close);
  const { storageKey } = await storage.put(chunks("x"), limit);
  const reserved = withReserve({ ...storage, freeBytes: async () => 99 }, 100);
  await expect(reserved.receive(chunks("y"), limit)).rejects.toBeInstanceOf(StorageFull);
  await expect(reserved.put(chunks("y"), limit)).rejects.toBeInstanceOf(StorageFull);
  await expect(reserved.make((path) => writeFile(path, "y"))).rejects.toBeInstanceOf(StorageFull);
  expect(await text(await reserved.open(storageKey))).toBe("x");
  const enough = withReserve({ ...storage, freeBytes: async () => 100 }, 100);
  await expect(enough.put(chunks("y"), limit)).resolves.toMatchObject({ sizeBytes: 1 });
});
