import { createHmac } from "node:crypto";

/**
 * The secret that a webhook's messages are signed with, as Standard Webhooks write it. It is made from the installation's own
 * secret and stored nowhere, so that a copy of the database signs nothing; another `AUTH_SECRET` makes others of all (messages are signed
 * with those of before as well, as long as `AUTH_SECRET_OLD` has it).
 */
export function webhookSecretOf(
  { webhookId, rotation }: { readonly webhookId: string; readonly rotation: number },
  webhookKey: string,
): string {
  return `whsec_${createHmac("sha256", webhookKey).update(`${webhookId}.${rotation}`).digest("base64")}`;
}
