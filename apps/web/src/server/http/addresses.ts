import { createHmac } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
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
  /** Of each connection, what was worked out of the last address: behind no proxy all its requests have the same. */
  const known = new WeakMap<Socket, { readonly address: string; readonly group: string; readonly key: string }>();
  const countedOf = (request: IncomingMessage) => {
    const address = addressOf(request);
    if (address === undefined) return undefined;
    const last = known.get(request.socket);
    if (last?.address === address) return last;
    const group = addressGroup(address);
    const key = createHmac("sha256", secret).update(group).digest("base64url").slice(0, 22);
    const counted = { address, group, key };
    known.set(request.socket, counted);
    return counted;
  };
  return {
    addressOf,
    addressGroupOf: (request) => countedOf(request)?.group,
    addressKeyOf: (request) => countedOf(request)?.key ?? null,
  };
}
