import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import type { Principal } from "@darkroom/contracts";
import type { Database } from "@darkroom/db";
import { createLazyAccounts } from "./accounts/lazy-accounts.ts";
import { createMailer, type MailOptions } from "./accounts/mail.ts";
import type { Provider } from "./accounts/provider.ts";
import { claimAdminLink, createAdminLink } from "./admin-link.ts";
import { type Admission, type AdmissionControl, createAdmissionControl } from "./admission.ts";
import { createAccessTokens } from "./credentials/access-token.ts";
import { createGuestCookie } from "./credentials/guest-cookie.ts";
import { createSessionCookie } from "./credentials/session-cookie.ts";
import { createIdentifier, type Identifier } from "./identity.ts";
import { assertOrigin, createNodeHandler } from "./node-handler.ts";
import { createOriginCheck, type OriginCheck } from "./origin.ts";

export interface AuthOptions {
  readonly database: Database;
  /** At least 32 characters; signs sessions and guests. */
  readonly secret: string;
  /** Secrets before that one. What they signed holds, and is signed anew when its holder comes. */
  readonly earlierSecrets?: readonly string[];
  /** Where browsers reach us, e.g. `http://localhost:3000`; the first is the one that links name. */
  readonly publicUrls: readonly string[];
  /** Cookies for HTTPS only. */
  readonly secureCookies: boolean;
  /** Who may come in unless an operator closes it; everybody by default. */
  readonly admission?: Admission;
  /** Null: no mail is sent, so a forgotten password cannot be replaced. */
  readonly mail?: MailOptions | null;
  /** Where people sign in instead of with a password here; null: nowhere. */
  readonly provider?: Provider | null;
  /** The caller's address, for the rate limit of sign-ins; the socket's by default. */
  readonly addressOf?: (request: IncomingMessage) => string | undefined;
}

/** How people with an account come in, beside their password. */
export interface SignInWays {
  /** Whether mail is sent, so that a forgotten password can be replaced. */
  readonly mail: boolean;
  /** What the provider is called at which people sign in; null without one. */
  readonly provider: string | null;
}

/** Headers → who asks; and the routes by which visitors become someone. */
export interface Auth {
  /** Who asks; see {@link Identifier}. */
  readonly identify: Identifier["identify"];
  /** Who each credential stands for now; see {@link Identifier}. */
  readonly recheck: Identifier["recheck"];
  /** {@link identify}, and with `requireOrigin` (writes) refuses a cookie without an allowed Origin. */
  principalOf(
    headers: IncomingHttpHeaders,
    options?: { readonly requireOrigin?: boolean },
  ): Promise<{ readonly principal: Principal; readonly setCookie: string | null }>;
  readonly isAllowedOrigin: OriginCheck;
  /** Who may come in. */
  readonly admission: AdmissionControl;
  /** How people with an account come in, beside their password. */
  readonly signInWays: SignInWays;
  /** Answers `/api/auth/*`; may throw a DarkroomError before it has answered. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Encrypts second factors of earlier secrets with the present one; rejects if there are some of a secret that is not known. */
  renewSecondFactors(): Promise<void>;
  /** The path of a fresh admin link; null while there is an admin. */
  createAdminLink(): Promise<string | null>;
  /** Makes the signed-in principal an admin, once per link; `NOT_FOUND` if the token is unknown, used or expired. */
  claimAdmin(token: string, principal: Principal): Promise<void>;
}

/** Nothing connects, and better-auth is not even loaded, before the first sign-in or sign-up. */
export function createAuth(options: AuthOptions): Auth {
  const { database, secret, publicUrls, secureCookies, mail = null, provider = null } = options;
  const secrets = { secret, earlier: options.earlierSecrets ?? [] };
  const sendMail = mail && createMailer(mail);
  const allowed = options.admission ?? { guests: true, signUp: true, accounts: true, gallery: true };
  const admission = createAdmissionControl(database, allowed);
  const isAllowedOrigin = createOriginCheck(publicUrls);
  const guestCookie = createGuestCookie({ ...secrets, secure: secureCookies });
  const accounts = createLazyAccounts({
    ...{ database, secrets, publicUrls, secureCookies, guestCookie, sendMail, provider },
  });
  const accessTokens = createAccessTokens(secrets);
  const sessionCookie = createSessionCookie({ ...secrets, secure: secureCookies });
  const { identify, recheck } = createIdentifier({
    ...{ admission, database, sessionCookie, guestCookie, accessTokens },
  });

  return {
    identify,
    recheck,

    async principalOf(headers, { requireOrigin = false } = {}) {
      const { principal, setCookie } = await identify(headers);
      if (requireOrigin && principal.kind !== "apiKey") {
        const { origin, cookie } = headers;
        assertOrigin(isAllowedOrigin, { origin, cookie });
      }
      return { principal, setCookie };
    },

    isAllowedOrigin,
    admission,
    signInWays: { mail: sendMail !== null, provider: provider?.name ?? null },
    handle: createNodeHandler({
      accounts,
      sessionCookie,
      accessTokens,
      isSession: async (token) => (await recheck([{ kind: "session", token }]))[0] != null,
      admission,
      isAllowedOrigin,
      publicUrls,
      addressOf: options.addressOf ?? ((request) => request.socket.remoteAddress),
    }),
    // What it needs is loaded only where a secret was changed.
    renewSecondFactors: async () =>
      (await import("./accounts/renew-second-factors.ts")).renewSecondFactors(database, secrets),
    createAdminLink: () => createAdminLink(database),
    claimAdmin: (token, principal) => claimAdminLink(database, token, principal),
  };
}
