import { createECDH, createHmac } from "node:crypto";

/** The pair by which push services know us, base64url. */
export interface VapidKeys {
  readonly publicKey: string;
  readonly privateKey: string;
}

/**
 * Made of the installation's secret, as the secrets of webhooks are: every process has the same, and nothing more is to be
 * kept. Any 32 bytes are a private key, but for one in four billion.
 */
export function vapidKeysOf(secret: string): VapidKeys {
  const privateKey = createHmac("sha256", secret).update("push").digest();
  const curve = createECDH("prime256v1");
  curve.setPrivateKey(privateKey);
  return { publicKey: curve.getPublicKey("base64url"), privateKey: privateKey.toString("base64url") };
}
