import { describe, expect, it } from "vitest";
import type { FormParameter } from "../draft.ts";
import { planFrom, type SweepPlan } from "../sweep-plan.ts";
import { expand, valuesOfAxis } from "./sweep.ts";

const common = { required: false };
const steps: FormParameter = { kind: "integer", name: "steps", label: "Steps", min: 1, max: 100, ...common };
const strength: FormParameter = {
  kind: "number",
  name: "strength",
  label: "Strength",
  min: 0,
  max: 1,
  step: 0.1,
  ...common,
};
const seed: FormParameter = { kind: "seed", name: "seed", label: "Seed", min: 0, max: 9, ...common };
const prompt: FormParameter = { kind: "text", name: "prompt", label: "Prompt", ...common };
const tiled: FormParameter = { kind: "boolean", name: "tiled", label: "Tiled", ...common };
const size: FormParameter = { kind: "choice", name: "size", label: "Size", choices: [1, "1", "large"], ...common };

describe("the values of an axis", () => {
  it.each<[FormParameter, string, unknown[]]>([
    [steps, "10, 20 30", [10, 20, 30]],
    [steps, "10..30/10", [10, 20, 30]],
    [steps, "2..4 20", [2, 3, 4, 20]],
    [steps, "8, 8", [8]],
    [strength, "0.1..0.3", [0.1, 0.2, 0.3]],
    [seed, "7,8", [7, 8]],
    [prompt, "a cat, asleep\n\n a dog ", ["a cat, asleep", "a dog"]],
    [tiled, "true\nfalse", [true, false]],
    // The first choice that is written so: a number before the text of the same look.
    [size, "large\n1", ["large", 1]],
  ])("of %o, %j, are %j", (parameter, text, values) => {
    expect(valuesOfAxis(parameter, text)).toEqual({ values, problem: null });
  });

  it.each<[FormParameter, string, string]>([
    [steps, "", "Give steps two values or more."],
    [steps, "ten", "Choose a whole number from 1 to 100."],
    [steps, "99, 101", "Choose a whole number from 1 to 100."],
    [steps, "1..3/0", "Choose a whole number from 1 to 100."],
    [size, "medium", "Choose a size."],
  ])("of %o cannot be %j: %s", (parameter, text, problem) => {
    expect(valuesOfAxis(parameter, text).problem).toBe(problem);
  });
});

describe("the jobs of a form", () => {
  const all = [prompt, steps, strength, seed];
  const make = (plan: SweepPlan, inputs = {}) => expand(all, { prompt: "p", ...inputs }, plan, () => 0.35);

  it.each<[string, SweepPlan, object, object[], string | null]>([
    ["one", { count: 1, axes: [] }, {}, [{ prompt: "p" }], null],
    [
      "three, with seeds that follow a drawn one",
      { count: 3, axes: [] },
      {},
      [3, 4, 5].map((n) => ({ prompt: "p", seed: n })),
      "3",
    ],
    [
      "a given seed and those after it",
      { count: 3, axes: [] },
      { seed: 8 },
      [8, 9, 0].map((n) => ({ prompt: "p", seed: n })),
      "3",
    ],
    [
      "an axis over one seed, so that only the axis differs",
      { count: 1, axes: [{ name: "steps", text: "4 8" }] },
      {},
      [4, 8].map((n) => ({ prompt: "p", steps: n, seed: 3 })),
      "2",
    ],
    [
      "an axis of seeds, whatever number is asked for",
      { count: 5, axes: [{ name: "seed", text: "1 2" }] },
      { seed: 8 },
      [1, 2].map((n) => ({ prompt: "p", seed: n })),
      "2",
    ],
    [
      "two axes, the second changing fastest, and each twice",
      {
        count: 2,
        axes: [
          { name: "steps", text: "4 8" },
          { name: "strength", text: "0.5" },
        ],
      },
      { seed: 1 },
      [4, 8].flatMap((n) => [1, 2].map((one) => ({ prompt: "p", steps: n, strength: 0.5, seed: one }))),
      "2 × 1 × 2",
    ],
    [
      "no parameter that the workflow does not have",
      { count: 1, axes: [{ name: "gone", text: "1 2" }] },
      {},
      [{ prompt: "p" }],
      null,
    ],
  ])("%s", (_, plan, inputs, jobs, formula) => {
    expect(make(plan, inputs)).toEqual({ jobs, formula, problem: null });
  });

  it("are none, with the reason, where a value is wrong or they are too many", () => {
    expect(make({ count: 1, axes: [{ name: "steps", text: "0" }] }).problem).toMatch(/whole number/);
    const many = make({ count: 2, axes: [{ name: "steps", text: "1..60" }] });
    expect(many).toMatchObject({ jobs: [], problem: expect.stringContaining("120 pictures; 100 at most") });
  });
});

it("a plan that was stored by something else is one picture", () => {
  for (const stored of [undefined, null, 3, { count: "2" }, { count: 0, axes: "x" }, { count: 2.5, axes: [1] }])
    expect(planFrom(stored)).toEqual({ count: 1, axes: [] });
});
