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
    expect(visitorAddress(requestWith("1.1.1.1, 203.0.113.9"), { trustedHops: 1 })).toBe("203.0.113.9");
    expect(visitorAddress(requestWith("203.0.113.9"), { trustedHops: 1 })).toBe("203.0.113.9");
  });

  it("is what the outermost of several trusted proxies wrote", () => {
    const chain = requestWith("1.1.1.1, 203.0.113.9, 10.0.0.2");
    expect(visitorAddress(chain, { trustedHops: 2 })).toBe("203.0.113.9");
    expect(visitorAddress(chain, { trustedHops: 1 })).toBe("10.0.0.2");
  });

  it("is the first entry where fewer proxies wrote than are trusted: the request came past the outer ones", () => {
    expect(visitorAddress(requestWith("203.0.113.9"), { trustedHops: 3 })).toBe("203.0.113.9");
  });

  it.each([
    ["203.0.113.9:51234", "203.0.113.9"],
    ["[2001:db8::1]:443", "2001:db8::1"],
    ["[2001:db8::1]", "2001:db8::1"],
    ["2001:db8::1", "2001:db8::1"],
    [' "[2001:db8::1]:443" ', "2001:db8::1"],
  ])("is read from an entry %s, with its port and brackets", (entry, address) => {
    expect(visitorAddress(requestWith(`1.1.1.1, ${entry}`), { trustedHops: 1 })).toBe(address);
  });

  it("is the connection's own where no proxy is trusted, or where the proxy wrote no address", () => {
    expect(visitorAddress(requestWith("1.1.1.1"), { trustedHops: 0 })).toBeUndefined();
    for (const entry of ["unknown", "", "_hidden", "203.0.113.9:x", "[203.0.113.9", "1"])
      expect(visitorAddress(requestWith(`1.1.1.1, ${entry}`), { trustedHops: 1 })).toBeUndefined();
  });
});

describe("an address counts", () => {
  it("as one with all of its IPv6 network, however it is written", () => {
    expect(addressGroup("2001:db8:0:1::5")).toBe("2001:db8:0:1::/64");
    expect(addressGroup("2001:0DB8:0000:0001:ffff:ffff:ffff:ffff")).toBe("2001:db8:0:1::/64");
    expect(addressGroup("fe80::1%eth0")).toBe("fe80:0:0:0::/64");
  });

  it("as IPv4 where it is one in IPv6's clothes, however it is written", () => {
    expect(addressGroup("203.0.113.9")).toBe("203.0.113.9");
    expect(addressGroup("::ffff:203.0.113.9")).toBe("203.0.113.9");
    expect(addressGroup("::ffff:102:304")).toBe("1.2.3.4");
    expect(addressGroup("0:0:0:0:0:ffff:5.6.7.8")).toBe("5.6.7.8");
    expect(addressGroup("::FFFF:5.6.7.8")).toBe("5.6.7.8");
  });

  it("apart from every other one: this machine's is nobody else's", () => {
    const groups = ["::1", "::ffff:102:304", "0:0:0:0:0:ffff:5.6.7.8", "127.0.0.1"].map(addressGroup);
    expect(new Set(groups).size).toBe(groups.length);
  });
});
