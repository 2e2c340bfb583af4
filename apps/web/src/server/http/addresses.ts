import { createHmac } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { addressGroup, visitorAddress } from "./visitor-address.ts";

/** The ways in which a request's address is told apart. Each is undefined or null once the request's connection is gone. */
export interface Addresses {
  /** The address itself, behind `trustedHops` proxies. */
  readonly addressOf: (request: IncomingMessage) => string | undefined;
  /** What it is counted by, see {@link addressGroup}. */
  readonly addressGroupOf: (request: IncomingMessage) => string | undefined;
  /** A keyed hash of that: all that is kept of a guest's address, and enough to count by. */
  readonly addressKeyOf: (request: IncomingMessage) => string | null;
}

export function createAddresses({
  trustedHops,
  secret,
}: {
  readonly trustedHops: number;
  readonly secret: string;
}): Addresses {
  const addressOf = (request: IncomingMessage) => visitorAddress(request, { trustedHops });
  const addressGroupOf = oncePerRequest((request) => {
    const address = addressOf(request);
    return address === undefined ? undefined : addressGroup(address);
  });
  const addressKeyOf = oncePerRequest((request) => {
    const group = addressGroupOf(request);
    return group && createHmac("sha256", secret).update(group).digest("base64url").slice(0, 22);
  });
  return { addressOf, addressGroupOf, addressKeyOf: (request) => addressKeyOf(request) ?? null };
}

/** Works it out for a request once, since each asks two or three times. What is not known yet, or no more, is asked again. */
function oncePerRequest(of: (request: IncomingMessage) => string | undefined): typeof of {
  const known = new WeakMap<IncomingMessage, string>();
  return (request) => {
    const found = known.get(request) ?? of(request);
    if (found !== undefined) known.set(request, found);
    return found;
  };
}
