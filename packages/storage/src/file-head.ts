import { open } from "node:fs/promises";

/** Bytes at a file's beginning that tell what it is. */
const HEAD_BYTES = 64 * 1024;

/** The first 64 KiB of the file at `path`, fewer where it is shorter, and its whole size in bytes. */
export async function readHead(path: string): Promise<{ readonly bytes: Buffer; readonly sizeBytes: number }> {
  const file = await open(path, "r");
  try {
    const { size: sizeBytes } = await file.stat();
    const { buffer, bytesRead } = await file.read({
      buffer: Buffer.alloc(Math.min(sizeBytes, HEAD_BYTES)),
      position: 0,
    });
    return { bytes: buffer.subarray(0, bytesRead), sizeBytes };
  } finally {
    await file.close();
  }
}
