import { createHmac, timingSafeEqual } from "node:crypto";
import { cookieValue } from "./cookie-value.ts";

export const COOKIE_PREFIX = "darkroom";

/**
 * Reads better-auth's session cookie: `token.signature`, URL-encoded. Its own `getSession` costs two queries per caller;
 * with the token, callers who come at the same time are looked up together.
 */
export function createSessionCookie({ secret, secure }: { secret: string; secure: boolean }): {
  /** The session's token that a `Cookie` header names; null without one or with a wrong signature. */
  read(cookieHeader: string | null): string | null;
} {
  const name = `${secure ? "__Secure-" : ""}${COOKIE_PREFIX}.session_token`;
  return {
    read(cookieHeader) {
      const [, token = "", signature = ""] =
        /^([A-Za-z0-9_-]+)\.([A-Za-z0-9+/]{43}=)$/.exec(decoded(cookieHeader, name)) ?? [];
      if (token === "") return null;
      const given = Buffer.from(signature, "base64");
      const wanted = createHmac("sha256", secret).update(token).digest();
      return given.length === wanted.length && timingSafeEqual(given, wanted) ? token : null;
    },
  };
}

function decoded(cookieHeader: string | null, name: string): string {
  try {
    return decodeURIComponent(cookieValue(cookieHeader, name) ?? "");
  } catch {
    return "";
  }
}
