import { visibleOwners } from "@darkroom/api";
import { DarkroomError, downloadName, idSchema, MAX_ARCHIVE_BYTES, MAX_ARCHIVE_FILES } from "@darkroom/contracts";
import { type ArchivedOutput, outputsToArchive } from "@darkroom/db";
import type { Storage } from "@darkroom/storage";
import { sendZip, type ZipEntry } from "../http/send-zip.ts";
import type { Exchange, HttpParts } from "./route.ts";

/**
 * `GET /api/outputs.zip?ids=…,…`: several outputs as one file, to those who may see them. What is gone, or somebody else's,
 * is left out.
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
  await sendZip(request, response, { name: `darkroom-${day}.zip`, entries: entriesOf(files, storage) });
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

async function* entriesOf(files: readonly ArchivedOutput[], storage: Pick<Storage, "open">): AsyncGenerator<ZipEntry> {
  for (const [index, file] of files.entries()) {
    const opened = await storage.open(file.storageKey);
    // Removed since it was looked up: the others are still wanted.
    if (opened === null) continue;
    const number = String(index + 1).padStart(String(files.length).length, "0");
    const name = `${number}-${downloadName(file.title, file.seed, file.mimeType)}`;
    yield { name, lastModified: file.createdAt, input: opened.stream };
  }
}
