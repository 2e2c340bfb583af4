import type { Parameter } from "@darkroom/contracts";
import { expect, test } from "vitest";
import { keptInputsSchema } from "./inputs-schema.ts";

const steps = (max: number): Parameter[] => [
  { kind: "integer", name: "steps", label: "Steps", required: true, min: 1, max, default: 1 },
];

test("a schema is built once for the same parameters, and anew when anything about them changes", () => {
  expect(keptInputsSchema(steps(8))).toBe(keptInputsSchema(steps(8)));
  expect(keptInputsSchema(steps(8)).safeParse({ steps: 9 }).success).toBe(false);
  expect(keptInputsSchema(steps(9)).parse({ steps: 9 })).toEqual({ steps: 9 });
});

test("what was not used for longest is forgotten, and what is in use is kept", () => {
  const [first, second] = [keptInputsSchema(steps(1000)), keptInputsSchema(steps(1001))];
  for (let max = 2000; max < 2200; max += 1) {
    keptInputsSchema(steps(max));
    expect(keptInputsSchema(steps(1000))).toBe(first);
  }
  expect(keptInputsSchema(steps(1001))).not.toBe(second);
});
