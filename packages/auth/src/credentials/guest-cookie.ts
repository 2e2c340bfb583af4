import { createHmac } from "node:crypto";
import { cookieValue } from "./cookie-value.ts";
import { type Secrets, type Signer, signerOf } from "./secrets.ts";

export const GUEST_COOKIE = "darkroom_guest";
const YEAR_SECONDS = 365 * 24 * 60 * 60;

/** The cookie that makes a visitor a guest: `ownerId.signature`. Nothing is stored until the guest's first write. */
export interface GuestCookie {
  /** The owner that a `Cookie` header names; null without one or with a wrong signature. */
  read(cookieHeader: string | null): string | null;
  /** Who signed the cookie. */
  signer(cookieHeader: string | null): Signer;
  /** A `Set-Cookie` value that makes the browser this guest for a year. */
  write(ownerId: string): string;
  /** A `Set-Cookie` value that forgets the guest. */
  clear(): string;
}

/** `secure`: the cookie is for HTTPS only. */
export function createGuestCookie({ secure, ...secrets }: Secrets & { secure: boolean }): GuestCookie {
  // A key of its own, so that a signature of another kind with the same secret is never a guest.
  const keyOf = (secret: string): Buffer => createHmac("sha256", secret).update("darkroom guest cookie").digest();
  const key = keyOf(secrets.secret);
  const sign = (ownerId: string): Buffer => createHmac("sha256", key).update(ownerId).digest();
  const attributes = `Path=/; HttpOnly; SameSite=Lax${secure ? "; Secure" : ""}`;

  function examine(cookieHeader: string | null): { ownerId: string; signer: Signer } {
    const value = cookieValue(cookieHeader, GUEST_COOKIE);
    const match = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([A-Za-z0-9_-]{43})$/.exec(value ?? "");
    const [, ownerId = "", signature = ""] = match ?? [];
    if (ownerId === "") return { ownerId, signer: null };
    const signed = { text: ownerId, signature: Buffer.from(signature, "base64url"), keyOf };
    return { ownerId, signer: signerOf(secrets, signed) };
  }

  return {
    read(cookieHeader) {
      const { ownerId, signer } = examine(cookieHeader);
      return signer === null ? null : ownerId;
    },
    signer: (cookieHeader) => examine(cookieHeader).signer,
    write: (ownerId) =>
      `${GUEST_COOKIE}=${ownerId}.${sign(ownerId).toString("base64url")}; Max-Age=${YEAR_SECONDS}; ${attributes}`,
    clear: () => `${GUEST_COOKIE}=; Max-Age=0; ${attributes}`,
  };
}
