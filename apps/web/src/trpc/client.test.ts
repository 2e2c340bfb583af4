import { expect, it } from "vitest";
import { socketUrl } from "./client.ts";

it("the socket is on the page's own origin, encrypted where the page is", () => {
  expect(socketUrl({ protocol: "http:", host: "localhost:3000" })).toBe("ws://localhost:3000/ws");
  expect(socketUrl({ protocol: "https:", host: "darkroom.example" })).toBe("wss://darkroom.example/ws");
});
