import { expect, test } from "vitest";
import { acceptedTypes, isInRange } from "./accepted-types.ts";

test.each([
  ["image/png", ["image/png"]],
  ["application/json;q=0.1, image/PNG", ["image/png", "application/json"]],
  ["image/*;q=0.5, video/mp4;level=1;q=0.9, */*; q=0.1", ["video/mp4", "image/*", "*/*"]],
  ["image/png;q=0, application/json", ["application/json"]],
  ["text/html, image/webp", ["text/html", "image/webp"]],
  ["", []],
])("of “%s” the best is first", (header, types) => expect(acceptedTypes(header)).toEqual(types));

test("a range has what it names in it", () => {
  const types = ["image/png", "image/webp", "video/mp4"];
  const within = (range: string) => types.filter((type) => isInRange(range, type));
  expect(["image/*", "image/png", "*/*", "audio/*"].map(within)).toEqual([
    ["image/png", "image/webp"],
    ["image/png"],
    types,
    [],
  ]);
});
