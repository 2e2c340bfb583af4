import { createHmac } from "node:crypto";
import type { Secrets } from "./secrets.ts";

/** How long an access token opens anything. */
export const ACCESS_TOKEN_SECONDS = 15 * 60;

export interface AccessTokens {
  /** A token for the holder of this session, which ends in {@link ACCESS_TOKEN_SECONDS} or with the session. */
  write(sessionToken: string): Promise<string>;
  /** The session's token; null for one that is not ours or has expired. */
  read(accessToken: string): Promise<string | null>;
}

/**
 * What clients that hold no cookie send as a bearer: a JWE with the session's token in it, so that a session that is ended takes
 * its access tokens along, and nobody can read the one from the other. jose is loaded with the first one.
 */
export function createAccessTokens({ secret, earlier }: Secrets): AccessTokens {
  const keyOf = (one: string) => createHmac("sha256", one).update("access tokens").digest();
  const key = keyOf(secret);
  const jose = () => import("jose");
  return {
    async write(sessionToken) {
      const { EncryptJWT } = await jose();
      return new EncryptJWT({ session: sessionToken })
        .setProtectedHeader({ alg: "dir", enc: "A256GCM" })
        .setIssuedAt()
        .setExpirationTime(`${ACCESS_TOKEN_SECONDS}s`)
        .encrypt(key);
    },
    async read(accessToken) {
      const { errors, jwtDecrypt } = await jose();
      for (const one of [key, ...earlier.map(keyOf)]) {
        try {
          const { payload } = await jwtDecrypt<{ session?: unknown }>(accessToken, one, {
            keyManagementAlgorithms: ["dir"],
            contentEncryptionAlgorithms: ["A256GCM"],
          });
          return typeof payload.session === "string" ? payload.session : null;
        } catch (error) {
          if (!(error instanceof errors.JOSEError)) throw error;
        }
      }
      return null;
    },
  };
}

/** True for what could be one of our access tokens. */
export function isAccessToken(text: string): boolean {
  return text.length <= 1024 && /^ey[A-Za-z0-9_-]+\.\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/.test(text);
}
