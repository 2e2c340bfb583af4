import type { IncomingMessage } from "node:http";
import { DarkroomError } from "@darkroom/contracts";

/**
 * A request's whole body as text, of at most `maxBytes`: nothing more of it is read. A byte order mark, which many editors and .NET
 * write before JSON, is taken away.
 *
 * @throws DarkroomError `UPLOAD_TOO_LARGE`; `INPUT_INVALID` for what is not UTF-8, of which other letters would be stored
 */
export async function readBody(request: IncomingMessage, { maxBytes }: { readonly maxBytes: number }): Promise<string> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  // A request that is destroyed when we stop early takes the connection with it, and the refusal could not be sent.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > maxBytes)
      throw new DarkroomError(
        "UPLOAD_TOO_LARGE",
        `The body may have at most ${maxBytes / 1024} KiB. Leave out what is not needed, and send pictures as uploads.`,
      );
    chunks.push(chunk);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks));
  } catch (cause) {
    const fields = [{ path: "", message: "must be in UTF-8" }];
    throw new DarkroomError("INPUT_INVALID", "The body must be in UTF-8.", { fields, cause });
  }
}
