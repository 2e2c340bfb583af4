import { visibleOwners } from "@darkroom/api";
import { DarkroomError, idSchema, type OutputKind } from "@darkroom/contracts";
import { uploadFile } from "@darkroom/db";
import { replyJson } from "../http/reply.ts";
import { takeUpload } from "../uploads/uploads.ts";
import type { Exchange, HttpParts } from "./route.ts";
import { sendStored } from "./send-stored.ts";

/** `POST /api/uploads`: takes a picture, video, sound or 3D model and answers its facts; see {@link takeUpload}. */
export async function upload(
  { request, response, identity: { principal } }: Exchange,
  parts: HttpParts,
): Promise<void> {
  const { database, storage, decoders, uploadsByUrl: byUrl, uploadLimits: limits, fileLimits } = parts;
  parts.admitUpload({ ownerId: principal.ownerId, address: parts.addressGroupOf(request) });
  const addressKey = parts.addressKeyOf(request);
  replyJson(
    response,
    200,
    await takeUpload(request, { database, storage, decoders, principal, byUrl, addressKey, limits, fileLimits }),
  );
}

/**
 * `GET /api/uploads/{uploadId}`: an uploaded file, to those who may see it; see {@link sendStored}.
 *
 * @throws DarkroomError `NOT_FOUND`
 */
export async function uploaded(
  exchange: Exchange,
  parts: Pick<HttpParts, "database" | "storage" | "thumbnails">,
): Promise<void> {
  const id = idSchema.safeParse(exchange.params.uploadId);
  const ownerIds = visibleOwners(exchange.identity.principal);
  const found = id.success ? await uploadFile(parts.database, { uploadId: id.data, ownerIds }) : null;
  if (found === null) throw new DarkroomError("NOT_FOUND", "There is no such upload.");
  const kind = found.mimeType.split("/")[0] as OutputKind;
  await sendStored(exchange, parts, { ...found, id: found.uploadId, kind });
}
