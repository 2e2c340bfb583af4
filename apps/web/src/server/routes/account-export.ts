import { viewFor } from "@darkroom/api";
import { downloadName, fileExtensionOf, type JobView, type Principal } from "@darkroom/contracts";
import {
  type Database,
  listApiKeys,
  listJobs,
  listUploads,
  outputsToArchive,
  ownerById,
  uploadFile,
} from "@darkroom/db";
import type { Storage } from "@darkroom/storage";
import { sendZip, type ZipEntry } from "../http/send-zip.ts";
import type { Exchange, HttpParts } from "./route.ts";

/** Jobs, or uploads, of one query. */
const PAGE = 100;

/**
 * `GET /api/account/export`: all that is the caller's as one ZIP file: `account.json`, `jobs.jsonl` (a job a line, as `job.byId`
 * answers it), and the files of jobs and uploads.
 */
export async function accountExport(
  { request, response, identity }: Exchange,
  { database, storage }: Pick<HttpParts, "database" | "storage">,
): Promise<void> {
  const day = new Date().toISOString().slice(0, 10);
  const entries = everythingOf(identity.principal, { database, storage });
  await sendZip(request, response, { name: `darkroom-export-${day}.zip`, entries });
}

interface Sources {
  readonly database: Database;
  readonly storage: Pick<Storage, "open">;
}

async function* everythingOf(principal: Principal, sources: Sources): AsyncGenerator<ZipEntry> {
  const { ownerId, ownerIds } = principal;
  const { database } = sources;
  const lastModified = new Date();
  const owner = await ownerById(database, ownerId);
  const apiKeys = await listApiKeys(database, ownerIds);
  const account = { exportedAt: lastModified.toISOString(), ...owner, apiKeys };
  yield { name: "account.json", lastModified, input: `${JSON.stringify(account, null, 2)}\n` };
  yield { name: "jobs.jsonl", lastModified, input: jobLines(principal, database) };
  for await (const job of jobsOf(ownerIds, database)) yield* outputsOf(job, ownerIds, sources);
  yield* uploadsOf(ownerIds, sources);
}

async function* jobsOf(ownerIds: readonly string[], database: Database): AsyncGenerator<JobView> {
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof listJobs>> = await listJobs(database, { ownerIds, limit: PAGE, cursor });
    yield* page.items;
    cursor = page.nextCursor;
  } while (cursor !== null);
}

async function* jobLines(principal: Principal, database: Database): AsyncGenerator<Uint8Array> {
  for await (const job of jobsOf(principal.ownerIds, database))
    yield Buffer.from(`${JSON.stringify(viewFor(principal, job))}\n`);
}

async function* outputsOf(
  { jobId, outputs }: JobView,
  ownerIds: readonly string[],
  { database, storage }: Sources,
): AsyncGenerator<ZipEntry> {
  if (outputs.length === 0) return;
  const files = await outputsToArchive(database, { outputIds: outputs.map(({ outputId }) => outputId), ownerIds });
  for (const [index, file] of files.entries()) {
    const opened = await storage.open(file.storageKey);
    // Removed since it was looked up: the rest is still wanted.
    if (opened === null) continue;
    const name = `${index + 1}-${downloadName(file.title, file.seed, file.mimeType)}`;
    yield { name: `outputs/${jobId}/${name}`, lastModified: file.createdAt, input: opened.stream };
  }
}

async function* uploadsOf(ownerIds: readonly string[], { database, storage }: Sources): AsyncGenerator<ZipEntry> {
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof listUploads>> = await listUploads(database, {
      ownerIds,
      limit: PAGE,
      cursor,
    });
    for (const { uploadId, mimeType, createdAt } of page.items) {
      const file = await uploadFile(database, { uploadId, ownerIds });
      const opened = file && (await storage.open(file.storageKey));
      if (opened === null) continue;
      const name = `uploads/${uploadId}.${fileExtensionOf(mimeType)}`;
      yield { name, lastModified: new Date(createdAt), input: opened.stream };
    }
    cursor = page.nextCursor;
  } while (cursor !== null);
}
