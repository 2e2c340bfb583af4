import { afterEach, expect, it } from "vitest";
import { formatBytes, formatEta, formatMs, formatPosition, formatSeconds, ordinal, shorten } from "./format.ts";
import { formatAgo, formatMoments } from "./format-dates.ts";
import { catalogues } from "./language/catalogues.ts";
import { speak } from "./language/spoken.ts";

afterEach(() => speak(catalogues.en));

it.each([
  [0.04, "0.0 s"],
  [3.24, "3.2 s"],
  [9.96, "10 s"],
  [59.4, "59 s"],
  [200, "3 min 20 s"],
  [3600, "1 h"],
  [3900, "1 h 5 min"],
])("%d seconds are %s", (seconds, text) => expect(formatSeconds(seconds)).toBe(text));

it.each([
  [1, "1st"],
  [2, "2nd"],
  [3, "3rd"],
  [11, "11th"],
  [22, "22nd"],
  [113, "113th"],
])("%d is %s", (n, text) => expect(ordinal(n)).toBe(text));

it("milliseconds become seconds from the first full one on", () => {
  expect([0, 7.4, 999, 1000, 12_400].map(formatMs)).toEqual(["0 ms", "7 ms", "999 ms", "1.0 s", "12 s"]);
});

it("position 0 is next, 1 is second", () => {
  expect(formatPosition(0)).toBe("next in line");
  expect(formatPosition(1)).toBe("2nd in line");
});

it("estimates are coarse", () => {
  expect(formatEta(0.6)).toBe("a moment");
  expect(formatEta(12.3)).toBe("about 12 s");
  expect(formatEta(170)).toBe("about 3 min");
});

it.each<[number, [number, number] | null, string]>([
  [120, null, "about 2 min"],
  [120, [108, 140], "about 2 min"],
  [150, [110, 190], "about 2–3 min"],
  [6, [2, 9], "about 6 s"],
  [9, [4, 16], "about 5–15 s"],
  [6, [1, 14], "up to 15 s"],
  [40, [25, 70], "up to 1 min"],
  [900, [700, 1300], "about 10–20 min"],
  [9000, [7000, 14_000], "about 2–4 h"],
])("an estimate of %d s, within %j, is %s", (seconds, range, text) => expect(formatEta(seconds, range)).toBe(text));

it("sizes carry their unit", () => {
  expect(formatBytes(999)).toBe("999 B");
  expect(formatBytes(1_400_000)).toBe("1.4 MB");
  expect(formatBytes(999_900)).toBe("1.0 MB");
});

it("moments are relative until they are two days old", () => {
  const now = Date.parse("2026-11-21T12:00:00Z");
  expect(formatAgo("2026-11-21T12:00:10Z", now)).toBe("just now");
  expect(formatAgo("2026-11-21T11:30:00Z", now)).toBe("30 min ago");
  expect(formatAgo("2026-11-20T11:00:00Z", now)).toBe("yesterday");
  expect(formatAgo("2026-11-01T12:00:00Z", now)).toBe("Nov 1, 2026");
});

it("long text is cut at a word", () => {
  expect(shorten("a lighthouse  in the fog", 40)).toBe("a lighthouse in the fog");
  expect(shorten("a lighthouse in the fog", 18)).toBe("a lighthouse in…");
});

it("a page in German has German numbers, places and dates", () => {
  speak(catalogues.de);
  const now = Date.parse("2026-11-21T12:00:00Z");
  expect([formatSeconds(3.24), formatEta(170), formatBytes(1_400_000)]).toEqual(["3,2 s", "etwa 3 min", "1,4 MB"]);
  expect([formatPosition(0), formatPosition(1)]).toEqual(["als Nächstes dran", "an 2. Stelle"]);
  expect([formatAgo("2026-11-21T11:30:00Z", now), formatAgo("2026-11-01T12:00:00Z", now)]).toEqual([
    "vor 30 min",
    "1. Nov. 2026",
  ]);
});

it("a moment's title has the visitor's zone, and UTC where that is another", () => {
  const lines = formatMoments("2026-11-28T12:00:00Z").split("\n");
  expect(lines.at(-1)).toMatch(/Nov 28, 2026, 12:00:00\sPM UTC/);
  expect(lines).toHaveLength(new Intl.DateTimeFormat().resolvedOptions().timeZone === "UTC" ? 1 : 2);
});
