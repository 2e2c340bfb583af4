import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/** What credentials are signed with: the present secret, and those before it, which are still believed. */
export interface Secrets {
  readonly secret: string;
  readonly earlier: readonly string[];
}

/** Who made a signature: the present secret, an earlier one, or nobody. */
export type Signer = "present" | "earlier" | null;

/** Whose signature of `text` that is. `keyOf`: the HMAC key that is made of a secret. */
export function signerOf(
  { secret, earlier }: Secrets,
  { text, signature, keyOf }: { text: string; signature: Buffer; keyOf: (secret: string) => Buffer | string },
): Signer {
  const isBy = (one: string): boolean => {
    const wanted = createHmac("sha256", keyOf(one)).update(text).digest();
    return signature.length === wanted.length && timingSafeEqual(signature, wanted);
  };
  if (isBy(secret)) return "present";
  return earlier.some(isBy) ? "earlier" : null;
}

/**
 * The secrets as better-auth numbers them, so that what it encrypted (second factors) is read with the secret that it was
 * encrypted with. A number is made of its secret: it stays when others come before it.
 */
export function versioned({ secret, earlier }: Secrets): { version: number; value: string }[] {
  return [secret, ...earlier].map((value) => ({
    version: createHash("sha256").update(`version of ${value}`).digest().readUInt32BE(),
    value,
  }));
}
