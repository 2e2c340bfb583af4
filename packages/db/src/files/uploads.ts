import { wasRemoved } from "../owners/owners.ts";
import type { Database } from "../postgres/client.ts";
import { isUuid } from "../postgres/sql.ts";
import { decodeCursor, pageOf } from "../reads/page-cursor.ts";

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

/**
 * Records a stored upload. Its owner must exist (`ensureOwner`).
 *
 * @throws DarkroomError `UNAUTHENTICATED` if its owner was removed meanwhile.
 */
export async function createUpload({ sql }: Database, upload: NewUpload): Promise<void> {
  const { uploadId, ownerId, sha256, storageKey, mimeType, width, height, sizeBytes } = upload;
  const stored = await sql`
    INSERT INTO uploads (id, owner_id, sha256, storage_key, mime_type, width, height, size_bytes)
    SELECT ${uploadId}, id, ${sha256}, ${storageKey}, ${mimeType}, ${width}::int, ${height}::int, ${sizeBytes}::bigint
    FROM owners WHERE id = ${ownerId} AND kind <> 'removed' FOR SHARE RETURNING id`;
  if (stored.length === 0) throw wasRemoved();
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

/** An upload in its owner's list. */
export type ListedUpload = Omit<UploadFile, "ownerId" | "sha256" | "storageKey">;

/** A page of the owners' uploads, newest first. */
export async function listUploads(
  { sql }: Database,
  filter: { ownerIds: readonly string[]; limit: number; cursor?: string | null },
): Promise<{ readonly items: readonly ListedUpload[]; readonly nextCursor: string | null }> {
  const after = decodeCursor(filter.cursor);
  const isAfter = after === null ? sql`true` : sql`(created_at, id) < (${after.at}::timestamptz, ${after.id}::uuid)`;
  const rows = await sql<(Omit<ListedUpload, "createdAt"> & { createdAt: Date })[]>`
    SELECT id AS "uploadId", mime_type AS "mimeType", width, height, size_bytes AS "sizeBytes", created_at AS "createdAt"
    FROM uploads WHERE ${isOfOwners(sql, filter.ownerIds)} AND ${isAfter}
    ORDER BY created_at DESC, id DESC LIMIT ${filter.limit + 1}`;
  const items = rows.map((row) => ({ ...row, createdAt: row.createdAt.toISOString() }));
  return pageOf(items, filter.limit, (upload) => ({ at: upload.createdAt, id: upload.uploadId }));
}

/** Whether an upload is one of the owners'; null: anyone's. */
const isOfOwners = (sql: Database["sql"], ownerIds: readonly string[] | null) =>
  ownerIds === null ? sql`true` : sql`owner_id = ANY(${[...ownerIds]}::uuid[])`;
