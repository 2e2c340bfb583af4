import { DarkroomError, fieldErrors, fieldsMessage } from "@darkroom/contracts";
import { z } from "zod";
import { ACCESS_TOKEN_SECONDS, type AccessTokens } from "../credentials/access-token.ts";

/** What `POST /api/auth/token` takes: a password, with the code of an account that has a second factor; */
const passwordInput = z.strictObject({
  email: z.string().min(1),
  password: z.string().min(1),
  code: z.string().min(1).optional(),
});
/** or the refresh token of an answer before. */
const refreshInput = z.strictObject({ refreshToken: z.string().min(1) });

/** What it answers. */
export interface TokenAnswer {
  /** To be sent as `Authorization: Bearer …`. */
  readonly accessToken: string;
  readonly expiresInSeconds: number;
  /** Gets the next access token. It is the session's own: ending the session ends it. */
  readonly refreshToken: string;
}

export interface TokenParts {
  readonly accessTokens: AccessTokens;
  /** Asks better-auth, with the cookies of an answer before. */
  readonly ask: (path: string, body: object, cookies?: readonly string[]) => Promise<Response>;
  /** Whether a session is still good. */
  readonly isSession: (token: string) => Promise<boolean>;
}

/**
 * Access for clients that hold no cookies. Signing up answers a `token` too, which is a refresh token.
 *
 * @throws DarkroomError `INPUT_INVALID`; `UNAUTHENTICATED` for a password, a code or a refresh token that is not good;
 * `RATE_LIMITED`
 */
export async function answerToken(body: unknown, parts: TokenParts): Promise<TokenAnswer> {
  const given = parsed(namesRefreshToken(body) ? refreshInput : passwordInput, body);
  let refreshToken: string;
  if ("refreshToken" in given) {
    ({ refreshToken } = given);
    if (!(await parts.isSession(refreshToken)))
      throw new DarkroomError("UNAUTHENTICATED", "This refresh token is not good any more. Sign in again.");
  } else {
    const answer = await signIn(given, parts);
    if (!answer.ok) throw await refusalOf(answer);
    ({ token: refreshToken } = (await answer.json()) as { token: string });
  }
  const accessToken = await parts.accessTokens.write(refreshToken);
  return { accessToken, expiresInSeconds: ACCESS_TOKEN_SECONDS, refreshToken };
}

/** Whether a body is about the session of a refresh token, not about that of a cookie or a password. */
export const namesRefreshToken = (body: unknown): boolean =>
  typeof body === "object" && body !== null && "refreshToken" in body;

/**
 * Ends the session of a refresh token, and with it what was got by it. One that is good no longer is no error: there is nothing
 * left to end (as RFC 7009 has it).
 *
 * @throws DarkroomError `INPUT_INVALID`; `RATE_LIMITED`
 */
export async function endSession(
  body: unknown,
  { ask, cookieOf }: Pick<TokenParts, "ask"> & { readonly cookieOf: (token: string) => string },
): Promise<{ readonly success: true }> {
  const { refreshToken } = parsed(refreshInput, body);
  const answer = await ask("/sign-out", {}, [cookieOf(refreshToken)]);
  if (!answer.ok) throw await refusalOf(answer);
  return { success: true };
}

function parsed<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const fields = fieldErrors(result.error);
  throw new DarkroomError("INPUT_INVALID", fieldsMessage(fields), { fields });
}

/** better-auth's refusal, as every other door has it. */
async function refusalOf(answer: Response): Promise<DarkroomError> {
  if (answer.status === 429) {
    const retryAfterSeconds = Number(answer.headers.get("x-retry-after") ?? 60);
    return new DarkroomError("RATE_LIMITED", "Too many tries. Wait before the next one.", { retryAfterSeconds });
  }
  const { message = "This was refused" } = (await answer.json()) as { message?: string };
  const isOfInput = answer.status === 400 || answer.status === 422;
  return new DarkroomError(isOfInput ? "INPUT_INVALID" : "UNAUTHENTICATED", `${message}.`);
}

/** Signs in by password, and by the code where there is a second factor. */
async function signIn(
  { email, password, code }: { readonly email: string; readonly password: string; readonly code?: string | undefined },
  { ask }: TokenParts,
): Promise<Response> {
  const answer = await ask("/sign-in/email", { email, password });
  const { twoFactorRedirect = false } = (await answer.clone().json()) as { twoFactorRedirect?: boolean };
  if (!answer.ok || !twoFactorRedirect) return answer;
  if (code === undefined) {
    const message = "is required: this account has a second factor";
    throw new DarkroomError("UNAUTHENTICATED", `code ${message}.`, { fields: [{ path: "code", message }] });
  }
  const cookies = answer.headers.getSetCookie().map((set) => set.split(";")[0] ?? "");
  return ask("/two-factor/verify-totp", { code }, cookies);
}
