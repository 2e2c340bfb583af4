import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { DarkroomError, hasRole, idSchema, type Principal } from "@darkroom/contracts";
import { type Database, outputFile } from "@darkroom/db";
import { type Storage, type ThumbnailFormat, thumbnail, thumbnailFormats } from "@darkroom/storage";

/** The owners whose things a principal may see; null for operators, who see everyone's. */
export function visibleOwners(principal: Principal): readonly string[] | null {
  return hasRole(principal.role, "operator") ? null : principal.ownerIds;
}

function parseRange(header: string | undefined, sizeBytes: number): { start: number; end: number } | null {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? "");
  if (match === null || (match[1] === "" && match[2] === "")) return null;
  const start = match[1] === "" ? Math.max(0, sizeBytes - Number(match[2])) : Number(match[1]);
  const end = match[1] === "" || match[2] === "" ? sizeBytes - 1 : Math.min(Number(match[2]), sizeBytes - 1);
  return start <= end && start < sizeBytes ? { start, end } : null;
}

function parseFormat(text: string | null): ThumbnailFormat {
  const format = thumbnailFormats.find((candidate) => candidate === (text ?? "webp"));
  if (format === undefined) {
    const message = `must be one of ${thumbnailFormats.join(", ")}`;
    throw new DarkroomError("INPUT_INVALID", `format ${message}.`, { fields: [{ path: "format", message }] });
  }
  return format;
}

function parseWidth(text: string): number {
  const width = Number(text);
  if (!Number.isInteger(width) || width < 1 || width > 8192) {
    const message = "must be an integer from 1 to 8192";
    throw new DarkroomError("INPUT_INVALID", `width ${message}.`, { fields: [{ path: "width", message }] });
  }
  return width;
}

/** Serves an output to those who may see it: the file as it is (with ranges), or a smaller copy of an image. */
export async function serveOutput(
  request: IncomingMessage,
  response: ServerResponse,
  outputId: string,
  query: URLSearchParams,
  { database, storage, principal }: { database: Database; storage: Storage; principal: Principal },
): Promise<void> {
  const id = idSchema.safeParse(outputId);
  const found = id.success
    ? await outputFile(database, { outputId: id.data, ownerIds: visibleOwners(principal) })
    : null;
  if (found === null) throw new DarkroomError("NOT_FOUND", "There is no such output.");

  // An output never changes under its id, so the browser need not ask again; `private`, for it is somebody's own.
  response.setHeader("cache-control", "private, max-age=31536000, immutable");
  const etag = `"${found.sha256}${query.size > 0 ? `-${query.toString()}` : ""}"`;
  response.setHeader("etag", etag);
  if (request.headers["if-none-match"] === etag) {
    response.writeHead(304).end();
    return;
  }
  const width = query.get("width");
  if (found.kind === "image" && (width !== null || query.has("format"))) {
    const format = parseFormat(query.get("format"));
    const path = await thumbnail(storage, found.storageKey, { width: parseWidth(width ?? "1536"), format });
    const { size } = await stat(path);
    response.writeHead(200, { "content-type": `image/${format}`, "content-length": size });
    await pipeline(createReadStream(path), response);
    return;
  }

  const isRaster = /^(image\/(png|jpeg|webp|gif|avif)|video\/|audio\/)/.test(found.mimeType);
  const extension = found.mimeType.split("/")[1]?.replace(/[^a-z0-9].*$/, "") ?? "bin";
  const disposition = isRaster && !query.has("download") ? "inline" : "attachment";
  response.setHeader("content-disposition", `${disposition}; filename="${id.data}.${extension}"`);
  response.setHeader("content-type", found.mimeType);
  response.setHeader("accept-ranges", "bytes");
  response.setHeader("content-security-policy", "default-src 'none'; sandbox");
  const range = parseRange(request.headers.range, found.sizeBytes);
  const file = await storage.open(found.storageKey, range ?? undefined);
  if (file === null) throw new DarkroomError("NOT_FOUND", "The file of this output is no longer there.");
  if (range === null) response.writeHead(200, { "content-length": file.sizeBytes });
  else {
    response.writeHead(206, {
      "content-length": range.end - range.start + 1,
      "content-range": `bytes ${range.start}-${range.end}/${found.sizeBytes}`,
    });
  }
  await pipeline(file.stream, response);
}
