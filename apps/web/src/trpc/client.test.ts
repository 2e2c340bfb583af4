import { expect, it } from "vitest";
import { retryDelayMs, socketUrl } from "./client.ts";

it("reconnects are spread out and never wait longer than five seconds", () => {
  expect(retryDelayMs(0, () => 0)).toBe(125);
  expect(retryDelayMs(0, () => 1)).toBe(250);
  expect(retryDelayMs(20, () => 1)).toBe(5000);
});

it("the socket is on the page's own origin, encrypted where the page is", () => {
  expect(socketUrl({ protocol: "http:", host: "localhost:3000" })).toBe("ws://localhost:3000/ws");
  expect(socketUrl({ protocol: "https:", host: "darkroom.example" })).toBe("wss://darkroom.example/ws");
});
