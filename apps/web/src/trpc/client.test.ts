import { expect, it } from "vitest";
import { retryDelayMs, socketUrl } from "./client.ts";

it("reconnects are spread over the whole of their wait, which never exceeds five seconds", () => {
  expect([0, 1, 2, 3, 20].map((attempt) => retryDelayMs(attempt, () => 1))).toEqual([1500, 1000, 2000, 4000, 5000]);
  expect(retryDelayMs(20, () => 0)).toBe(0);
});

it("the socket is on the page's own origin, encrypted where the page is", () => {
  expect(socketUrl({ protocol: "http:", host: "localhost:3000" })).toBe("ws://localhost:3000/ws");
  expect(socketUrl({ protocol: "https:", host: "darkroom.example" })).toBe("wss://darkroom.example/ws");
});
