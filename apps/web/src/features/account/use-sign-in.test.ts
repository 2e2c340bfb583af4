import { expect, test } from "vitest";
import { deviceName } from "./use-sign-in.ts";

test.each([
  ["Mozilla/5.0 (X11; Linux x86_64; rv:146.0) Gecko/20100101 Firefox/146.0", "Firefox on Linux"],
  [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.1 Mobile/15E148 Safari/604.1",
    "Safari on iOS",
  ],
  [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/144.0.0.0 Safari/537.36 Edg/144.0.0.0",
    "Microsoft Edge on Windows",
  ],
  ["curl/8.11.0", "curl"],
  ["node", "node"],
  ["", "A program"],
])("the browser %s is shown as %s", (userAgent, name) => {
  expect(deviceName(userAgent)).toBe(name);
});
