import { DarkroomError } from "@darkroom/contracts";
import type { Transaction } from "../postgres/transaction.ts";

/**
 * Holds the feed of an owner to whom something is added, as their removal does: what was on its way meanwhile is refused, and not
 * left behind. Answers its sequence number.
 *
 * @throws DarkroomError `UNAUTHENTICATED` for one that was removed.
 */
export async function holdOwner(tx: Transaction, ownerId: string): Promise<number> {
  const [feed] = await tx<{ seq: number }[]>`SELECT seq FROM owner_feeds WHERE owner_id = ${ownerId} FOR UPDATE`;
  if (await isRemoved(tx, ownerId)) throw wasRemoved();
  return feed?.seq ?? 0;
}

/** Certain while the owner's feed is held. */
export async function isRemoved(tx: Transaction, ownerId: string): Promise<boolean> {
  const rows = await tx`SELECT 1 FROM owners WHERE id = ${ownerId} AND kind = 'removed'`;
  return rows.length > 0;
}

/** What whoever still acts for a removed owner is told. */
export const wasRemoved = (): DarkroomError =>
  new DarkroomError("UNAUTHENTICATED", "This account was removed. Reload the page to begin anew.");
