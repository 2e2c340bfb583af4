import type { IncomingMessage } from "node:http";
import { DarkroomError } from "@darkroom/contracts";

/** What tRPC takes too. */
export const MAX_BODY_BYTES = 1024 * 1024;

/**
 * The request's body as JSON, of at most 1 MiB: nothing more of it is read.
 *
 * @throws DarkroomError `UPLOAD_TOO_LARGE`; `INPUT_INVALID` for what is not JSON
 */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  // Not destroyed when we stop early: the answer goes over the same connection.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > MAX_BODY_BYTES) throw new DarkroomError("UPLOAD_TOO_LARGE", "The body may have at most 1 MiB.");
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch (cause) {
    throw new DarkroomError("INPUT_INVALID", "The body must be JSON.", { cause });
  }
}
