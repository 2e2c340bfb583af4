import { expect, test } from "vitest";
import { parseGraphText } from "../workflow/graph-text.ts";
import type { Graph } from "../workflow/workflow.ts";
import { seedsOf } from "./provenance.ts";

test("a seed that JavaScript would round is told with every digit", () => {
  const graph = parseGraphText(
    '{"3":{"class_type":"KSampler","inputs":{"seed":18446744073709551615}},"4":{"class_type":"Noise","inputs":{"noise_seed":7,"seed":"x"}}}',
  );
  expect(seedsOf(graph as Graph)).toEqual([
    { node: "3", input: "seed", value: "18446744073709551615" },
    { node: "4", input: "noise_seed", value: 7 },
  ]);
});
