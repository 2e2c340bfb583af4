import type { IncomingHttpHeaders } from "node:http";
import { apiKeyScopes, createBatcher, DarkroomError, newId, type Principal, withDeadline } from "@darkroom/contracts";
import {
  type AccountOwners,
  type Credential,
  type Database,
  type ResolvedCredential,
  resolveCredentials,
} from "@darkroom/db";
import type { Admission, AdmissionControl } from "./admission.ts";
import { type AccessTokens, isAccessToken } from "./credentials/access-token.ts";
import { hashToken, isApiKey } from "./credentials/api-key.ts";
import type { GuestCookie } from "./credentials/guest-cookie.ts";
import type { SessionCookie } from "./credentials/session-cookie.ts";
import { joinAccount } from "./join-account.ts";

/**
 * Sockets that come back after a restart are identified together, so that a thousand cost a few queries: ten queries a second, and one
 * for each hundred sockets. Those that come at once out of the quiet need not wait for that: ten queries may go ahead. Who comes within
 * two milliseconds of another goes with it: a hundred that dial at once are one query, and all are accepted before the first one's
 * subscription is worked on.
 */
const OF_SOCKETS = { spacingMs: 100, enough: 100, ahead: 10, settleMs: 2 };

/**
 * Most that a caller waits to be known. A query alone has a shorter deadline, but whoever comes while Postgres is silent
 * waits for the batch that is under way as well.
 */
const LOOKUP_DEADLINE_MS = 5500;

/** Who asks, and how that is known. */
export interface Identity {
  readonly principal: Principal;
  /** A `Set-Cookie` value that the answer must carry; null if the visitor has what they need. */
  readonly setCookie: string | null;
  /** True if a cookie says who it is: a write then needs an allowed Origin. */
  readonly viaCookie: boolean;
  /** False for a visitor who brought neither a cookie nor a key that holds. */
  readonly isAuthenticated: boolean;
  /** What it was known by, to look again later (`recheck`); null unless authenticated. */
  readonly credential: Credential | null;
}

export interface IdentityParts {
  readonly admission: AdmissionControl;
  readonly database: Database;
  readonly sessionCookie: SessionCookie;
  readonly guestCookie: GuestCookie;
  readonly accessTokens: Pick<AccessTokens, "read">;
}

export interface Identifier {
  /**
   * Headers → who asks: an API key or an access token, else a session, else a guest's cookie, else a new guest. `isSocket`: it may wait 100 ms
   * to be looked up with others.
   *
   * @throws DarkroomError `UNAUTHENTICATED` if there is a bearer that is no valid key or access token; `UNAVAILABLE` after six
   *   seconds without an answer of Postgres
   */
  identify(headers: IncomingHttpHeaders, options?: { readonly isSocket?: boolean }): Promise<Identity>;
  /** Who each credential stands for now; null for one that does not hold any more. One query. Throws as `identify`. */
  recheck(credentials: readonly Credential[]): Promise<(Principal | null)[]>;
}

export function createIdentifier(parts: IdentityParts): Identifier {
  const { admission, database, sessionCookie, guestCookie, accessTokens } = parts;
  const lookUp = (credentials: readonly Credential[]) => resolveCredentials(database, credentials);
  const batch = (distance: Parameters<typeof createBatcher>[1]) => {
    const ask = createBatcher<Credential, ResolvedCredential | null>(lookUp, distance);
    return (credential: Credential) =>
      withDeadline(ask(credential), LOOKUP_DEADLINE_MS, () => {
        throw new DarkroomError("UNAVAILABLE", "Darkroom is not available at the moment. Please try again.", {
          retryAfterSeconds: 2,
        });
      });
  };
  const ofRequest = batch({});
  const ofSocket = batch(OF_SOCKETS);

  function newGuest(admitted: Admission): Identity {
    const ownerId = newId();
    return {
      principal: admit(guest(ownerId, null), admitted),
      setCookie: guestCookie.write(ownerId),
      viaCookie: false,
      isAuthenticated: false,
      credential: null,
    };
  }

  return {
    async identify(headers, { isSocket = false } = {}) {
      const resolve = isSocket ? ofSocket : ofRequest;
      const admitted = await admission.now();
      // As Node has them: a `Headers` would have the process load all of Node's `fetch` for its first caller.
      const { authorization } = headers;
      if (authorization !== undefined) {
        const bearer = /^Bearer +(\S+)$/i.exec(authorization)?.[1] ?? "";
        // A key is looked up in the same moment as those who come with it, and so by the same query; a token is opened first.
        const credential = isApiKey(bearer)
          ? ({ kind: "apiKey", hash: hashToken(bearer) } as const)
          : await sessionOf(bearer, accessTokens);
        const resolved = credential && (await resolve(credential));
        const principal =
          (credential && principalFor(credential, resolved, admitted)) ??
          (await finishSignUp(database, resolved, null));
        if (principal === null) throw new DarkroomError("UNAUTHENTICATED", INVALID_BEARER);
        return { principal, setCookie: null, viaCookie: false, isAuthenticated: true, credential };
      }

      const cookies = headers.cookie ?? null;
      const token = sessionCookie.read(cookies);
      const guestOwnerId = guestCookie.read(cookies);
      if (token !== null && admitted.accounts) {
        const credential = { kind: "session", token } as const;
        const resolved = await resolve(credential);
        const principal =
          principalFor(credential, resolved, admitted) ?? (await finishSignUp(database, resolved, guestOwnerId));
        if (principal !== null) {
          const setCookie = sessionCookie.signer(cookies) === "earlier" ? sessionCookie.write(token) : null;
          return { principal, setCookie, viaCookie: true, isAuthenticated: true, credential };
        }
      }
      if (guestOwnerId !== null) {
        const credential = { kind: "guest", ownerId: guestOwnerId } as const;
        const principal = principalFor(credential, await resolve(credential), admitted);
        if (principal !== null) {
          const setCookie = guestCookie.signer(cookies) === "earlier" ? guestCookie.write(guestOwnerId) : null;
          return { principal, setCookie, viaCookie: true, isAuthenticated: true, credential };
        }
      }
      return newGuest(admitted);
    },

    async recheck(credentials) {
      const [resolved, admitted] = await Promise.all([lookUp(credentials), admission.now()]);
      return credentials.map((credential, index) => principalFor(credential, resolved[index] ?? null, admitted));
    },
  };
}

