import type { Database } from "../postgres/client.ts";
import { isUuid } from "../postgres/sql.ts";

export interface NewUpload {
  readonly uploadId: string;
  readonly ownerId: string;
  readonly sha256: string;
  readonly storageKey: string;
  readonly mimeType: string;
  readonly width: number;
  readonly height: number;
  readonly sizeBytes: number;
}
export type UploadFile = NewUpload & { readonly createdAt: string };

/** Records a stored upload. Its owner must exist (`ensureOwner`). */
export async function createUpload({ sql }: Database, upload: NewUpload): Promise<void> {
  const { uploadId, ownerId, sha256, storageKey, mimeType, width, height, sizeBytes } = upload;
  await sql`
    INSERT INTO uploads (id, owner_id, sha256, storage_key, mime_type, width, height, size_bytes)
    VALUES (${uploadId}, ${ownerId}, ${sha256}, ${storageKey}, ${mimeType}, ${width}, ${height}, ${sizeBytes})`;
}

/** Where an upload's file is; null if there is none among those of `ownerIds` (null: anyone's). */
export async function uploadFile(
  { sql }: Database,
  request: { uploadId: string; ownerIds: readonly string[] | null },
): Promise<UploadFile | null> {
  if (!isUuid(request.uploadId)) return null;
  const [row] = await sql<(NewUpload & { createdAt: Date })[]>`
    SELECT id AS "uploadId", owner_id AS "ownerId", sha256, storage_key AS "storageKey", mime_type AS "mimeType", width,
      height, size_bytes AS "sizeBytes", created_at AS "createdAt"
    FROM uploads WHERE id = ${request.uploadId} AND ${isOfOwners(sql, request.ownerIds)}`;
  return row === undefined ? null : { ...row, createdAt: row.createdAt.toISOString() };
}

/** Whether an upload is one of the owners'; null: anyone's. */
const isOfOwners = (sql: Database["sql"], ownerIds: readonly string[] | null) =>
  ownerIds === null ? sql`true` : sql`owner_id = ANY(${[...ownerIds]}::uuid[])`;
