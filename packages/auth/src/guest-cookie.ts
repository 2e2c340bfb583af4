import { createHmac, timingSafeEqual } from "node:crypto";
import { idSchema } from "@darkroom/contracts";

const NAME = "darkroom_guest";
const MAX_AGE_SECONDS = 365 * 24 * 60 * 60;

/** A guest is the owner id in a signed cookie: nobody can become somebody else, and nothing is stored until they write. */
export interface GuestCookie {
  /** The owner id in a `Cookie` header; null if there is none or its signature is not ours. */
  read(cookieHeader: string | null): string | null;
  /** The `Set-Cookie` value for an owner. */
  write(ownerId: string): string;
  /** The `Set-Cookie` value that removes it. */
  clear(): string;
}

/** The value of one cookie in a `Cookie` header; null if it is absent. */
export function cookieValue(cookieHeader: string | null, name: string): string | null {
  for (const part of (cookieHeader ?? "").split(";")) {
    const [key, ...rest] = part.split("=");
    if (key?.trim() === name) return rest.join("=").trim();
  }
  return null;
}

export function createGuestCookie(secret: string, { secure }: { secure: boolean }): GuestCookie {
  const sign = (ownerId: string): Buffer => createHmac("sha256", secret).update(`guest:${ownerId}`).digest();
  const attributes = `Path=/; HttpOnly; SameSite=Lax${secure ? "; Secure" : ""}`;
  return {
    read(cookieHeader) {
      const [ownerId = "", signature = ""] = (cookieValue(cookieHeader, NAME) ?? "").split(".");
      if (!idSchema.safeParse(ownerId).success) return null;
      const given = Buffer.from(signature, "base64url");
      const expected = sign(ownerId);
      return given.length === expected.length && timingSafeEqual(given, expected) ? ownerId : null;
    },
    write: (ownerId) =>
      `${NAME}=${ownerId}.${sign(ownerId).toString("base64url")}; Max-Age=${MAX_AGE_SECONDS}; ${attributes}`,
    clear: () => `${NAME}=; Max-Age=0; ${attributes}`,
  };
}
