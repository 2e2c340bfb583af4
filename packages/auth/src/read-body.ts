import type { IncomingMessage } from "node:http";
import { DarkroomError } from "@darkroom/contracts";

/**
 * A request's whole body, of at most `maxBytes`: nothing more of it is read.
 *
 * @throws DarkroomError `UPLOAD_TOO_LARGE`
 */
export async function readBody(request: IncomingMessage, { maxBytes }: { readonly maxBytes: number }): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  // A request that is destroyed when we stop early takes the connection with it, and the refusal could not be sent.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > maxBytes)
      throw new DarkroomError("UPLOAD_TOO_LARGE", `The body may have at most ${maxBytes / 1024} KiB.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
