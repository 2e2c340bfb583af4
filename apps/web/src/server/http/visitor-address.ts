import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

/**
 * The address that a request came from; undefined once its socket is gone. `trustedHops` is how many proxies of ours
 * stand before this process. Each appends the address that connected to it to `X-Forwarded-For`, so the visitor's is that
 * many entries from the end. Entries before it are the visitor's own word and never read.
 */
export function visitorAddress(
  request: IncomingMessage,
  { trustedHops }: { readonly trustedHops: number },
): string | undefined {
  const entries = trustedHops > 0 ? request.headers["x-forwarded-for"]?.toString().split(",") : undefined;
  // With fewer entries than proxies the request came past the outer ones; the first entry is then a proxy's of ours too.
  const entry = entries?.at(-trustedHops) ?? entries?.[0];
  return (entry !== undefined && addressIn(entry)) || request.socket.remoteAddress;
}

/** The address in an entry such as `203.0.113.9:443`, `"[2001:db8::1]:443"` or `2001:db8::1`; null if there is none. */
function addressIn(entry: string): string | null {
  const text = entry.trim().replace(/^"(.*)"$/, "$1");
  const bare = /^\[([^\]]+)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text;
  return isIP(bare) === 0 ? null : bare;
}

/**
 * What an address is counted by: an IPv4 address itself, and of an IPv6 address the first 64 bits, because the rest is the
 * visitor's to choose. An IPv4 address mapped into IPv6 counts as the IPv4 address, however it is written.
 */
export function addressGroup(address: string): string {
  const parsed = ipaddr.process(address);
  if (parsed instanceof ipaddr.IPv4) return parsed.toString();
  return `${parsed.parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(":")}::/64`;
}
