import type { Database } from "../postgres/client.ts";
import { inTransaction } from "../postgres/transaction.ts";
import { insertOwner, type Owner, ownerById } from "./owners.ts";

/**
 * Sign-up: the guest's owner becomes the account's, jobs and all; nothing is rewritten. If the account has an owner
 * already, the guest is linked to that one instead. Answers the owner that the account writes as.
 */
export async function takeOverGuest(
  database: Database,
  takeover: { ownerId: string; accountId: string; displayName: string | null },
): Promise<Owner> {
  const { ownerId, accountId, displayName } = takeover;
  const accountOwnerId = await inTransaction(database, async (tx) => {
    await tx`SELECT pg_advisory_xact_lock(hashtextextended(${accountId}, 1))`;
    const [existing] = await tx<{ id: string }[]>`SELECT id FROM owners WHERE account_id = ${accountId}`;
    if (existing !== undefined) return existing.id;
    await insertOwner(tx, { ownerId, kind: "guest", displayName });
    const taken = await tx`
      UPDATE owners SET kind = 'account', account_id = ${accountId}, display_name = coalesce(${displayName}, display_name),
        role = CASE WHEN role = 'guest' THEN 'member' ELSE role END
      WHERE id = ${ownerId} AND kind = 'guest' AND linked_to IS NULL RETURNING id`;
    if (taken.length === 0) throw new Error(`owner ${ownerId} is no free guest`);
    return ownerId;
  });
  if (accountOwnerId !== ownerId) await linkGuest(database, { guestOwnerId: ownerId, accountOwnerId });
  const owner = await ownerById(database, accountOwnerId);
  if (owner === null) throw new Error(`owner ${accountOwnerId} vanished`);
  return owner;
}

/**
 * Sign-in: from now on the account reads the guest's jobs as well. False, and nothing changed, unless the guest's row
 * exists and is free, and the other is an account's.
 */
export async function linkGuest(
  { sql }: Database,
  link: { guestOwnerId: string; accountOwnerId: string },
): Promise<boolean> {
  const rows = await sql`
    UPDATE owners SET linked_to = ${link.accountOwnerId}
    WHERE id = ${link.guestOwnerId} AND kind = 'guest' AND (linked_to IS NULL OR linked_to = ${link.accountOwnerId})
      AND EXISTS (SELECT 1 FROM owners a WHERE a.id = ${link.accountOwnerId} AND a.kind = 'account')
    RETURNING id`;
  return rows.length > 0;
}
