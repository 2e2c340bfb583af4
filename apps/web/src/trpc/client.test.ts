import { expect, it } from "vitest";
import { isTooLongForUrl, socketUrl } from "./client.ts";

it("the socket is on the page's own origin, encrypted where the page is", () => {
  expect(socketUrl({ protocol: "http:", host: "localhost:3000" })).toBe("ws://localhost:3000/ws");
  expect(socketUrl({ protocol: "https:", host: "darkroom.example" })).toBe("wss://darkroom.example/ws");
});

it("a query with a whole prompt is too long for an address, in any script", () => {
  expect(isTooLongForUrl(undefined)).toBe(false);
  expect(isTooLongForUrl({ search: "a red cube ".repeat(20) })).toBe(false);
  expect(isTooLongForUrl({ search: "a red cube ".repeat(400) })).toBe(true);
  expect(isTooLongForUrl({ search: "붉은 정육면체 ".repeat(60) })).toBe(true);
});
