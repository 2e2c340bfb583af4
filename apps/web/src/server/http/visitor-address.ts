import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";

/**
 * The address that a request came from; undefined once its socket is gone. Behind a trusted proxy it is the last entry of
 * `X-Forwarded-For`, the one that the proxy itself wrote: whatever stands before it is the visitor's own word.
 */
export function visitorAddress(request: IncomingMessage, { trustProxy }: { trustProxy: boolean }): string | undefined {
  const forwarded = trustProxy ? request.headers["x-forwarded-for"]?.toString().split(",").at(-1)?.trim() : undefined;
  return forwarded !== undefined && isIP(forwarded) !== 0 ? forwarded : request.socket.remoteAddress;
}

/**
 * What an address is counted by: itself, or the first 64 bits of an IPv6 address, because the rest is the visitor's to
 * choose.
 */
export function addressGroup(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (isIP(address) !== 6) return address;
  const [head = "", tail] = address.replace(/%.*$/, "").toLowerCase().split("::");
  const groups = head === "" ? [] : head.split(":");
  const rest = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros =
    tail === undefined ? [] : Array.from({ length: Math.max(0, 8 - groups.length - rest.length) }, () => "0");
  const network = [...groups, ...zeros, ...rest].slice(0, 4).map((group) => group.replace(/^0+(?=.)/, ""));
  return `${network.join(":")}::/64`;
}
