import type { IncomingMessage, ServerResponse } from "node:http";
import { DarkroomError, fileExtensionOf } from "@darkroom/contracts";
import type { OutputFile } from "@darkroom/db";
import { type Storage, type ThumbnailFormat, type ThumbnailRequest, thumbnailFormats } from "@darkroom/storage";
import { parseRange } from "../http/byte-range.ts";
import { answerIfUnchanged, FILE_POLICY, sendFile } from "../http/send-file.ts";
import type { Exchange, HttpParts } from "./route.ts";

/** An output or an upload, as it is stored. */
export type ServedFile = Omit<OutputFile, "outputId" | "jobId" | "ownerId"> & { readonly id: string };

/**
 * Answers with the file as it is (with ranges), or with `width` or `format` in the query a copy of a picture.
 *
 * @throws DarkroomError `INPUT_INVALID` for a width or format that there is not
 */
export async function sendStored(
  { request, response, url, identity }: Exchange,
  { storage, thumbnails }: Pick<HttpParts, "storage" | "thumbnails">,
  found: ServedFile,
): Promise<void> {
  const query = url.searchParams;
  const copy = copyAsked(found, query);
  response.setHeader("content-security-policy", FILE_POLICY);
  // It never changes under its id, so the browser need not ask again; `private`, for it is somebody's own.
  response.setHeader("cache-control", "private, max-age=31536000, immutable");
  const etag = copy === null ? `"${found.sha256}"` : `"${found.sha256}-${copy.width}-${copy.format}"`;
  if (answerIfUnchanged(request, response, etag)) return;
  if (copy === null) return sendOriginal(request, response, found, { storage, etag, download: query.get("download") });
  const opened = await thumbnails.open(found, copy, identity.principal.ownerId);
  response.setHeader("content-type", `image/${copy.format}`);
  await sendFile(request, response, opened);
}

/** The copy of a picture that the query asks for; null where it asks for the file itself. */
export function copyAsked({ kind }: Pick<ServedFile, "kind">, query: URLSearchParams): ThumbnailRequest | null {
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

async function sendOriginal(
  request: IncomingMessage,
  response: ServerResponse,
  { id, storageKey, mimeType, sizeBytes }: ServedFile,
  { storage, etag, download }: { storage: Storage; etag: string; download: string | null },
): Promise<void> {
  // Only types that a browser shows without treating them as a document, which could run scripts.
  const isShown = /^(image\/(png|apng|jpeg|webp|gif|avif)|video\/.+|audio\/.+|text\/plain; charset=utf-8)$/.test(
    mimeType,
  );
  const disposition = isShown && download === null ? "inline" : "attachment";
  response.setHeader("content-disposition", `${disposition}; filename="${fileName(id, mimeType, download)}"`);
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
  if (range === null) return sendFile(request, response, opened);
  response.setHeader("content-range", `bytes ${range.start}-${range.end}/${sizeBytes}`);
  await sendFile(request, response, opened, { status: 206, length: range.end - range.start + 1 });
}

/** The name asked for, if it is a plain one and ends as the file's type does. */
function fileName(id: string, mimeType: string, asked: string | null): string {
  const extension = fileExtensionOf(mimeType);
  const isFit = asked !== null && /^[a-z\d][\w.-]{0,99}$/i.test(asked) && asked.endsWith(`.${extension}`);
  return isFit ? asked : `${id}.${extension}`;
}
