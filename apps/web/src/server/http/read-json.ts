import type { IncomingMessage } from "node:http";
import { notJson } from "@darkroom/api";
import { readBody } from "@darkroom/auth";
import { MAX_BODY_BYTES } from "@darkroom/contracts";

/**
 * The request's body as JSON, of at most 1 MiB.
 *
 * @throws DarkroomError `UPLOAD_TOO_LARGE`; `INPUT_INVALID` for what is not JSON in UTF-8
 */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const body = await readBody(request, { maxBytes: MAX_BODY_BYTES });
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw notJson(cause);
  }
}
