import { createHash, createHmac } from "node:crypto";

/** The secret in the address of a shared picture: made again from what is kept whenever its owner asks for the address. */
export function shareTokenOf(nonce: string, shareKey: string): string {
  return createHmac("sha256", shareKey).update(nonce).digest("base64url");
}

/** What is kept of a shared address: whoever reads the database learns no address. */
export function shareHashOf(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
