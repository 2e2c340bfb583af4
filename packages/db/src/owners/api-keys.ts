import { type ApiKeyScope, DarkroomError } from "@darkroom/contracts";
import { holdOwner } from "../feed/hold-owner.ts";
import type { Database } from "../postgres/client.ts";
import { clock, isUuid, json } from "../postgres/sql.ts";
import { inTransaction } from "../postgres/transaction.ts";

/** Keys that work, more than anybody tells apart. */
const MAX_PER_OWNER = 100;

export interface NewApiKey {
  readonly apiKeyId: string;
  readonly ownerId: string;
  readonly name: string;
  /** The first characters, to recognise it by. */
  readonly prefix: string;
  readonly hash: string;
  readonly scopes: readonly ApiKeyScope[];
}
export interface StoredApiKey {
  readonly apiKeyId: string;
  readonly ownerId: string;
  readonly name: string;
  readonly prefix: string;
  readonly scopes: readonly ApiKeyScope[];
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
  readonly revokedAt: string | null;
}

type KeyRow = Omit<StoredApiKey, "createdAt" | "lastUsedAt" | "revokedAt"> & {
  createdAt: Date;
  lastUsedAt: Date | null;
  revokedAt: Date | null;
};

const keyColumns = (sql: Database["sql"]) => sql`
  id AS "apiKeyId", owner_id AS "ownerId", name, prefix, scopes, created_at AS "createdAt",
  last_used_at AS "lastUsedAt", revoked_at AS "revokedAt"`;

const viewOf = (row: KeyRow): StoredApiKey => ({
  ...row,
  createdAt: row.createdAt.toISOString(),
  lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
  revokedAt: row.revokedAt?.toISOString() ?? null,
});

/**
 * Stores a key's digest. Its owner must exist (`ensureOwner`).
 *
 * @throws DarkroomError `QUOTA_EXCEEDED` if the owner has as many as there may be, `UNAUTHENTICATED` if they were removed
 */
export function insertApiKey(database: Database, key: NewApiKey): Promise<StoredApiKey> {
  const { apiKeyId, ownerId, name, prefix, hash, scopes } = key;
  return inTransaction(database, async (tx) => {
    await holdOwner(tx, ownerId);
    const others =
      await tx`SELECT 1 FROM api_keys WHERE owner_id = ${ownerId} AND revoked_at IS NULL LIMIT ${MAX_PER_OWNER}`;
    if (others.length >= MAX_PER_OWNER)
      throw new DarkroomError(
        "QUOTA_EXCEEDED",
        `You have ${MAX_PER_OWNER} API keys, which is the most. Revoke one first.`,
      );
    const [row] = await tx<KeyRow[]>`
      INSERT INTO api_keys (id, owner_id, name, prefix, hash, scopes, created_at)
      VALUES (${apiKeyId}, ${ownerId}, ${name}, ${prefix}, ${hash}, ${json(database.sql, scopes)}, ${clock(tx)})
      RETURNING ${keyColumns(database.sql)}`;
    if (row === undefined) throw new Error("an insert returns its row");
    return viewOf(row);
  });
}

/** The owners' keys, newest first, revoked ones included. */
export async function listApiKeys({ sql }: Database, ownerIds: readonly string[]): Promise<StoredApiKey[]> {
  const rows = await sql<KeyRow[]>`
    SELECT ${keyColumns(sql)} FROM api_keys WHERE owner_id = ANY(${[...ownerIds]}::uuid[])
    ORDER BY created_at DESC, id DESC`;
  return rows.map(viewOf);
}

/** False if the owners have no such key; a key that was revoked before stays so. */
export async function revokeApiKey(
  { sql }: Database,
  request: { apiKeyId: string; ownerIds: readonly string[] },
): Promise<boolean> {
  if (!isUuid(request.apiKeyId)) return false;
  const rows = await sql`
    UPDATE api_keys SET revoked_at = coalesce(revoked_at, ${clock(sql)})
    WHERE id = ${request.apiKeyId} AND owner_id = ANY(${[...request.ownerIds]}::uuid[]) RETURNING id`;
  return rows.length > 0;
}
