import { DarkroomError } from "@darkroom/contracts";
import { z } from "zod";
import { ACCESS_TOKEN_SECONDS, type AccessTokens } from "./access-token.ts";

/** What `POST /api/auth/token` takes: a password, or the refresh token of an answer before. */
const tokenInput = z.union([
  z.strictObject({ email: z.string().min(1), password: z.string().min(1) }),
  z.strictObject({ refreshToken: z.string().min(1) }),
]);

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
  /** Signs in; better-auth's own answer. */
  readonly signIn: (credentials: { readonly email: string; readonly password: string }) => Promise<Response>;
  /** Whether a session is still good. */
  readonly isSession: (token: string) => Promise<boolean>;
}

/**
 * Access for clients that hold no cookies. Signing up answers a `token` too, which is a refresh token.
 *
 * @returns the tokens, or better-auth's refusal
 * @throws DarkroomError `INPUT_INVALID`; `UNAUTHENTICATED` for a refresh token that is not good any more
 */
export async function answerToken(body: unknown, parts: TokenParts): Promise<TokenAnswer | Response> {
  const parsed = tokenInput.safeParse(body);
  if (!parsed.success) {
    const message = "must have email and password, or refreshToken, and nothing else";
    throw new DarkroomError("INPUT_INVALID", `The body ${message}.`, { fields: [{ path: "", message }] });
  }
  let refreshToken: string;
  if ("refreshToken" in parsed.data) {
    ({ refreshToken } = parsed.data);
    if (!(await parts.isSession(refreshToken)))
      throw new DarkroomError("UNAUTHENTICATED", "This refresh token is not good any more. Sign in again.");
  } else {
    const answer = await parts.signIn(parsed.data);
    if (!answer.ok) return answer;
    ({ token: refreshToken } = (await answer.json()) as { token: string });
  }
  const accessToken = await parts.accessTokens.write(refreshToken);
  return { accessToken, expiresInSeconds: ACCESS_TOKEN_SECONDS, refreshToken };
}
