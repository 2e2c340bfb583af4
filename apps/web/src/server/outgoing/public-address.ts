import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

/**
 * True for an address of the public internet. Everything else is refused: private, loopback, link-local (and with it the
 * clouds' metadata), carrier-grade NAT, multicast, reserved, and those of IPv6 that only wrap an IPv4 address.
 */
export function isPublicAddress(address: string): boolean {
  // `process` unwraps an IPv4-mapped address.
  return ipaddr.isValid(address) && ipaddr.process(address).range() === "unicast";
}

/** Hosts (`name` or `name:port`) in a private network that may be called all the same. */
type PrivateHosts = ReadonlySet<string>;

/** Whether the settings name an address' host. */
export const isNamed = ({ host, hostname }: URL, privateHosts: PrivateHosts): boolean =>
  privateHosts.has(host) || privateHosts.has(hostname);

/**
 * Whether an address may be called, for all that it says itself: a host that is written as a number has to be public, and localhost
 * is none. What another name leads to is known only when it is called.
 */
export function mayBeCalled(address: string, privateHosts: PrivateHosts): boolean {
  const url = new URL(address);
  if (isNamed(url, privateHosts)) return true;
  const host = url.hostname.replace(/^\[|\]$/g, "");
  return isIP(host) === 0 ? !/(^|\.)localhost\.?$/.test(host) : isPublicAddress(host);
}
