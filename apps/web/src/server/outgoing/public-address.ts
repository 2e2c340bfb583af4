import ipaddr from "ipaddr.js";

/**
 * True for an address of the public internet. Everything else is refused: private, loopback, link-local (and with it the
 * clouds' metadata), carrier-grade NAT, multicast, reserved, and those of IPv6 that only wrap an IPv4 address.
 */
export function isPublicAddress(address: string): boolean {
  // `process` unwraps an IPv4-mapped address.
  return ipaddr.isValid(address) && ipaddr.process(address).range() === "unicast";
}
