import { DarkroomError } from "@darkroom/contracts";
import { wasRemoved } from "../feed/hold-owner.ts";
import { countedAddress } from "../owners/counted-address.ts";
import type { Database } from "../postgres/client.ts";
import { atMost, isUuid } from "../postgres/sql.ts";
import { inTransaction, type Transaction } from "../postgres/transaction.ts";
import { decodeCursor, pageOf } from "../reads/page-cursor.ts";
import { forAnotherDay } from "../removal/expire-uploads.ts";
import { usesUpload } from "../removal/in-use.ts";
import { countUpload } from "../usage/count-usage.ts";
import { megabytes, readStoredBytes, storageFull, storageRetrySeconds } from "../usage/stored-bytes.ts";

export interface NewUpload {
  readonly uploadId: string;
  readonly ownerId: string;
  readonly sha256: string;
  readonly storageKey: string;
  readonly mimeType: string;
  /** Pixels of a picture; null for videos and sounds. */
  readonly width: number | null;
  readonly height: number | null;
  readonly sizeBytes: number;
}
export type UploadFile = NewUpload & { readonly createdAt: string };

/** What may be kept of uploads, and for how long. */
export interface UploadLimits {
  readonly bytesPerOwner: number;
  /** Bytes that guests, and accounts on their first day, may keep together if they send from one address. */
  readonly bytesPerAddress: number;
  /** Bytes of all that is kept of a person, outputs of jobs too; null: any number. */
  readonly storedBytesPerOwner: number | null;
  /** Days that an upload is kept even if no job uses it. */
  readonly days: number;
}

const unlimited: UploadLimits = {
  bytesPerOwner: Number.POSITIVE_INFINITY,
  bytesPerAddress: Number.POSITIVE_INFINITY,
  storedBytesPerOwner: null,
  days: 30,
};

/**
 * Records a stored upload, if with it the uploads of its owner, and those from its address, stay within the limits. Exact:
 * those of one owner or address are recorded one after the other. The owner must exist (`ensureOwner`).
 *
 * @throws DarkroomError `UNAUTHENTICATED` if its owner was removed meanwhile; `QUOTA_EXCEEDED` with `retryAfterSeconds`.
 */
export async function createUpload(
  database: Database,
  upload: NewUpload,
  {
    addressKey = null,
    apiKeyId = null,
    limits = unlimited,
  }: { readonly addressKey?: string | null; readonly apiKeyId?: string | null; readonly limits?: UploadLimits } = {},
): Promise<void> {
  const { ownerId, sizeBytes } = upload;
  await inTransaction(database, async (tx) => {
    await lockCount(tx, ownerId);
    const address = await countedAddress(tx, { ownerId, addressKey });
    // Always after the owner: two owners at one address must not wait for each other.
    if (address !== null) await lockCount(tx, address);
    const [kept] = await tx<{ ofOwner: number; ofAddress: number }[]>`
      SELECT
        (SELECT coalesce(sum(size_bytes), 0)::float8 FROM uploads WHERE owner_id = ${ownerId}) AS "ofOwner",
        (SELECT coalesce(sum(size_bytes), 0)::float8 FROM uploads WHERE address_key = ${address}) AS "ofAddress"`;
    if ((kept?.ofOwner ?? 0) + sizeBytes > limits.bytesPerOwner) {
      const room = `all of the ${megabytes(limits.bytesPerOwner)} MB that you may keep`;
      throw quotaExceeded(`Your files take ${room}. Remove some, then send this one again.`);
    }
    if ((kept?.ofAddress ?? 0) + sizeBytes > limits.bytesPerAddress) {
      const room = `all of the ${megabytes(limits.bytesPerAddress)} MB that may be kept of guests and new accounts`;
      throw quotaExceeded(`The files from your network take ${room}. Remove some of yours, or try again later.`);
    }
    const most = limits.storedBytesPerOwner;
    const used = most === null ? 0 : await readStoredBytes(tx, ownerId);
    if (most !== null && used + sizeBytes > most) throw storageFull({ used, most }, "file");
    await insertUpload(tx, { ...upload, addressKey: address, days: limits.days });
    await countUpload(tx, { ownerId, apiKeyId, sizeBytes });
  });
}

