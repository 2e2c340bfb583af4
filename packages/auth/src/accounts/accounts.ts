import type { Database } from "@darkroom/db";
import { authTables, createOrm } from "@darkroom/db/orm";
import { betterAuth } from "better-auth";
import { drizzleAdapter } from "better-auth/adapters/drizzle";
import { createAuthMiddleware } from "better-auth/api";
import { genericOAuth, twoFactor } from "better-auth/plugins";
import { ADDRESS_HEADER } from "../address-header.ts";
import type { GuestCookie } from "../credentials/guest-cookie.ts";
import { type Secrets, versioned } from "../credentials/secrets.ts";
import { COOKIE_PREFIX, SESSION_SECONDS } from "../credentials/session-cookie.ts";
import { joinAccount } from "../join-account.ts";
import { resetMail, type SendMail, verificationMail } from "./mail.ts";
import { discoveryUrl, PROVIDER_ID, type Provider } from "./provider.ts";

const AUTH_PATH = "/api/auth";

export interface AccountOptions {
  readonly database: Database;
  readonly secrets: Secrets;
  readonly publicUrls: readonly string[];
  readonly secureCookies: boolean;
  readonly guestCookie: GuestCookie;
  /** Null: no mail is sent, so a forgotten password cannot be replaced. */
  readonly sendMail: SendMail | null;
  readonly provider: Provider | null;
}

/**
 * Accounts with email and password, and at a provider, by better-auth on our tables. Nothing is read or connected here but
 * what the provider says of itself.
 */
export function createAccounts(options: AccountOptions) {
  const { database, secrets, publicUrls, secureCookies, guestCookie, sendMail, provider } = options;
  const [baseURL = ""] = publicUrls;
  return betterAuth({
    appName: "Darkroom",
    baseURL,
    basePath: AUTH_PATH,
    // What it encrypted before there was more than one, it encrypted with the oldest.
    secret: secrets.earlier.at(-1) ?? secrets.secret,
    secrets: versioned(secrets),
    trustedOrigins: [...publicUrls],
    database: drizzleAdapter(createOrm(database), { provider: "pg", schema: authTables }),
    emailAndPassword: {
      enabled: true,
      minPasswordLength: 8,
      maxPasswordLength: 128,
      // Whoever knew the old password is out.
      revokeSessionsOnPasswordReset: true,
      ...(sendMail && {
        sendResetPassword: async ({ user, token }) =>
          sendMail(resetMail(user.email, `${baseURL}/sign-in/reset?token=${token}`)),
      }),
    },
    ...(sendMail && {
      emailVerification: {
        sendOnSignUp: true,
        sendVerificationEmail: async ({ user, url }) => sendMail(verificationMail(user.email, url)),
      },
    }),
    plugins: [secondFactor, ...(provider === null ? [] : [signInAt(provider)])],
    // One fixed life: a refresh would need a cookie on whatever answer happens to come next, also the socket's.
    // With an age a page of sessions would be refused after a day; what matters more asks for the password itself.
    session: { expiresIn: SESSION_SECONDS, disableSessionRefresh: true, freshAge: 0 },
    rateLimit: {
      enabled: true,
      window: 60,
      max: 120,
      // Per address and minute: slow for guessing passwords, enough for an office behind one address.
      customRules: {
        "/sign-in/email": { window: 60, max: 20 },
        "/sign-in/social": { window: 60, max: 20 },
        "/sign-up/email": { window: 60, max: 30 },
        "/two-factor/*": { window: 60, max: 20 },
        "/get-session": false,
      },
    },
    advanced: {
      cookiePrefix: COOKIE_PREFIX,
      // Said, because unsaid it is off where NODE_ENV is `test`, and then no test would see what production refuses.
      disableOriginCheck: false,
      disableCSRFCheck: false,
      useSecureCookies: secureCookies,
      ipAddress: { ipAddressHeaders: [ADDRESS_HEADER] },
    },
    // Errors other than its own refusals are thrown to our handler, which answers 503 to an outage and 500 to a bug;
    // better-auth itself would answer 500 to both.
    onAPIError: { throw: true },
    telemetry: { enabled: false },
    // Its messages name e-mail addresses; what matters reaches the caller as a status.
    logger: { disabled: true },
    hooks: {
      after: createAuthMiddleware(async (ctx) => {
        const user = ctx.context.newSession?.user;
        if (user === undefined || isHalfWay(ctx.path, user)) return;
        const guestOwnerId = guestCookie.read(ctx.headers?.get("cookie") ?? null);
        await joinAccount(database, { accountId: user.id, displayName: user.name, guestOwnerId });
        // Signing out must not leave the guest behind: their things are the account's now.
        if (guestOwnerId !== null) ctx.setHeader("set-cookie", guestCookie.clear());
      }),
    },
  });
}

/** A code of an authenticator, or one that was written down for the day it is lost. Five wrong ones end the try. */
const secondFactor = twoFactor({ issuer: "Darkroom" });

/** Whether the password was right and the code is still to come: nobody is signed in yet. */
const isHalfWay = (path: string, user: Readonly<Record<string, unknown>>): boolean =>
  path === "/sign-in/email" && user.twoFactorEnabled === true;

function signInAt(provider: Provider) {
  const { clientId, clientSecret, name } = provider;
  return genericOAuth({
    config: [
      {
        providerId: PROVIDER_ID,
        name,
        discoveryUrl: discoveryUrl(provider),
        clientId,
        ...(clientSecret !== null && { clientSecret }),
        scopes: ["openid", "profile", "email"],
        pkce: true,
        requireIdTokenVerification: true,
        // Its people need no name that they chose themselves.
        mapProfileToUser: ({ name: full, email }) => ({ name: full || `${email ?? ""}`.split("@")[0] || "Member" }),
      },
    ],
  });
}

export type Accounts = ReturnType<typeof createAccounts>;
