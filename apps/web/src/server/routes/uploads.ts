import { replyJson } from "../http/reply.ts";
import { takeUpload } from "../uploads/uploads.ts";
import type { Exchange, HttpParts } from "./route.ts";

/** `POST /api/uploads`: takes an image and answers its facts; see {@link takeUpload}. */
export async function upload(
  { request, response, identity: { principal } }: Exchange,
  parts: HttpParts,
): Promise<void> {
  const { database, storage, decoders, uploadsByUrl: byUrl, uploadBytesPerOwner: maxBytes } = parts;
  parts.admitUpload({ ownerId: principal.ownerId, address: parts.addressGroupOf(request) });
  const taken = await takeUpload(request, { database, storage, decoders, principal, byUrl, maxBytes });
  replyJson(response, 200, taken);
}
