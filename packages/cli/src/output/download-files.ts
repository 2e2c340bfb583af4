import { createWriteStream } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { DarkroomClient, JobView } from "@darkroom/client";
import { fileExtensionOf, isTerminal } from "@darkroom/contracts";
import { ApiError } from "../account/session.ts";
import { UsageError } from "../usage-error.ts";

/** A file of a job, and where it is now. */
export interface DownloadedFile {
  readonly outputId: string;
  readonly path: string;
  readonly mimeType: string;
  readonly sizeBytes: number;
}

/**
 * Puts the job's files into the folder. A file gets its name when it is whole.
 *
 * @throws ApiError for a job that has not ended, or has no files; UsageError for a folder that is none
 */
export async function downloadFiles(client: DarkroomClient, job: JobView, folder: string): Promise<DownloadedFile[]> {
  if (!isTerminal(job.state)) {
    throw new ApiError({
      code: "JOB_NOT_ENDED",
      message: `The job has not ended yet. Wait for it with darkroom wait ${job.jobId}.`,
    });
  }
  if (job.outputs.length === 0) {
    const why = job.failure === null ? "" : ` ${job.failure.message}`;
    throw new ApiError({ code: "NOT_FOUND", message: `The job has ${job.state} and has no files.${why}` });
  }
  await mkdir(folder, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError("dir", `must be a folder that can be written to (${error.code})`);
  });
  const files: DownloadedFile[] = [];
  for (const { outputId, mimeType, sizeBytes, url } of job.outputs) {
    const path = join(folder, `${outputId}.${fileExtensionOf(mimeType)}`);
    await save(await client.job(job.jobId).download({ url }), path);
    files.push({ outputId, path, mimeType, sizeBytes });
  }
  return files;
}

async function save({ body }: Response, path: string): Promise<void> {
  const part = `${path}.part`;
  try {
    const bytes = body === null ? [] : Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0]);
    await pipeline(bytes, createWriteStream(part));
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}
