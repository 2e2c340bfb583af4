import type { IncomingHttpHeaders } from "node:http";
import { apiKeyScopes, DarkroomError, newId, type Principal } from "@darkroom/contracts";
import { apiKeyByHash, type Database, ownerById, ownersOfAccount } from "@darkroom/db";
import type { Accounts } from "./accounts.ts";
import { hashToken, isApiKey } from "./api-key.ts";
import type { GuestCookie } from "./guest-cookie.ts";
import { joinAccount } from "./join-account.ts";

/** Who asks, and how that is known. */
export interface Identity {
  readonly principal: Principal;
  /** A `Set-Cookie` value that the answer must carry; null if the visitor has what they need. */
  readonly setCookie: string | null;
  /** True if a cookie says who it is: a write then needs an allowed Origin. */
  readonly viaCookie: boolean;
  /** False for a visitor who brought neither a cookie nor a key that holds. */
  readonly isAuthenticated: boolean;
}

export interface IdentityParts {
  readonly database: Database;
  readonly accounts: () => Accounts;
  readonly guestCookie: GuestCookie;
}

/**
 * Headers → who asks: an API key, else a session, else a guest's cookie, else a new guest.
 *
 * @throws DarkroomError `UNAUTHENTICATED` if there is a bearer that is not a valid key
 */
export async function identify(parts: IdentityParts, given: Headers | IncomingHttpHeaders): Promise<Identity> {
  const headers = webHeaders(given);
  const authorization = headers.get("authorization");
  if (authorization !== null) return fromBearer(parts, authorization);
  const cookies = headers.get("cookie");
  if (cookies === null) return newGuest(parts);
  return (await fromSession(parts, headers)) ?? (await fromGuestCookie(parts, cookies)) ?? newGuest(parts);
}

async function fromBearer({ database }: IdentityParts, authorization: string): Promise<Identity> {
  const key = /^Bearer +(\S+)$/i.exec(authorization)?.[1] ?? "";
  const owner = isApiKey(key) ? await apiKeyByHash(database, hashToken(key)) : null;
  if (owner === null) throw new DarkroomError("UNAUTHENTICATED", "This API key is not valid.");
  const { ownerId, ownerIds, role, displayName, scopes } = owner;
  const principal: Principal = { kind: "apiKey", ownerId, ownerIds, role, displayName, scopes, isNew: false };
  return { principal, setCookie: null, viaCookie: false, isAuthenticated: true };
}

async function fromSession(
  { database, accounts, guestCookie }: IdentityParts,
  headers: Headers,
): Promise<Identity | null> {
  // Most visitors are guests: without a session's cookie there is no session to look for.
  if (headers.get("cookie")?.includes("darkroom.session_token=") !== true) return null;
  const session = await accounts().api.getSession({ headers });
  if (session === null) return null;
  const { id: accountId, name } = session.user;
  // The sign-up's own hook makes the owner; if it died half-way, the first request afterwards does.
  const owners =
    (await ownersOfAccount(database, accountId)) ??
    (await joinAccount(database, {
      accountId,
      displayName: name,
      guestOwnerId: guestCookie.read(headers.get("cookie")),
    }));
  const principal: Principal = { kind: "account", ...owners, scopes: apiKeyScopes, isNew: false };
  return { principal, setCookie: null, viaCookie: true, isAuthenticated: true };
}

async function fromGuestCookie({ database, guestCookie }: IdentityParts, cookies: string): Promise<Identity | null> {
  const ownerId = guestCookie.read(cookies);
  if (ownerId === null) return null;
  const owner = await ownerById(database, ownerId);
  // An owner that an account has taken over or linked is reached by signing in, never by an old cookie.
  if (owner !== null && (owner.kind !== "guest" || owner.linkedTo !== null)) return null;
  return {
    principal: guest(ownerId, {
      displayName: owner?.displayName ?? null,
      isNew: owner === null,
      role: owner?.role ?? "guest",
    }),
    setCookie: null,
    viaCookie: true,
    isAuthenticated: true,
  };
}

function newGuest({ guestCookie }: IdentityParts): Identity {
  const ownerId = newId();
  return {
    principal: guest(ownerId, { displayName: null, isNew: true, role: "guest" }),
    setCookie: guestCookie.write(ownerId),
    viaCookie: false,
    isAuthenticated: false,
  };
}

function guest(ownerId: string, facts: Pick<Principal, "displayName" | "isNew" | "role">): Principal {
  return { kind: "guest", ownerId, ownerIds: [ownerId], scopes: apiKeyScopes, ...facts };
}

function webHeaders(given: Headers | IncomingHttpHeaders): Headers {
  if (given instanceof Headers) return given;
  const headers = new Headers();
  for (const name of ["authorization", "cookie", "origin"] as const) {
    const value = given[name];
    if (value !== undefined) headers.set(name, value);
  }
  return headers;
}