const lockCount = (tx: Transaction, counted: string) =>
  tx`SELECT pg_advisory_xact_lock(hashtextextended(${`uploads ${counted}`}, 0))`;

const quotaExceeded = (message: string): DarkroomError =>
  new DarkroomError("QUOTA_EXCEEDED", message, { retryAfterSeconds: storageRetrySeconds });

async function insertUpload(
  tx: Transaction,
  upload: NewUpload & { readonly addressKey: string | null; readonly days: number },
): Promise<void> {
  const { uploadId, ownerId, sha256, storageKey, mimeType, width, height, sizeBytes, addressKey, days } = upload;
  const stored = await tx`
    INSERT INTO uploads (id, owner_id, sha256, storage_key, mime_type, width, height, size_bytes, address_key,
      expires_at)
    SELECT ${uploadId}, id, ${sha256}, ${storageKey}, ${mimeType}, ${width}::int, ${height}::int, ${sizeBytes}::bigint,
      ${addressKey}, now() + make_interval(days => ${days})
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

/**
 * Keeps an upload that a job is about to use for another day at least, so that it does not expire before the job is stored.
 * False if it has expired.
 */
export async function keepForJob({ sql }: Database, uploadId: string): Promise<boolean> {
  const [kept] = await sql`SELECT 1 FROM uploads WHERE id = ${uploadId} AND expires_at > now() + interval '1 hour'`;
  if (kept !== undefined) return true;
  const extended = await sql`UPDATE uploads SET ${forAnotherDay(sql)} WHERE id = ${uploadId} RETURNING id`;
  return extended.length > 0;
}

/** An upload in its owner's list. */
export type ListedUpload = Omit<UploadFile, "ownerId" | "sha256" | "storageKey"> & {
  /** When it is removed if no job comes to use it; null while a job uses it. ISO 8601. */
  readonly expiresAt: string | null;
};

/** A page of the owners' uploads, newest first. */
export async function listUploads(
  { sql }: Database,
  filter: { ownerIds: readonly string[]; limit: number; cursor?: string | null },
): Promise<{ readonly items: readonly ListedUpload[]; readonly nextCursor: string | null }> {
  const before = decodeCursor(filter.cursor);
  const isOlder = before === null ? sql`true` : sql`(created_at, id) < (${before.at}::timestamptz, ${before.id}::uuid)`;
  const rows = await sql<
    (Omit<ListedUpload, "createdAt" | "expiresAt"> & { createdAt: Date; expiresAt: Date | null })[]
  >`
    SELECT u.id AS "uploadId", mime_type AS "mimeType", width, height, size_bytes AS "sizeBytes", created_at AS "createdAt",
      CASE WHEN ${usesUpload(sql, sql`u.id`)} THEN NULL ELSE expires_at END AS "expiresAt"
    FROM unnest(${[...filter.ownerIds]}::uuid[]) AS owner (id) CROSS JOIN LATERAL (
      SELECT * FROM uploads WHERE owner_id = owner.id AND ${isOlder}
      ORDER BY created_at DESC, id DESC ${atMost(sql, filter.limit + 1)}) u
    ORDER BY u.created_at DESC, u.id DESC ${atMost(sql, filter.limit + 1)}`;
  const items = rows.map((row) => ({
    ...row,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt?.toISOString() ?? null,
  }));
  return pageOf(items, filter.limit, (upload) => ({ at: upload.createdAt, id: upload.uploadId }));
}

/** Whether an upload is one of the owners'; null: anyone's. */
const isOfOwners = (sql: Database["sql"], ownerIds: readonly string[] | null) =>
  ownerIds === null ? sql`true` : sql`owner_id = ANY(${[...ownerIds]}::uuid[])`;
