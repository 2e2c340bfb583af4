import { expect, it } from "vitest";
import { OUTPUT_TYPE } from "../jobs/output/drag.ts";
import { droppedIn, isTaken } from "./dropped.ts";

const id = "01a2261b-7a8c-7345-8127-a144c4ac7145";
const file = new File(["x"], "x.png");

it.each<[string, Record<string, string>, File[], unknown]>([
  ["a file", {}, [file], { kind: "file", file }],
  ["one of our pictures", { [OUTPUT_TYPE]: id }, [], { kind: "output", outputId: id }],
  [
    "our picture, though the browser made a file of it",
    { [OUTPUT_TYPE]: id },
    [file],
    { kind: "output", outputId: id },
  ],
  [
    "our picture by its address, from another tab",
    { "text/uri-list": `http://h/api/outputs/${id}?width=384` },
    [file],
    { kind: "output", outputId: id },
  ],
  ["nothing: a link elsewhere", { "text/uri-list": "http://elsewhere/a.png" }, [], null],
  [
    "a file that came with its address elsewhere",
    { "text/uri-list": "http://elsewhere/a.png" },
    [file],
    { kind: "file", file },
  ],
])("%s", (_, data, files, expected) => {
  expect(droppedIn({ getData: (type) => data[type] ?? "", files })).toEqual(expected);
});

it("texts and links are left to the browser while they are dragged", () => {
  expect([["Files"], [OUTPUT_TYPE, "text/uri-list"], ["text/uri-list"], ["text/plain"]].map(isTaken)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
