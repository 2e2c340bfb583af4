import { createHmac } from "node:crypto";
import { cookieValue } from "./cookie-value.ts";
import { type Secrets, type Signer, signerOf } from "./secrets.ts";

export const COOKIE_PREFIX = "darkroom";

/** How long a session lives. */
export const SESSION_SECONDS = 30 * 24 * 60 * 60;

export interface SessionCookie {
  /** The session's token that a `Cookie` header names; null without one or with a wrong signature. */
  read(cookieHeader: string | null): string | null;
  /** Who signed the cookie. */
  signer(cookieHeader: string | null): Signer;
  /** A `Set-Cookie` value that names the session, signed with the present secret. */
  write(token: string): string;
  /** The `Cookie` header with its session signed with the present secret, which is the only one that better-auth's own routes believe. */
  resigned(cookieHeader: string): string;
}

/**
 * Reads better-auth's session cookie: `token.signature`, URL-encoded. Its own `getSession` costs two queries per caller;
 * with the token, callers who come at the same time are looked up together.
 */
export function createSessionCookie({ secure, ...secrets }: Secrets & { secure: boolean }): SessionCookie {
  const name = `${secure ? "__Secure-" : ""}${COOKIE_PREFIX}.session_token`;
  const cookieFor = (token: string): string =>
    encodeURIComponent(`${token}.${createHmac("sha256", secrets.secret).update(token).digest("base64")}`);

  function examine(cookieHeader: string | null): { token: string; signer: Signer } {
    const [, token = "", signature = ""] =
      /^([A-Za-z0-9_-]+)\.([A-Za-z0-9+/]{43}=)$/.exec(decoded(cookieHeader, name)) ?? [];
    if (token === "") return { token, signer: null };
    const signed = { text: token, signature: Buffer.from(signature, "base64"), keyOf: (secret: string) => secret };
    return { token, signer: signerOf(secrets, signed) };
  }

  return {
    read(cookieHeader) {
      const { token, signer } = examine(cookieHeader);
      return signer === null ? null : token;
    },
    signer: (cookieHeader) => examine(cookieHeader).signer,
    write: (token) =>
      `${name}=${cookieFor(token)}; Max-Age=${SESSION_SECONDS}; Path=/; HttpOnly; SameSite=Lax${secure ? "; Secure" : ""}`,
    resigned(cookieHeader) {
      const { token, signer } = examine(cookieHeader);
      if (signer !== "earlier") return cookieHeader;
      const pairs = cookieHeader.split(";").map((pair) => pair.trim());
      return pairs.map((pair) => (pair.startsWith(`${name}=`) ? `${name}=${cookieFor(token)}` : pair)).join("; ");
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
