import { expect, it } from "vitest";
import { findCircles } from "./circles.ts";
import { longFunctions } from "./long-functions.ts";
import { roomFaults } from "./rooms.ts";
import { importsOf } from "./source-files.ts";

const edge = (from: string, to: string) => ({ from, to });

it("finds a circle of three files, and none in a diamond", () => {
  expect(findCircles([edge("a", "b"), edge("b", "c"), edge("c", "a")])).toEqual([["a", "b", "c"]]);
  expect(findCircles([edge("a", "b"), edge("a", "c"), edge("b", "d"), edge("c", "d")])).toEqual([]);
});

it("lets a room import the rooms below it, and neither those above nor its neighbours", () => {
  const rows = [["main"], ["left", "right"], ["floor"]];
  const paths = ["h/main.ts", "h/left/a.ts", "h/right/b.ts", "h/floor.ts", "h/floor.test.ts"];
  const faults = (from: string, to: string): string[] => roomFaults("h", rows, paths, [edge(from, to)]);
  expect(faults("h/main.ts", "h/left/a.ts")).toEqual([]);
  expect(faults("h/left/a.ts", "h/floor.ts")).toEqual([]);
  expect(faults("h/floor.test.ts", "h/main.ts")).toEqual([]);
  expect(faults("h/left/a.ts", "h/right/b.ts")).toHaveLength(1);
  expect(faults("h/floor.ts", "h/main.ts")).toHaveLength(1);
});

it("names a file without a room and a room without a file", () => {
  expect(roomFaults("h", [["main", "gone"]], ["h/main.ts", "h/new/a.ts"], [])).toEqual([
    expect.stringContaining('"new"'),
    expect.stringContaining('"gone"'),
  ]);
});

it("reads every form of import, and which of them are types alone", () => {
  const text = [
    'import { type A, type B } from "./types.ts";',
    'import type { C } from "./type.ts";',
    'import { d, type E } from "./value.ts";',
    'export * from "./all.ts";',
    'import "./effect.ts";',
    'const f = await import("./late.ts");',
  ].join("\n");
  expect(importsOf(text)).toEqual([
    { from: "./types.ts", isType: true },
    { from: "./type.ts", isType: true },
    { from: "./value.ts", isType: false },
    { from: "./all.ts", isType: false },
    { from: "./effect.ts", isType: false },
    { from: "./late.ts", isType: false },
  ]);
});

it("measures a function from its signature to its closing brace, and neither a class nor an object", () => {
  const body = ["  one();", "", "  // two"];
  const text = [
    ...["export async function short(): Promise<void> {", ...body, "}"],
    ...["function long(", "  a: string,", "): void {", ...body, "}"],
    ...["const arrow = (a: string): void => {", ...body, "  two();", "};"],
    ...["class Big {", ...body, "  three();", "  method(): void {", ...body, "    four();", "  }", "}"],
    ...["const object = {", ...body, "  three();", "};"],
  ].join("\n");
  expect(longFunctions(text, 5)).toEqual([
    { line: 6, lines: 7 },
    { line: 13, lines: 6 },
    { line: 24, lines: 6 },
  ]);
});
