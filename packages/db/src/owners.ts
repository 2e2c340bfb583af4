import type { Role } from "@darkroom/contracts";
import type { Database } from "./client.ts";

export type OwnerKind = "guest" | "account" | "service";
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

export declare function ensureOwner(
  database: Database,
  owner: { ownerId: string; kind: OwnerKind; displayName?: string | null; accountId?: string | null; role?: Role },
): Promise<Owner>;
export declare function ownerById(database: Database, ownerId: string): Promise<Owner | null>;
export declare function ownersOfAccount(database: Database, accountId: string): Promise<AccountOwners | null>;
export declare function takeOverGuest(
  database: Database,
  takeover: { ownerId: string; accountId: string; displayName: string | null },
): Promise<Owner>;
export declare function linkGuest(
  database: Database,
  link: { guestOwnerId: string; accountOwnerId: string },
): Promise<boolean>;
export declare function renameOwner(
  database: Database,
  change: { ownerId: string; displayName: string },
): Promise<boolean>;
export declare function setRole(database: Database, change: { ownerId: string; role: Role }): Promise<Owner | null>;
export declare function hasAdmin(database: Database): Promise<boolean>;
export declare function listOwners(
  database: Database,
  filter: { limit: number; cursor?: string | null; kind?: OwnerKind },
): Promise<{ readonly items: readonly Owner[]; readonly nextCursor: string | null }>;
