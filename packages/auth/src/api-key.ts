import { createHash, randomBytes } from "node:crypto";

/** Marks our keys, so that a leaked one is found by a search for it. */
const PREFIX = "dk_";

/** The hash under which a key is kept. A key has 256 random bits, so a fast hash without salt is enough. */
export function hashSecret(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

/** A new API key: `key` is shown once, `prefix` (its first 11 characters) names it in lists, `hash` is what is kept. */
export function generateApiKey(): { key: string; prefix: string; hash: string } {
  const key = PREFIX + randomBytes(32).toString("base64url");
  return { key, prefix: key.slice(0, PREFIX.length + 8), hash: hashSecret(key) };
}

/** The key in an `Authorization: Bearer …` header; null if there is none. */
export function bearerOf(authorization: string | null): string | null {
  return /^Bearer ([\w.~+/=-]{1,200})$/i.exec(authorization ?? "")?.[1] ?? null;
}
