import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { visibleOwners } from "@darkroom/api";
import { DarkroomError, downloadName, idSchema, MAX_ARCHIVE_BYTES, MAX_ARCHIVE_FILES } from "@darkroom/contracts";
import { type ArchivedOutput, outputsToArchive } from "@darkroom/db";
import type { Storage } from "@darkroom/storage";
import { Zip, ZipPassThrough } from "fflate";
import type { Exchange, HttpParts } from "./route.ts";

/**
 * `GET /api/outputs.zip?ids=…,…`: several outputs as one file, to those who may see them. What is gone, or somebody else's,
 * is left out. It is made while it is sent, so that its size costs no memory, and nothing is compressed: pictures are.
 *
 * @throws DarkroomError `INPUT_INVALID` for too many files or bytes, `NOT_FOUND` if nothing is there
 */
export async function outputsZip(
  { request, response, url, identity }: Exchange,
  { database, storage }: Pick<HttpParts, "database" | "storage">,
): Promise<void> {
  const outputIds = readIds(url.searchParams.get("ids"));
  const files = await outputsToArchive(database, { outputIds, ownerIds: visibleOwners(identity.principal) });
  if (files.length === 0) throw new DarkroomError("NOT_FOUND", "None of these files is there any more.");
  const bytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  if (bytes > MAX_ARCHIVE_BYTES) {
    throw wrong(`has ${bytes} bytes together, more than ${MAX_ARCHIVE_BYTES}: ask for fewer`);
  }
  const day = new Date().toISOString().slice(0, 10);
  response.setHeader("content-type", "application/zip");
  response.setHeader("content-disposition", `attachment; filename="darkroom-${day}.zip"`);
  response.writeHead(200);
  if (request.method === "HEAD") response.end();
  else await pipeline(Readable.from(zipped(files, storage)), response);
}

function readIds(text: string | null): string[] {
  const ids = [...new Set((text ?? "").split(",").filter((id) => id !== ""))];
  if (ids.length === 0 || ids.length > MAX_ARCHIVE_FILES)
    throw wrong(`must name 1 to ${MAX_ARCHIVE_FILES} outputs, separated by commas`);
  if (ids.some((id) => !idSchema.safeParse(id).success)) throw wrong("must be ids of outputs, separated by commas");
  return ids;
}

const wrong = (message: string): DarkroomError =>
  new DarkroomError("INPUT_INVALID", `ids ${message}.`, { fields: [{ path: "ids", message }] });

/** The bytes of the ZIP file, each file read when the one before it is sent. */
async function* zipped(files: readonly ArchivedOutput[], storage: Pick<Storage, "open">): AsyncGenerator<Uint8Array> {
  const made: Uint8Array[] = [];
  const zip = new Zip((error, chunk) => {
    if (error !== null) throw error;
    made.push(chunk);
  });
  for (const [index, file] of files.entries()) {
    const opened = await storage.open(file.storageKey);
    // Removed since it was looked up: the others are still wanted.
    if (opened === null) continue;
    const number = String(index + 1).padStart(String(files.length).length, "0");
    const entry = new ZipPassThrough(`${number}-${downloadName(file.title, file.seed, file.mimeType)}`);
    entry.mtime = file.createdAt;
    zip.add(entry);
    for await (const chunk of opened.stream) {
      entry.push(chunk);
      yield* made.splice(0);
    }
    entry.push(new Uint8Array(), true);
  }
  zip.end();
  yield* made;
}
