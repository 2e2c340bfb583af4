import { DarkroomError } from "@darkroom/contracts";
import { wasRemoved } from "../owners/owners.ts";
import type { Database } from "../postgres/client.ts";
import { isUuid } from "../postgres/sql.ts";
import { inTransaction, type Transaction } from "../postgres/transaction.ts";
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

/** Nobody knows when its owner makes room; this is often enough to ask again. */
const quotaRetrySeconds = 3600;

/**
 * Records a stored upload, if with it the uploads of its owner have no more than `maxBytes`. Exact: those of one owner are
 * recorded one after the other. The owner must exist (`ensureOwner`).
 *
 * @throws DarkroomError `UNAUTHENTICATED` if its owner was removed meanwhile; `QUOTA_EXCEEDED`.
 */
export async function createUpload(
  database: Database,
  upload: NewUpload,
  { maxBytes }: { maxBytes: number } = { maxBytes: Number.POSITIVE_INFINITY },
): Promise<void> {
  await inTransaction(database, async (tx) => {
    await tx`SELECT pg_advisory_xact_lock(hashtextextended(${`uploads ${upload.ownerId}`}, 0))`;
    const [row] = await tx<{ kept: number }[]>`
      SELECT coalesce(sum(size_bytes), 0)::float8 AS kept FROM uploads WHERE owner_id = ${upload.ownerId}`;
    if ((row?.kept ?? 0) + upload.sizeBytes > maxBytes) throw quotaExceeded(maxBytes);
    await insertUpload(tx, upload);
  });
}

const quotaExceeded = (maxBytes: number): DarkroomError =>
  new DarkroomError(
    "QUOTA_EXCEEDED",
    `Your images take all of the ${Math.round(maxBytes / 1024 ** 2)} MB that you may keep. Remove some, then send this one again.`,
    { retryAfterSeconds: quotaRetrySeconds },
  );

async function insertUpload(tx: Transaction, upload: NewUpload): Promise<void> {
  const { uploadId, ownerId, sha256, storageKey, mimeType, width, height, sizeBytes } = upload;
  const stored = await tx`
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