const INVALID_BEARER =
  "This API key or access token is not valid. Make a key on the account page, or get a token from POST /api/auth/token.";

/** The session that an access token stands for; null for anything else. */
async function sessionOf(
  bearer: string,
  accessTokens: Pick<AccessTokens, "read">,
): Promise<Extract<Credential, { kind: "session" }> | null> {
  const token = isAccessToken(bearer) ? await accessTokens.read(bearer) : null;
  return token === null ? null : { kind: "session", token };
}

/** Who a credential stands for, with the role that is left to them where not everybody may come in; null if it does not hold. */
function principalFor(
  credential: Credential,
  resolved: ResolvedCredential | null,
  admitted: Admission,
): Principal | null {
  if (credential.kind === "session" && !admitted.accounts) return null;
  const principal = principalOf(credential, resolved);
  return principal && admit(principal, admitted);
}

/** A guest may do nothing where guests are shut out. An operator without an account is one by the admin link, and stays. */
function admit(principal: Principal, { guests }: Admission): Principal {
  return principal.role === "guest" && !guests ? { ...principal, role: "blocked" } : principal;
}

/** Who a credential stands for; null if it does not hold. */
function principalOf(credential: Credential, resolved: ResolvedCredential | null): Principal | null {
  const owner = resolved?.owner ?? null;
  if (credential.kind === "guest") {
    if (owner === null) return guest(credential.ownerId, null);
    // An owner that an account has taken over or linked is reached by signing in, never by an old cookie.
    return owner.kind === "guest" && owner.linkedTo === null ? guest(owner.ownerId, owner) : null;
  }
  if (resolved === null || owner === null) return null;
  const { ownerId, ownerIds, role, displayName } = owner;
  return credential.kind === "apiKey"
    ? {
        kind: "apiKey",
        ownerId,
        ownerIds,
        role,
        displayName,
        scopes: resolved.scopes,
        apiKeyId: resolved.apiKeyId,
        isNew: false,
      }
    : account(owner);
}

/** The sign-up's own hook makes the owner; if it died half-way, the first request afterwards does. */
async function finishSignUp(
  database: Database,
  resolved: ResolvedCredential | null,
  guestOwnerId: string | null,
): Promise<Principal | null> {
  const unfinished = resolved?.account ?? null;
  if (unfinished === null) return null;
  const { accountId, name: displayName } = unfinished;
  return account(await joinAccount(database, { accountId, displayName, guestOwnerId }));
}

function account({ ownerId, ownerIds, role, displayName }: AccountOwners): Principal {
  return { kind: "account", ownerId, ownerIds, role, displayName, scopes: apiKeyScopes, isNew: false };
}

function guest(ownerId: string, owner: Pick<Principal, "displayName" | "role"> | null): Principal {
  const { displayName, role } = owner ?? { displayName: null, role: "guest" };
  return {
    kind: "guest",
    ownerId,
    ownerIds: [ownerId],
    role,
    displayName,
    scopes: apiKeyScopes,
    isNew: owner === null,
  };
}
