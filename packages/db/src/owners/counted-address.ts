import { wasRemoved } from "../feed/hold-owner.ts";
import { step } from "../postgres/steps.ts";
import type { Transaction } from "../postgres/transaction.ts";

/**
 * The address by which what an owner asks for is limited too; null if by the owner alone (`counted-address.sql` says who).
 *
 * @throws DarkroomError `UNAUTHENTICATED` if the owner was removed.
 */
export async function countedAddress(
  tx: Transaction,
  { ownerId, addressKey }: { ownerId: string; addressKey: string | null },
): Promise<string | null> {
  const [owner] = await tx<[{ isRemoved: boolean; counted: string | null }]>`
    SELECT is_removed AS "isRemoved", counted FROM ${step(tx, "counted_address")}(${ownerId}, ${addressKey})`;
  if (owner.isRemoved) throw wasRemoved();
  return owner.counted;
}
