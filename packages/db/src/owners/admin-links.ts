import type { Database } from "../postgres/client.ts";
import { clock, interval } from "../postgres/sql.ts";
import { inTransaction } from "../postgres/transaction.ts";

/** Stores the digest of a link that works once, within `ttlSeconds`. Links made before stop working. */
export async function createAdminLink(database: Database, link: { hash: string; ttlSeconds: number }): Promise<void> {
  await inTransaction(database, async (tx) => {
    await tx`DELETE FROM admin_links WHERE used_at IS NULL`;
    await tx`
      INSERT INTO admin_links (hash, expires_at)
      VALUES (${link.hash}, ${clock(tx)} + ${interval(tx, link.ttlSeconds)})`;
  });
}

/** Makes the owner an admin if the link is good; false, and nothing changed, if it is unknown, used or expired. */
export async function claimAdminLink(database: Database, claim: { hash: string; ownerId: string }): Promise<boolean> {
  const rows = await database.sql`
    WITH link AS (
      UPDATE admin_links SET used_at = ${clock(database.sql)}
      WHERE hash = ${claim.hash} AND used_at IS NULL AND expires_at > now()
        AND EXISTS (SELECT 1 FROM owners WHERE id = ${claim.ownerId} AND kind <> 'removed')
      RETURNING hash
    )
    UPDATE owners SET role = 'admin' FROM link WHERE owners.id = ${claim.ownerId} RETURNING owners.id`;
  return rows.length > 0;
}
