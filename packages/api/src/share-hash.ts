import { createHash } from "node:crypto";

/** What is kept of a shared address: whoever reads the database learns no address. */
export function shareHashOf(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
