import { hash, randomBytes } from "node:crypto";

/** So that a leaked key is recognised by scanners and by people. */
export const API_KEY_PREFIX = "dk_";

/** How much of a key is kept readable, to tell keys apart in a list. */
const SHOWN_CHARACTERS = 11;

/** A fresh API key. Only `prefix` and `hash` are stored; `key` is shown once. */
export function generateApiKey(): { key: string; prefix: string; hash: string } {
  const key = API_KEY_PREFIX + randomBytes(32).toString("base64url");
  return { key, prefix: key.slice(0, SHOWN_CHARACTERS), hash: hashToken(key) };
}

/** True for what could be one of our keys: the shape is checked before the database is asked. */
export function isApiKey(text: string): boolean {
  return /^dk_[A-Za-z0-9_-]{43}$/.test(text);
}

/**
 * SHA-256 in hex, as tokens are stored. A fast hash is right here: a token has 256 random bits, so there is nothing to
 * guess. Looking it up by its hash also leaks nothing through timing that helps to find one.
 */
export function hashToken(token: string): string {
  return hash("sha256", token);
}
