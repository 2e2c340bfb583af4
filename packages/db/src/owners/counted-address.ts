import type { Transaction } from "../postgres/transaction.ts";
import { wasRemoved } from "./owners.ts";

/**
 * The address by which what an owner asks for is limited too; null if by the owner alone. Guests are, and accounts for their
 * first day: else whoever makes six accounts has six budgets. An account's age is that of its sign-up, because the guest whose owner
 * it took over may be older.
 *
 * @throws DarkroomError `UNAUTHENTICATED` if the owner was removed.
 */
export async function countedAddress(
  tx: Transaction,
  { ownerId, addressKey }: { ownerId: string; addressKey: string | null },
): Promise<string | null> {
  const [owner] = await tx<{ isRemoved: boolean; isFresh: boolean }[]>`
    SELECT o.kind = 'removed' AS "isRemoved",
      o.kind = 'guest' OR coalesce(u.created_at, o.created_at) > now() - interval '1 day' AS "isFresh"
    FROM owners o LEFT JOIN "user" u ON u.id = o.account_id WHERE o.id = ${ownerId}`;
  if (owner?.isRemoved) throw wasRemoved();
  return owner === undefined || owner.isFresh ? addressKey : null;
}
