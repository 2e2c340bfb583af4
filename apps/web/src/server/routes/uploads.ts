import { replyJson } from "../http/reply.ts";
import { takeUpload } from "../uploads/uploads.ts";
import type { Exchange, HttpParts } from "./route.ts";

/** `POST /api/uploads`: takes an image and answers its facts; see {@link takeUpload}. */
export async function upload(
  { request, response, identity: { principal } }: Exchange,
  { database, storage, decoders, uploadsByUrl: byUrl }: HttpParts,
): Promise<void> {
  replyJson(response, 200, await takeUpload(request, { database, storage, decoders, principal, byUrl }));
}
