import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { makeZip } from "client-zip";

/** A file of a ZIP file. */
export interface ZipEntry {
  /** With `/` between folders. */
  readonly name: string;
  readonly lastModified: Date;
  readonly input: AsyncIterable<Uint8Array> | string;
}

/**
 * Answers with a ZIP file that is made while it is sent, each entry when the one before it is through, so that its size costs
 * no memory. Nothing is compressed: pictures are. Rejects when the caller leaves, or an entry cannot be read.
 */
export async function sendZip(
  request: IncomingMessage,
  response: ServerResponse,
  { name, entries }: { readonly name: string; readonly entries: AsyncIterable<ZipEntry> },
): Promise<void> {
  response.setHeader("content-type", "application/zip");
  response.setHeader("content-disposition", `attachment; filename="${name}"`);
  response.writeHead(200);
  if (request.method === "HEAD") response.end();
  else await pipeline(makeZip(entries), response);
}
