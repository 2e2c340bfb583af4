import { expect, test } from "vitest";
import { isPublicAddress, mayBeCalled } from "./public-address.ts";

test.each(["8.8.8.8", "1.1.1.1", "::ffff:8.8.8.8", "2606:4700:4700::1111", "2a00:1450::1"])(
  "%s is public",
  (address) => {
    expect(isPublicAddress(address)).toBe(true);
  },
);

test.each([
  "127.0.0.1",
  "127.255.255.254",
  "0.0.0.0",
  "10.1.2.3",
  "172.16.0.1",
  "172.31.255.255",
  "192.168.0.1",
  "169.254.169.254",
  "100.64.0.1",
  "100.127.255.255",
  "100.100.100.200",
  "192.0.0.192",
  "192.0.2.1",
  "198.18.0.1",
  "224.0.0.1",
  "240.0.0.1",
  "255.255.255.255",
  "::",
  "::1",
  "::127.0.0.1",
  "::ffff:127.0.0.1",
  "::ffff:10.0.0.1",
  "::ffff:169.254.169.254",
  "::ffff:7f00:1",
  "64:ff9b::7f00:1",
  "64:ff9b:1::a00:1",
  "2002:7f00:1::",
  "2001:0:4136:e378::1",
  "2001:db8::1",
  "fc00::1",
  "fd00:ec2::254",
  "fe80::1",
  "fec0::1",
  "ff02::1",
  "not an address",
  "",
])("%s is not public", (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

test.each([
  ["https://example.com/hook", true],
  ["https://8.8.8.8/hook", true],
  ["http://[2606:4700:4700::1111]/", true],
  ["http://127.0.0.1:3000/", false],
  ["http://2130706433/", false],
  ["http://0x7f.1/", false],
  ["http://[::1]/", false],
  ["http://[::ffff:10.0.0.1]/", false],
  ["http://localhost:3000/", false],
  ["http://LOCALHOST./", false],
  ["http://a.localhost/", false],
  ["http://10.0.0.1:3000/", true],
  ["http://10.0.0.1:3001/", false],
])("by what it says itself, %s may be called: %s", (address, expected) => {
  expect(mayBeCalled(address, new Set(["10.0.0.1:3000"]))).toBe(expected);
});
