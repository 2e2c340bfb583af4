import { randomBytes } from "node:crypto";
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { apiKeyScopes, DarkroomError, newId, type Principal } from "@darkroom/contracts";
import {
  apiKeyByHash,
  claimAdminLink,
  createAdminLink,
  type Database,
  ensureOwner,
  hasAdmin,
  ownerById,
  ownersOfAccount,
} from "@darkroom/db";
import { createAccounts, hasSessionCookie, joinGuest } from "./accounts.ts";
import { bearerOf, hashSecret } from "./api-key.ts";
import { createGuestCookie } from "./guest-cookie.ts";

const ADMIN_LINK_SECONDS = 24 * 60 * 60;

/** Who sent a request, and how they showed it. */
export interface Identity {
  readonly principal: Principal;
  /** False for a visitor who came with nothing and was made a guest just now. */
  readonly isAuthenticated: boolean;
  /** True if a cookie showed it: a write then needs an allowed Origin. */
  readonly viaCookie: boolean;
  /** The cookie to set, for a new guest. */
  readonly setCookie: string | null;
}

export interface AuthOptions {
  readonly database: Database;
  /** Signs cookies; at least 32 characters. */
  readonly secret: string;
  /** The origins that a browser may write from, exactly: scheme, host and port. */
  readonly publicUrls: readonly string[];
  readonly secureCookies: boolean;
}

/** Headers → principal. */
export interface Auth {
  /** A visitor without a session becomes a guest, who has no row until the first write. Throws `UNAUTHENTICATED` for a bad API key. */
  identify(headers: IncomingHttpHeaders): Promise<Identity>;
  isAllowedOrigin(origin: string | undefined): boolean;
  /** `/api/auth/*`: sign up, sign in, sign out. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Makes the principal an admin if the one-time token is valid. Throws `NOT_FOUND` if it is not. */
  claimAdmin(token: string, principal: Principal): Promise<void>;
}

const guestOf = (ownerId: string, facts: Partial<Principal> = {}): Principal => ({
  kind: "guest",
  ownerId,
  ownerIds: [ownerId],
  role: "guest",
  displayName: null,
  scopes: apiKeyScopes,
  isNew: true,
  ...facts,
});

/** Makes a token for the first admin, if there is none yet; null otherwise. It is kept hashed and expires after a day. */
export async function makeAdminToken(database: Database): Promise<string | null> {
  if (await hasAdmin(database)) return null;
  const token = randomBytes(24).toString("base64url");
  await createAdminLink(database, { hash: hashSecret(token), ttlSeconds: ADMIN_LINK_SECONDS });
  return token;
}

export function createAuth(options: AuthOptions): Auth {
  const { database } = options;
  const guestCookie = createGuestCookie(options.secret, { secure: options.secureCookies });
  const accounts = createAccounts({ ...options, guestCookie });
  const origins = new Set(options.publicUrls.map((url) => new URL(url).origin));

  async function byApiKey(key: string): Promise<Principal> {
    const owner = await apiKeyByHash(database, hashSecret(key));
    if (owner === null) throw new DarkroomError("UNAUTHENTICATED", "This API key is unknown or was revoked.");
    const { ownerId, ownerIds, role, displayName, scopes } = owner;
    return { kind: "apiKey", ownerId, ownerIds, role, displayName, scopes, isNew: false };
  }

  async function bySession(headers: Headers): Promise<Principal | null> {
    const account = await accounts.ofSession(headers);
    if (account === null) return null;
    // An account without an owner: its sign-up was cut off after better-auth's part. Finish it.
    if ((await ownersOfAccount(database, account.accountId)) === null) {
      await joinGuest(database, guestCookie.read(headers.get("cookie")), account);
    }
    const owned = await ownersOfAccount(database, account.accountId);
    return owned === null ? null : { kind: "account", ...owned, scopes: apiKeyScopes, isNew: false };
  }

  /** A guest's owner that an account has taken over or linked is no guest any more: its cookie opens nothing. */
  async function byGuestCookie(cookieHeader: string | null): Promise<Principal | null> {
    const ownerId = guestCookie.read(cookieHeader);
    if (ownerId === null) return null;
    const owner = await ownerById(database, ownerId);
    if (owner === null) return guestOf(ownerId);
    if (owner.accountId !== null || owner.linkedTo !== null) return null;
    return guestOf(ownerId, { role: owner.role, displayName: owner.displayName, isNew: false });
  }

  return {
    async identify(given) {
      const bearer = bearerOf(given.authorization ?? null);
      if (bearer !== null) {
        return { principal: await byApiKey(bearer), isAuthenticated: true, viaCookie: false, setCookie: null };
      }
      const cookie = given.cookie ?? null;
      const principal =
        (hasSessionCookie(cookie) ? await bySession(new Headers({ cookie: cookie ?? "" })) : null) ??
        (await byGuestCookie(cookie));
      if (principal !== null) return { principal, isAuthenticated: true, viaCookie: true, setCookie: null };
      const ownerId = newId();
      return {
        principal: guestOf(ownerId),
        isAuthenticated: false,
        viaCookie: false,
        setCookie: guestCookie.write(ownerId),
      };
    },

    isAllowedOrigin: (origin) => origin !== undefined && origins.has(origin),

    handle: (request, response) => accounts.handle(request, response),

    async claimAdmin(token, { ownerId, kind, displayName }) {
      await ensureOwner(database, { ownerId, kind: kind === "guest" ? "guest" : "account", displayName });
      if (await claimAdminLink(database, { hash: hashSecret(token), ownerId })) return;
      throw new DarkroomError(
        "NOT_FOUND",
        "This admin link was used before or has expired. A new one is printed at the next start.",
      );
    },
  };
}
