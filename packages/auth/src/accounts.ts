import type { IncomingMessage, ServerResponse } from "node:http";
import { newId } from "@darkroom/contracts";
import { authTables, type Database, ensureOwner, linkGuest, ownersOfAccount, takeOverGuest } from "@darkroom/db";
import { betterAuth } from "better-auth";
import { drizzleAdapter } from "better-auth/adapters/drizzle";
import { createAuthMiddleware } from "better-auth/api";
import { toNodeHandler } from "better-auth/node";
import type { GuestCookie } from "./guest-cookie.ts";

export interface Account {
  /** better-auth's user id; for us an opaque text in `owners.account_id`. */
  readonly accountId: string;
  readonly name: string;
}

/** Accounts with e-mail and password, by better-auth, mounted at `/api/auth`. */
export interface Accounts {
  /** The account of a session cookie; null without a valid one. */
  ofSession(headers: Headers): Promise<Account | null>;
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

/** True if a `Cookie` header holds a better-auth session, valid or not: without one, no query is needed. */
export function hasSessionCookie(cookieHeader: string | null): boolean {
  return cookieHeader?.includes("better-auth.session_token=") ?? false;
}

/**
 * Gives an account its owner. Signing up takes over the guest's owner, so nothing is rewritten; an account that has an
 * owner already gets the guest's linked to it.
 */
export async function joinGuest(database: Database, guestOwnerId: string | null, account: Account): Promise<void> {
  const { accountId, name } = account;
  const owned = await ownersOfAccount(database, accountId);
  if (owned !== null) {
    if (guestOwnerId !== null) await linkGuest(database, { guestOwnerId, accountOwnerId: owned.ownerId });
  } else if (guestOwnerId !== null) {
    await takeOverGuest(database, { ownerId: guestOwnerId, accountId, displayName: name });
  } else {
    await ensureOwner(database, { ownerId: newId(), kind: "account", accountId, displayName: name, role: "member" });
  }
}

export function createAccounts(options: {
  readonly database: Database;
  readonly secret: string;
  readonly publicUrls: readonly string[];
  readonly secureCookies: boolean;
  readonly guestCookie: GuestCookie;
}): Accounts {
  const { database, guestCookie } = options;
  const auth = betterAuth({
    appName: "Darkroom",
    baseURL: options.publicUrls[0],
    basePath: "/api/auth",
    secret: options.secret,
    trustedOrigins: [...options.publicUrls],
    database: drizzleAdapter(database.orm, { provider: "pg", schema: authTables }),
    emailAndPassword: { enabled: true, minPasswordLength: 8 },
    telemetry: { enabled: false },
    advanced: { useSecureCookies: options.secureCookies },
    hooks: {
      after: createAuthMiddleware(async (context) => {
        const user = context.context.newSession?.user;
        if (user === undefined) return;
        const guestOwnerId = guestCookie.read(context.headers?.get("cookie") ?? null);
        await joinGuest(database, guestOwnerId, { accountId: user.id, name: user.name });
      }),
    },
  });
  const handle = toNodeHandler(auth);
  return {
    async ofSession(headers) {
      const session = await auth.api.getSession({ headers });
      return session === null ? null : { accountId: session.user.id, name: session.user.name };
    },
    async handle(request, response) {
      await handle(request, response);
    },
  };
}
