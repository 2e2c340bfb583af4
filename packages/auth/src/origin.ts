import { DarkroomError } from "@darkroom/contracts";

/** The refusal of a write from an origin that may not act with a visitor's cookies. It names the setting to change. */
export function originRejected(origin: string | undefined): DarkroomError {
  const message =
    origin === undefined || origin === "null" || !URL.canParse(origin)
      ? "This request came from another site."
      : `Pages at ${origin} may not do this. If that is where you open Darkroom, set PUBLIC_URL to it and start it again.`;
  return new DarkroomError("ORIGIN_REJECTED", message);
}

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
