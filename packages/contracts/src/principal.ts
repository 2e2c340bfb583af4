/**
 * What a principal may do. Each role includes what stands before it. Who is `blocked` may do nothing but ask who they are;
 * so may every guest where guests are switched off.
 */
export const roles = ["blocked", "guest", "member", "operator", "admin"] as const;
export type Role = (typeof roles)[number];

/** True if `role` includes `needed`. */
export function hasRole(role: Role, needed: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(needed);
}

export const apiKeyScopes = ["read", "submit"] as const;
export type ApiKeyScope = (typeof apiKeyScopes)[number];

/** Who is asking. Reads cover `ownerIds`; writes, turns and limits use `ownerId`. */
export interface Principal {
  readonly kind: "guest" | "account" | "apiKey";
  /** The owner that writes. */
  readonly ownerId: string;
  /** Every owner this principal reads as; includes `ownerId`. */
  readonly ownerIds: readonly string[];
  readonly role: Role;
  readonly displayName: string | null;
  /** API keys only: what the key may do. Everyone else has every scope. */
  readonly scopes: readonly ApiKeyScope[];
  /** API keys only: which key it is. */
  readonly apiKeyId?: string | null;
  /** True until the owner's row exists: a guest who has not written yet. */
  readonly isNew: boolean;
}
