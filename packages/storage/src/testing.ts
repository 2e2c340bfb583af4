/// <reference path="./s3rver.d.ts" />
import { type FileHandle, mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32, deflateSync } from "node:zlib";
import type { StorageVariables } from "./storage-config.ts";

/** An S3 server of one's own with one empty bucket, on 127.0.0.1. */
export interface TestBucket {
  /** What a process needs to store there. */
  readonly variables: StorageVariables & Readonly<Record<string, string>>;
  /** Where the server keeps its objects, as files. */
  readonly folder: string;
  close(): Promise<void>;
}

/**
 * s3rver, a server that speaks S3 over real HTTP. It cannot show that bad credentials or a wrong hash are refused: it
 * checks neither.
 *
 * @param onError Is told why a request was answered with 500, or could not be answered
 */
export async function createTestBucket(onError: (error: Error) => void = () => undefined): Promise<TestBucket> {
  // Loading it takes longer than most tests that need something else of this file.
  const { default: S3rver } = await import("s3rver");
  const folder = await mkdtemp(join(tmpdir(), "darkroom-s3-"));
  const server = new S3rver({
    address: "127.0.0.1",
    port: 0,
    silent: true,
    directory: folder,
    configureBuckets: [{ name: "pictures" }],
  });
  server.on("error", onError);
  const { port } = await server.run();
  return {
    variables: {
      STORAGE_URL: "s3://pictures/darkroom",
      AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${port}`,
      AWS_ACCESS_KEY_ID: "S3RVER",
      AWS_SECRET_ACCESS_KEY: "S3RVER",
    },
    folder,
    close: async () => {
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

interface Written {
  bytesWritten: number;
}

/**
 * Makes the disk full for this process once `bytes` more were written, as a disk is: the last write takes a part, the next
 * fails. Below every file that is received there is this one method; a file system that is really full would need rights
 * that not every machine gives. `code` is what the disk says then, for one that takes nothing for another reason.
 */
export async function fillDisk(bytes: number, code = "ENOSPC"): Promise<{ readonly empty: () => void }> {
  const handle = await open(tmpdir(), "r");
  const prototype = Object.getPrototypeOf(handle) as FileHandle;
  await handle.close();
  const write = prototype.write as (buffer: Uint8Array, offset: number, length: number) => Promise<Written>;
  let free = bytes;
  prototype.write = async function (this: FileHandle, buffer: Uint8Array, offset: number, length: number) {
    if (length > 0 && free === 0) throw Object.assign(new Error(`${code}: the disk takes nothing, write`), { code });
    const taken = Math.min(length, free);
    // Taken before it is written: writes of several files are under way at once.
    free -= taken;
    return write.call(this, buffer, offset, taken);
  } as unknown as FileHandle["write"];
  return {
    empty: () => {
      prototype.write = write as unknown as FileHandle["write"];
    },
  };
}

/**
 * A whole black PNG of one bit per pixel, so that a few kilobytes hold any size. `extras` are chunks by name, put before
 * the pixels; `pixels` takes the place of the packed ones, and `type` that of the bit depth and the color type.
 */
export function blackPng(
  width: number,
  height: number,
  {
    extras = [],
    pixels,
    type = [1, 0],
  }: { extras?: readonly (readonly [string, Buffer])[]; pixels?: Buffer; type?: readonly [number, number] } = {},
): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set(type, 8);
  return Buffer.concat([
    Buffer.from("89504e470d0a1a0a", "hex"),
    pngChunk("IHDR", header),
    ...extras.map(([type, data]) => pngChunk(type, data)),
    pngChunk("IDAT", pixels ?? deflateSync(Buffer.alloc(height * (1 + Math.ceil(width / 8))))),
    pngChunk("IEND", Buffer.alloc(0)),
  ]);
}

function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
