import type { IncomingMessage } from "node:http";
import { readBody } from "@darkroom/auth";
import { DarkroomError } from "@darkroom/contracts";

/** What tRPC takes too. */
export const MAX_BODY_BYTES = 1024 * 1024;

/**
 * The request's body as JSON, of at most 1 MiB.
 *
 * @throws DarkroomError `UPLOAD_TOO_LARGE`; `INPUT_INVALID` for what is not JSON
 */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const body = await readBody(request, { maxBytes: MAX_BODY_BYTES });
  try {
    return JSON.parse(body.toString("utf8"));
  } catch (cause) {
    throw new DarkroomError("INPUT_INVALID", "The body must be JSON.", { cause });
  }
}
