/** True for the origins that may act with a visitor's cookies. */
export type OriginCheck = (origin: string | undefined | null) => boolean;

/**
 * An exact check of scheme, host and port against `publicUrls`. `null`, sub-domains, other ports and look-alikes are not
 * ours. Throws if a public URL is none.
 */
export function createOriginCheck(publicUrls: readonly string[]): OriginCheck {
  const allowed = new Set(publicUrls.map((url) => new URL(url).origin));
  return (origin) => origin !== undefined && origin !== null && allowed.has(origin);
}
