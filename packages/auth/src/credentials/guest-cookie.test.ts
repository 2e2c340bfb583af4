import { newId } from "@darkroom/contracts";
import { expect, test } from "vitest";
import { createGuestCookie, GUEST_COOKIE } from "./guest-cookie.ts";

const cookie = createGuestCookie({ secret: "s".repeat(32), earlier: [], secure: false });
const pairOf = (setCookie: string): string => setCookie.split(";")[0] ?? "";

test("a guest's cookie names its owner, among others too", () => {
  const ownerId = newId();
  expect(cookie.read(`theme=dark; ${pairOf(cookie.write(ownerId))}; a=b=c`)).toBe(ownerId);
});

test("a cookie with another owner, another signature, another secret or no form at all names nobody", () => {
  const ownerId = newId();
  const pair = pairOf(cookie.write(ownerId));
  const signature = pair.split(".")[1] ?? "";
  const other = createGuestCookie({ secret: "t".repeat(32), earlier: [], secure: false });
  for (const header of [
    null,
    "",
    `${GUEST_COOKIE}=${ownerId}`,
    `${GUEST_COOKIE}=${newId()}.${signature}`,
    `${GUEST_COOKIE}=${ownerId}.${"A".repeat(43)}`,
    `${GUEST_COOKIE}=${ownerId}.${signature.slice(0, 42)}`,
    pairOf(other.write(ownerId)),
    `x${pair}`,
  ]) {
    expect(cookie.read(header)).toBeNull();
  }
});

test("the cookie is out of reach of scripts and of other sites, and of plain HTTP where there is HTTPS", () => {
  const secure = createGuestCookie({ secret: "s".repeat(32), earlier: [], secure: true });
  expect(cookie.write(newId())).toMatch(/; Max-Age=31536000; Path=\/; HttpOnly; SameSite=Lax$/);
  expect(secure.write(newId())).toMatch(/; Secure$/);
  expect(pairOf(cookie.clear())).toBe(`${GUEST_COOKIE}=`);
});
