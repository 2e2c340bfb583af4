import type { Role } from "@darkroom/contracts";
import { wasRemoved } from "../feed/hold-owner.ts";
import type { Database } from "../postgres/client.ts";
import { atMost, clock, isUuid } from "../postgres/sql.ts";
import { inTransaction, type Transaction } from "../postgres/transaction.ts";
import { decodeCursor, pageOf } from "../reads/page-cursor.ts";

export type OwnerKind = "guest" | "account" | "service" | "removed";
export interface Owner {
  readonly ownerId: string;
  readonly kind: OwnerKind;
  readonly displayName: string | null;
  readonly accountId: string | null;
  /** The account owner that this guest was linked to. */
  readonly linkedTo: string | null;
  readonly role: Role;
  readonly createdAt: string;
  readonly lastSeen: string;
}
export interface AccountOwners {
  readonly ownerId: string;
  /** Every owner the account reads as, `ownerId` first. */
  readonly ownerIds: readonly string[];
  readonly role: Role;
  readonly displayName: string | null;
}

type OwnerRow = Omit<Owner, "createdAt" | "lastSeen"> & { createdAt: Date; lastSeen: Date };

const ownerColumns = (sql: Database["sql"] | Transaction) => sql`
  id AS "ownerId", kind, display_name AS "displayName", account_id AS "accountId", linked_to AS "linkedTo", role,
  created_at AS "createdAt", last_seen AS "lastSeen"`;

const ownerOf = (row: OwnerRow): Owner => ({
  ...row,
  createdAt: row.createdAt.toISOString(),
  lastSeen: row.lastSeen.toISOString(),
});

interface NewOwner {
  readonly ownerId: string;
  readonly kind: OwnerKind;
  readonly displayName?: string | null;
  readonly accountId?: string | null;
  readonly role?: Role;
}

/** Makes the owner and its feed, if they are not there. */
export async function insertOwner(tx: Transaction, owner: NewOwner): Promise<void> {
  const { ownerId, kind, displayName = null, accountId = null, role = kind === "guest" ? "guest" : "member" } = owner;
  await tx`
    INSERT INTO owners (id, kind, display_name, account_id, role)
    VALUES (${ownerId}, ${kind}, ${displayName}, ${accountId}, ${role}) ON CONFLICT (id) DO NOTHING`;
  await tx`INSERT INTO owner_feeds (owner_id) VALUES (${ownerId}) ON CONFLICT DO NOTHING`;
}

/**
 * The owner, made if it is not there; one that is there keeps its kind, role and name.
 *
 * @throws DarkroomError `UNAUTHENTICATED` for one that was removed.
 */
export async function ensureOwner(database: Database, owner: NewOwner): Promise<Owner> {
  return inTransaction(database, async (tx) => {
    await insertOwner(tx, owner);
    const [row] = await tx<OwnerRow[]>`
      UPDATE owners SET last_seen = ${clock(tx)} WHERE id = ${owner.ownerId} AND kind <> 'removed'
      RETURNING ${ownerColumns(tx)}`;
    if (row === undefined) throw wasRemoved();
    return ownerOf(row);
  });
}

/** Null if there is no such owner. */
export async function ownerById({ sql }: Database, ownerId: string): Promise<Owner | null> {
  if (!isUuid(ownerId)) return null;
  const [row] = await sql<OwnerRow[]>`SELECT ${ownerColumns(sql)} FROM owners WHERE id = ${ownerId}`;
  return row === undefined ? null : ownerOf(row);
}

/** The owners an account reads as; null if it has none yet. */
export async function ownersOfAccount({ sql }: Database, accountId: string): Promise<AccountOwners | null> {
  const [row] = await sql<AccountOwners[]>`
    SELECT o.id AS "ownerId", o.role, o.display_name AS "displayName",
      to_jsonb(ARRAY[o.id] || ARRAY(SELECT l.id FROM owners l WHERE l.linked_to = o.id ORDER BY l.id)) AS "ownerIds"
    FROM owners o WHERE o.account_id = ${accountId}`;
  return row ?? null;
}

/** False if there is no such owner. */
export async function renameOwner(
  { sql }: Database,
  change: { ownerId: string; displayName: string },
): Promise<boolean> {
  const rows = await sql`
    UPDATE owners SET display_name = ${change.displayName} WHERE id = ${change.ownerId} AND kind <> 'removed'
    RETURNING id`;
  return rows.length > 0;
}

/** Null if there is no such owner. */
export async function setRole({ sql }: Database, change: { ownerId: string; role: Role }): Promise<Owner | null> {
  if (!isUuid(change.ownerId)) return null;
  const [row] = await sql<OwnerRow[]>`
    UPDATE owners SET role = ${change.role} WHERE id = ${change.ownerId} AND kind <> 'removed'
    RETURNING ${ownerColumns(sql)}`;
  return row === undefined ? null : ownerOf(row);
}

export async function hasAdmin({ sql }: Database): Promise<boolean> {
  const rows = await sql`SELECT 1 FROM owners WHERE role = 'admin' LIMIT 1`;
  return rows.length > 0;
}

/** Owners, newest first. */
export async function listOwners(
  { sql }: Database,
  filter: { limit: number; cursor?: string | null; kind?: OwnerKind },
): Promise<{ readonly items: readonly Owner[]; readonly nextCursor: string | null }> {
  const after = decodeCursor(filter.cursor);
  const rows = await sql<OwnerRow[]>`
    SELECT ${ownerColumns(sql)} FROM owners
    WHERE ${filter.kind === undefined ? sql`kind <> 'removed'` : sql`kind = ${filter.kind}`}
      AND ${after === null ? sql`true` : sql`(created_at, id) < (${after.at}::timestamptz, ${after.id}::uuid)`}
    ORDER BY created_at DESC, id DESC ${atMost(sql, filter.limit + 1)}`;
  return pageOf(rows.map(ownerOf), filter.limit, (owner) => ({ at: owner.createdAt, id: owner.ownerId }));
}
