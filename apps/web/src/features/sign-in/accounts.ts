import { t, tServer } from "../../language/say.ts";
import { paths } from "../../paths.ts";

/** What a visitor writes to come in. */
export interface Credentials {
  readonly email: string;
  readonly password: string;
  /** The name of a new account; null signs in to one that exists. */
  readonly name: string | null;
}

/** How it went: they are in, a code of their second factor is still to come, or why not. */
export type Entered = "in" | "code" | { readonly problem: string };

/** Signs in, or makes an account and signs in to it. A guest's jobs go with it. */
export async function enter({ name, ...given }: Credentials): Promise<Entered> {
  const answer = await (name === null
    ? ask("sign-in/email", given)
    : ask("sign-up/email", { ...given, name, callbackURL: paths.account }));
  if (typeof answer === "string") return { problem: answer };
  const { twoFactorRedirect = false } = (await answer.json()) as { twoFactorRedirect?: boolean };
  return twoFactorRedirect ? "code" : "in";
}

/** The second half of signing in: six digits of the authenticator, or a code that was written down. Null if it was right. */
export function enterCode(code: string): Promise<string | null> {
  const isOfAuthenticator = /^\d{6}$/.test(code);
  return post(isOfAuthenticator ? "two-factor/verify-totp" : "two-factor/verify-backup-code", { code });
}

/** Sends a link to choose a new password, if an account has that address; null if it was asked for, else why not. */
export function forgotPassword(email: string): Promise<string | null> {
  return post("request-password-reset", { email });
}

/** Takes a new password with the token of such a link; null if it holds from now on, else why not. */
export function resetPassword(given: { token: string; newPassword: string }): Promise<string | null> {
  return post("reset-password", given);
}

/** Leaves for the provider at which people sign in; answers only if that cannot be, with why. */
export async function signInAtProvider(): Promise<string | null> {
  const answer = await ask("sign-in/social", {
    provider: "oidc",
    callbackURL: paths.studio,
    errorCallbackURL: paths.signIn,
  });
  if (typeof answer === "string") return answer;
  const { url } = (await answer.json()) as { url: string };
  window.location.assign(url);
  return null;
}

/** Ends the session of this browser; null if it worked, else why not. */
export function signOut(): Promise<string | null> {
  return post("sign-out", {});
}

/** Asks for a change of one's sign-in; null if it was made, else why not. */
export async function post(path: string, body: object): Promise<string | null> {
  const answer = await ask(path, body);
  return typeof answer === "string" ? answer : null;
}

/** The answer to such a wish, or why it was refused. */
export async function ask(path: string, body: object): Promise<Response | string> {
  try {
    const response = await fetch(`/api/auth/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    return response.ok ? response : problemOf(response.status, await response.json().catch(() => null));
  } catch {
    return t`The server can't be reached. Check the connection and try again.`;
  }
}

/** better-auth's refusals stand alone; ours, as when nobody can sign up, stand in an `error`. */
function refusalIn(body: unknown): { readonly code?: unknown; readonly message?: unknown } {
  if (typeof body !== "object" || body === null) return {};
  return "error" in body ? refusalIn(body.error) : body;
}

/** What a refusal says, in the words of who asked: better-auth's own name what to do for a few codes only. */
export function problemOf(status: number, body: unknown): string {
  const { code, message } = refusalIn(body);
  if (code === "INVALID_TOKEN") return t`This link was used before, or is too old. Ask for a new one.`;
  if (code === "PROVIDER_NOT_FOUND") return t`The place to sign in at can't be reached at the moment. Try again.`;
  if (code === "INVALID_CODE" || code === "INVALID_BACKUP_CODE")
    return t`That code is not right. Try the one shown now.`;
  if (code === "INVALID_TWO_FACTOR_COOKIE" || code === "TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE")
    return t`That took too long, or too many codes were wrong. Sign in again.`;
  if (code === "INVALID_PASSWORD") return t`The password you have now is another one. Check it and try again.`;
  if (status === 401) return t`No account has this e-mail address and password. Check both and try again.`;
  if (status === 429) return t`That was tried too often. Wait a minute and try again.`;
  if (typeof code === "string" && code.startsWith("USER_ALREADY_EXISTS"))
    return t`There is an account with this e-mail address already. Sign in instead, or use another address.`;
  if (typeof message === "string" && message !== "") return tServer(/[.!?]$/.test(message) ? message : `${message}.`);
  return t`The server could not do this at the moment. Try again.`;
}
