import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { shareHashOf } from "@darkroom/api";
import { DarkroomError, fileExtensionOf, hasRole, idSchema, type Principal } from "@darkroom/contracts";
import { type Database, type OutputFile, outputFile, sharedOutput } from "@darkroom/db";
import {
  type OpenedFile,
  openThumbnail,
  type Storage,
  type ThumbnailFormat,
  type ThumbnailRequest,
  thumbnailFormats,
} from "@darkroom/storage";
import { parseRange } from "../http/byte-range.ts";

/** Whatever it is, it is data: it runs no script, loads nothing, and is no document of our origin. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

/** The owners whose things a principal may see; null for operators, who see everyone's. */
export function visibleOwners(principal: Principal): readonly string[] | null {
  return hasRole(principal.role, "operator") ? null : principal.ownerIds;
}

/** Serves an output to those who may see it: the file as it is (with ranges), or a smaller copy of a picture. */
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
  const copy = copyAsked(found, query);

  response.setHeader("content-security-policy", policy);
  // An output never changes under its id, so the browser need not ask again; `private`, for it is somebody's own.
  response.setHeader("cache-control", "private, max-age=31536000, immutable");
  const etag = copy === null ? `"${found.sha256}"` : `"${found.sha256}-${copy.width}-${copy.format}"`;
  response.setHeader("etag", etag);
  if (namesTag(request.headers["if-none-match"], etag)) {
    response.writeHead(304).end();
    return;
  }
  if (copy === null) await serveFile(request, response, found, { storage, etag, download: query.get("download") });
  else {
    const opened = await openThumbnail(storage, found.storageKey, copy);
    response.setHeader("content-type", `image/${copy.format}`);
    await send(request, response, opened, 200);
  }
}

/**
 * Serves a picture to whoever has the address at which it is shared: never the file itself, in which ComfyUI wrote how it
 * was made. Whoever keeps it asks again each time, so that the end of the sharing is one at once.
 */
export async function serveShare(
  request: IncomingMessage,
  response: ServerResponse,
  token: string,
  { database, storage }: { database: Database; storage: Storage },
): Promise<void> {
  const found = await sharedOutput(database, shareHashOf(token));
  if (found === null) throw new DarkroomError("NOT_FOUND", "This picture is not shared, or not any more.");
  const format = found.mimeType === "image/png" ? "png" : "webp";
  response.setHeader("content-security-policy", policy);
  response.setHeader("x-robots-tag", "noindex");
  response.setHeader("cache-control", "private, no-cache");
  const etag = `"${found.sha256}-${format}"`;
  response.setHeader("etag", etag);
  if (namesTag(request.headers["if-none-match"], etag)) {
    response.writeHead(304).end();
    return;
  }
  const opened = await openThumbnail(storage, found.storageKey, { width: Number.POSITIVE_INFINITY, format });
  response.setHeader("content-type", `image/${format}`);
  response.setHeader("content-disposition", `inline; filename="darkroom.${format}"`);
  await send(request, response, opened, 200);
}

/** The copy of a picture that the query asks for; null where it asks for the file itself. */
function copyAsked({ kind }: OutputFile, query: URLSearchParams): ThumbnailRequest | null {
  const width = query.get("width");
  if (width === null && !query.has("format")) return null;
  if (kind !== "image" && kind !== "animation") throw wrong("width", "is for pictures, and this is none");
  return {
    width: width === null ? Number.POSITIVE_INFINITY : parseWidth(width),
    format: parseFormat(query.get("format")),
  };
}

function parseFormat(text: string | null): ThumbnailFormat {
  const format = thumbnailFormats.find((candidate) => candidate === (text ?? "webp"));
  if (format === undefined) throw wrong("format", `must be one of ${thumbnailFormats.join(", ")}`);
  return format;
}

function parseWidth(text: string): number {
  const width = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (width < 1 || width > 8192) throw wrong("width", "must be an integer from 1 to 8192");
  return width;
}

const wrong = (path: string, message: string): DarkroomError =>
  new DarkroomError("INPUT_INVALID", `${path} ${message}.`, { fields: [{ path, message }] });

async function serveFile(
  request: IncomingMessage,
  response: ServerResponse,
  { outputId, storageKey, mimeType, sizeBytes }: OutputFile,
  { storage, etag, download }: { storage: Storage; etag: string; download: string | null },
): Promise<void> {
  // Only what a browser shows without reading it as a document.
  const isShown = /^(image\/(png|apng|jpeg|webp|gif|avif)|video\/.+|audio\/.+|text\/plain; charset=utf-8)$/.test(
    mimeType,
  );
  const disposition = isShown && download === null ? "inline" : "attachment";
  response.setHeader("content-disposition", `${disposition}; filename="${fileName(outputId, mimeType, download)}"`);
  response.setHeader("content-type", mimeType);
  response.setHeader("accept-ranges", "bytes");
  const condition = request.headers["if-range"];
  const asked = condition === undefined || condition === etag ? request.headers.range : undefined;
  const range = parseRange(asked, sizeBytes);
  if (range === "unsatisfiable") {
    response.writeHead(416, { "content-range": `bytes */${sizeBytes}` }).end();
    return;
  }
  const opened = await storage.open(storageKey, range ?? undefined);
  if (range === null) return send(request, response, opened, 200);
  response.setHeader("content-range", `bytes ${range.start}-${range.end}/${sizeBytes}`);
  await send(request, response, opened, 206, range.end - range.start + 1);
}

/** The name asked for, if it is a plain one and ends as the file's type does. */
function fileName(outputId: string, mimeType: string, asked: string | null): string {
  const extension = fileExtensionOf(mimeType);
  const isFit = asked !== null && /^[a-z\d][\w.-]{0,99}$/i.test(asked) && asked.endsWith(`.${extension}`);
  return isFit ? asked : `${outputId}.${extension}`;
}

async function send(
  request: IncomingMessage,
  response: ServerResponse,
  opened: OpenedFile | null,
  status: 200 | 206,
  length = opened?.sizeBytes,
): Promise<void> {
  if (opened === null) {
    response.removeHeader("etag");
    response.setHeader("cache-control", "private, no-store");
    throw new DarkroomError("NOT_FOUND", "The file of this output is no longer there.");
  }
  response.writeHead(status, { "content-length": length });
  if (request.method === "HEAD") {
    opened.stream.destroy();
    response.end();
    return;
  }
  await pipeline(opened.stream, response);
}

/** Weak or strong makes no difference here: bytes of one tag are the same bytes. */
function namesTag(header: string | undefined, etag: string): boolean {
  return (header ?? "").split(",").some((part) => part.trim().replace(/^W\//, "") === etag || part.trim() === "*");
}
