import { newId } from "@darkroom/contracts";
import { type AccountOwners, type Database, linkGuest, ownerById, ownersOfAccount, takeOverGuest } from "@darkroom/db";

/**
 * Brings a guest and an account together and answers the account's owners. An account without an owner (a sign-up) takes
 * over the guest's; one that has an owner gets the guest's linked. Safe to repeat.
 */
export async function joinAccount(
  database: Database,
  {
    accountId,
    displayName,
    guestOwnerId,
  }: { accountId: string; displayName: string | null; guestOwnerId: string | null },
): Promise<AccountOwners> {
  const guest = guestOwnerId === null ? null : await ownerById(database, guestOwnerId);
  // A cookie can outlive its guest: someone else may have taken the owner over since.
  const isFree = guest === null || (guest.kind === "guest" && guest.linkedTo === null);
  const owners = await ownersOfAccount(database, accountId);
  if (owners === null) {
    const ownerId = guestOwnerId !== null && isFree ? guestOwnerId : newId();
    await takeOverGuest(database, { ownerId, accountId, displayName: displayName === "" ? null : displayName });
  } else if (guest !== null && isFree && !owners.ownerIds.includes(guest.ownerId)) {
    await linkGuest(database, { guestOwnerId: guest.ownerId, accountOwnerId: owners.ownerId });
  } else return owners;
  const joined = await ownersOfAccount(database, accountId);
  if (joined === null) throw new Error(`account ${accountId} has no owner after it took one over`);
  return joined;
}
