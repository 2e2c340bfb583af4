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
  const addressGroupOf = (request: IncomingMessage): string | undefined => {
    const address = addressOf(request);
    return address === undefined ? undefined : addressGroup(address);
  };
  const addressKeyOf = (request: IncomingMessage): string | null => {
    const group = addressGroupOf(request);
    return group === undefined ? null : createHmac("sha256", secret).update(group).digest("base64url").slice(0, 22);
  };
  return { addressOf, addressGroupOf, addressKeyOf };
}
