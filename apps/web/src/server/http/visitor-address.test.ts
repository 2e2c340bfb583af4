import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { addressGroup, visitorAddress } from "./visitor-address.ts";

function requestWith(forwarded?: string): IncomingMessage {
  const request = new IncomingMessage(new Socket());
  if (forwarded !== undefined) request.headers["x-forwarded-for"] = forwarded;
  return request;
}

describe("a visitor's address", () => {
  it("is what the trusted proxy wrote, whatever the visitor put before it", () => {
    expect(visitorAddress(requestWith("1.1.1.1, 203.0.113.9"), { trustProxy: true })).toBe("203.0.113.9");
    expect(visitorAddress(requestWith("203.0.113.9"), { trustProxy: true })).toBe("203.0.113.9");
  });

  it("is the connection's own where no proxy is trusted, or where the proxy wrote no address", () => {
    expect(visitorAddress(requestWith("1.1.1.1"), { trustProxy: false })).toBeUndefined();
    expect(visitorAddress(requestWith("1.1.1.1, unknown"), { trustProxy: true })).toBeUndefined();
  });

  it("counts as one with all of its IPv6 network, however it is written", () => {
    expect(addressGroup("2001:db8:0:1::5")).toBe("2001:db8:0:1::/64");
    expect(addressGroup("2001:0DB8:0000:0001:ffff:ffff:ffff:ffff")).toBe("2001:db8:0:1::/64");
    expect(addressGroup("::1")).toBe("0:0:0:0::/64");
    expect(addressGroup("fe80::1%eth0")).toBe("fe80:0:0:0::/64");
    expect(addressGroup("::ffff:203.0.113.9")).toBe("203.0.113.9");
    expect(addressGroup("203.0.113.9")).toBe("203.0.113.9");
  });
});
