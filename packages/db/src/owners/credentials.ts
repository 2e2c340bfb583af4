import type { ApiKeyScope, Role } from "@darkroom/contracts";
import type { Database } from "../postgres/client.ts";
import { clock, isUuid } from "../postgres/sql.ts";
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
  /** API keys only: null for others. */
  readonly apiKeyId: string | null;
  /** API keys only. */
  readonly scopes: readonly ApiKeyScope[];
}

interface ResolvedRow extends ResolvedCredential {
  readonly place: number;
  /** Whether its use is to be noted. */
  readonly isDue: boolean;
}

/**
 * What each credential stands for now, in the order given; null for a key that is unknown or revoked, a session that
 * ended and an owner that does not exist. One statement, however many are asked, of the kinds that they are; now and then another, since
 * the use of keys is noted, once a minute at most.
 */
export async function resolveCredentials(
  { sql }: Database,
  credentials: readonly Credential[],
): Promise<(ResolvedCredential | null)[]> {
  const asked = (kind: Credential["kind"]) => {
    const wanted = credentials.flatMap((credential, place) => {
      const value = proofOf(credential);
      return credential.kind === kind && (kind !== "guest" || isUuid(value)) ? [{ place, value }] : [];
    });
    const [places, values] = [wanted.map(({ place }) => place), wanted.map(({ value }) => value)];
    const type = kind === "guest" ? sql`uuid` : sql`text`;
    return sql`unnest(${places}::bigint[], ${values}::${type}[]) AS asked (place, value)`;
  };
  const owner = sql`
    CASE WHEN o.id IS NULL THEN NULL ELSE jsonb_build_object(
      'ownerId', o.id, 'kind', o.kind, 'role', o.role, 'displayName', o.display_name, 'linkedTo', o.linked_to,
      'ownerIds', to_jsonb(ARRAY[o.id] || ARRAY(SELECT l.id FROM owners l WHERE l.linked_to = o.id ORDER BY l.id)))
    END AS owner`;
  // Each is looked up by itself, so that no plan reads a table whole for the sake of a few.
  const found = {
    apiKey: () => sql`
      SELECT asked.place, found.* FROM ${asked("apiKey")} CROSS JOIN LATERAL (
        SELECT ${owner}, NULL::jsonb AS account, k.id AS "apiKeyId", k.scopes, ${isDue(sql)} AS "isDue" FROM api_keys k
          JOIN owners o ON o.id = k.owner_id AND o.kind <> 'removed'
        WHERE k.hash = asked.value AND k.revoked_at IS NULL LIMIT 1) found`,
    session: () => sql`
      SELECT asked.place, found.* FROM ${asked("session")} CROSS JOIN LATERAL (
        SELECT ${owner}, jsonb_build_object('accountId', u.id, 'name', u.name) AS account, NULL::uuid AS "apiKeyId",
          '[]'::jsonb AS scopes, false AS "isDue" FROM session s
          JOIN "user" u ON u.id = s.user_id LEFT JOIN owners o ON o.account_id = u.id
        WHERE s.token = asked.value AND s.expires_at > now() LIMIT 1) found`,
    guest: () => sql`
      SELECT asked.place, found.* FROM ${asked("guest")} CROSS JOIN LATERAL (
        SELECT ${owner}, NULL::jsonb AS account, NULL::uuid AS "apiKeyId", '[]'::jsonb AS scopes, false AS "isDue"
        FROM owners o WHERE o.id = asked.value LIMIT 1) found`,
  };
  // Most who ask are of one kind, and what is not asked costs as much to begin as what is.
  const kinds = (["apiKey", "session", "guest"] as const).filter((kind) =>
    credentials.some((credential) => credential.kind === kind),
  );
  if (kinds.length === 0) return [];
  const all = kinds.map((kind) => found[kind]()).reduce((before, each) => sql`${before} UNION ALL ${each}`);
  const rows = await sql<ResolvedRow[]>`${all}`;
  await noteUse(
    sql,
    rows.flatMap(({ isDue: due, apiKeyId }) => (due && apiKeyId !== null ? [apiKeyId] : [])),
  );
  const resolved = new Map(rows.map(({ place, isDue: _, ...one }) => [place, one]));
  return credentials.map((_, place) => resolved.get(place) ?? null);
}

function proofOf(credential: Credential): string {
  if (credential.kind === "apiKey") return credential.hash;
  return credential.kind === "session" ? credential.token : credential.ownerId;
}

/** Whether the use of the key in row `k` is to be noted. */
const isDue = (sql: Database["sql"]) => sql`(k.last_used_at IS NULL OR k.last_used_at < now() - interval '1 minute')`;

async function noteUse(sql: Database["sql"], apiKeyIds: readonly string[]): Promise<void> {
  if (apiKeyIds.length === 0) return;
  await sql`
    UPDATE api_keys SET last_used_at = ${clock(sql)} WHERE id IN (
      SELECT found.id FROM unnest(${apiKeyIds}::uuid[]) AS asked (id) CROSS JOIN LATERAL (
        SELECT k.id FROM api_keys k WHERE k.id = asked.id AND ${isDue(sql)}
        -- Processes note the same keys at the same time; who comes second leaves it to the first.
        LIMIT 1 FOR UPDATE SKIP LOCKED) found)`;
}
