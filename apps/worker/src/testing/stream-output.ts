import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { createTestBucket } from "@darkroom/storage/testing";

// `node apps/worker/src/testing/stream-output.ts 300` prints what an output of 300 MB costs a worker.

const MB = 1024 * 1024;

export interface StreamedOutput {
  readonly sizeBytes: number;
  /** True if what was stored has the hash of what was sent. */
  readonly isWhole: boolean;
  /** Resident memory at its peak, above what the process had before. */
  readonly grownBytes: number;
}

/** Lets a process store an output of so many megabytes, on a disk or in a bucket, through a worker's own code. */
export async function streamOutput(megabytes: number, to: "disk" | "bucket"): Promise<StreamedOutput> {
  const folder = await mkdtemp(join(tmpdir(), "darkroom-stream-"));
  const bucket = to === "bucket" ? await createTestBucket() : null;
  const hash = createHash("sha256");
  const server = createServer((request, response) => {
    const isLarge = request.url?.includes("large") === true;
    const count = isLarge ? megabytes : 1;
    response.writeHead(200, { "content-length": count * MB });
    const source = Readable.from(
      film(count, (chunk) => isLarge && hash.update(chunk)),
      { objectMode: false },
    );
    pipeline(source, response).catch(() => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  try {
    const child = join(import.meta.dirname, "stream-output-child.ts");
    const { stdout } = await promisify(execFile)(process.execPath, [child], {
      env: {
        TMPDIR: folder,
        DATABASE_URL: "postgres://127.0.0.1/none",
        REDIS_URL: "redis://127.0.0.1",
        COMFYUI_URLS: `http://127.0.0.1:${port}`,
        STORAGE_URL: pathToFileURL(join(folder, "storage")).href,
        ...bucket?.variables,
      },
    });
    const { sizeBytes, sha256, grownBytes } = JSON.parse(stdout) as Omit<StreamedOutput, "isWhole"> & {
      sha256: string;
    };
    return { sizeBytes, isWhole: sha256 === hash.digest("hex"), grownBytes };
  } finally {
    server.close();
    await bucket?.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** A file that begins like an MP4 and differs in each megabyte. */
function* film(megabytes: number, onChunk: (chunk: Buffer) => void): Generator<Buffer> {
  for (let index = 0; index < megabytes; index += 1) {
    const chunk = Buffer.alloc(MB, index + 1);
    if (index === 0) chunk.write("\0\0\0\x18ftypisom\0\0\x02\0isomiso2", "latin1");
    onChunk(chunk);
    yield chunk;
  }
}

if (import.meta.main) {
  const megabytes = Number(process.argv[2] ?? 300);
  for (const to of ["disk", "bucket"] as const) {
    const { grownBytes, isWhole } = await streamOutput(megabytes, to);
    console.log(
      `${megabytes} MB to a ${to}: ${isWhole ? "whole" : "DAMAGED"}, ${(grownBytes / MB).toFixed(0)} MB more resident memory`,
    );
  }
}
