import type { ApiKeyScope, Role } from "@darkroom/contracts";
import type { Database } from "../postgres/client.ts";
import { isUuid, jsonText } from "../postgres/sql.ts";
import { step } from "../postgres/steps.ts";
import type { OwnerKind } from "./owners.ts";

/** What a caller proves who they are by; checked for its form and signature, not yet against the database. */
export type Credential =
  | { readonly kind: "apiKey"; readonly hash: string }
  | { readonly kind: "session"; readonly token: string }
  | { readonly kind: "guest"; readonly ownerId: string };

export interface CredentialOwner {
  readonly ownerId: string;
  readonly kind: OwnerKind;
  /** Every owner that this one reads as, itself first. */
  readonly ownerIds: readonly string[];
  readonly role: Role;
  readonly displayName: string | null;
  readonly linkedTo: string | null;
}
/** What the database holds of a credential. */
export interface ResolvedCredential {
  /** Null for a guest who never wrote, and for an account whose sign-up died half-way. */
  readonly owner: CredentialOwner | null;
  /** Sessions only. */
  readonly account: { readonly accountId: string; readonly name: string } | null;
  /** API keys only. */
  readonly scopes: readonly ApiKeyScope[];
}

interface ResolvedRow extends ResolvedCredential {
  readonly place: number;
}

/**
 * What each credential stands for now, in the order given; null for a key that is unknown or revoked, a session that
 * ended and an owner that does not exist. One statement, however many are asked. Notes the use of keys, once a minute at
 * most.
 */
export async function resolveCredentials(
  { sql }: Database,
  credentials: readonly Credential[],
): Promise<(ResolvedCredential | null)[]> {
  const asked = credentials.flatMap((credential, place) => {
    const value = textOf(credential);
    return credential.kind === "guest" && !isUuid(value) ? [] : [{ place, kind: credential.kind, value }];
  });
  const rows = await sql<ResolvedRow[]>`
    SELECT place, owner, account, scopes FROM ${step(sql, "resolve_credentials")}(${jsonText(asked)}::text::jsonb)`;
  const found = new Map(rows.map(({ place, owner: who, account, scopes }) => [place, { owner: who, account, scopes }]));
  return credentials.map((_, place) => found.get(place) ?? null);
}

function textOf(credential: Credential): string {
  switch (credential.kind) {
    case "apiKey":
      return credential.hash;
    case "session":
      return credential.token;
    case "guest":
      return credential.ownerId;
  }
}
