import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { pipeline } from "node:stream/promises";
import type { Evidence } from "./evidence.ts";

/** Outputs whose file is missing, is another than its hash and size say, or shows another job's picture. */
export async function wrongFiles(
  { outputs, jobs }: Evidence,
  pathOf: (storageKey: string) => string,
): Promise<string[]> {
  const attemptOf = new Map(jobs.map(({ id, attempt }) => [id, attempt]));
  const found: string[] = [];
  for (const { jobId, attempt, sha256, storageKey, sizeBytes } of outputs) {
    const file = pathOf(storageKey);
    const what = `${jobId}, attempt ${attempt} of ${attemptOf.get(jobId)}: ${storageKey}`;
    if (!existsSync(file)) {
      found.push(`${what} is missing`);
      continue;
    }
    const hash = createHash("sha256");
    const pieces: Buffer[] = [];
    await pipeline(createReadStream(file), async (source) => {
      for await (const piece of source as AsyncIterable<Buffer>) {
        hash.update(piece);
        pieces.push(piece);
      }
    });
    const bytes = Buffer.concat(pieces);
    if (hash.digest("hex") !== sha256 || !storageKey.endsWith(sha256)) found.push(`${what} has another hash`);
    if (bytes.length !== sizeBytes) found.push(`${what} has ${bytes.length} bytes instead of ${sizeBytes}`);
    // ComfyUI writes the graph into each picture, and the graph names the file after its job.
    if (!bytes.includes(`darkroom/${jobId}-`)) found.push(`${what} shows the picture of another job`);
  }
  return found;
}
