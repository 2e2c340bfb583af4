import type { IncomingMessage } from "node:http";
import { DarkroomError } from "@darkroom/contracts";

/** Names, passwords and tokens are short; anything longer is not for us. */
const MAX_BODY_BYTES = 16 * 1024;

/** A request's whole body; refuses one that is too large before it is held. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > MAX_BODY_BYTES) throw new DarkroomError("UPLOAD_TOO_LARGE", "The request is too large.");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
