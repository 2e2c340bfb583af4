import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { DarkroomError } from "@darkroom/contracts";
import type { OpenedFile } from "@darkroom/storage";

/** The policy of a file that somebody made: it is data that runs no script, loads nothing and is no page of our origin. */
export const FILE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

/**
 * Sets the file's tag. If the caller has that very file already, answers 304 and returns true.
 *
 * @param etag With its quotes
 */
export function answerIfUnchanged(request: IncomingMessage, response: ServerResponse, etag: string): boolean {
  response.setHeader("etag", etag);
  // Weak or strong makes no difference: bytes of one tag are the same bytes.
  const isKept = (request.headers["if-none-match"] ?? "")
    .split(",")
    .some((part) => part.trim().replace(/^W\//, "") === etag || part.trim() === "*");
  if (isKept) response.writeHead(304).end();
  return isKept;
}

/**
 * Sends an opened file, of a `HEAD` request the headers alone.
 *
 * @param length Bytes that will be sent, if not all of them
 * @throws DarkroomError `NOT_FOUND` where the storage has no such file (null)
 */
export async function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  opened: OpenedFile | null,
  { status = 200, length = opened?.sizeBytes }: { status?: 200 | 206; length?: number | undefined } = {},
): Promise<void> {
  if (opened === null) {
    response.removeHeader("etag");
    response.setHeader("cache-control", "private, no-store");
    throw new DarkroomError("NOT_FOUND", "This file is no longer there.");
  }
  response.writeHead(status, { "content-length": length });
  if (request.method === "HEAD") {
    opened.stream.destroy();
    response.end();
    return;
  }
  await pipeline(opened.stream, response);
}
