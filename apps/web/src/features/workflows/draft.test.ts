import { describe, expect, it } from "vitest";
import { drawSeed, type FormParameter, fieldProblems, inputsOf, problemsOf, valuesFrom } from "./draft.ts";

const parameters: FormParameter[] = [
  { kind: "text", name: "prompt", label: "Prompt", required: true },
  { kind: "text", name: "negativePrompt", label: "Negative prompt", required: false },
  { kind: "integer", name: "width", label: "Width", required: true, min: 64, max: 2048, step: 8, default: 512 },
  { kind: "seed", name: "seed", label: "Seed", required: false, min: 0, max: Number.MAX_SAFE_INTEGER },
  {
    kind: "model",
    name: "model",
    label: "Model",
    required: true,
    folder: "checkpoints",
    default: "gone",
    choices: ["a", "b"],
  },
  { kind: "image", name: "image", label: "Image", required: true },
];
const uploadId = "0193f0a0-0000-7000-8000-000000000000";

describe("a draft", () => {
  it("begins with the defaults, and with a model that is there", () => {
    expect(valuesFrom(parameters, {})).toEqual({
      prompt: "",
      negativePrompt: "",
      width: 512,
      seed: undefined,
      model: "a",
      image: undefined,
    });
  });

  it("comes back as it was left, without what no longer fits", () => {
    const stored = { prompt: "a fox", width: "wide", model: "b", image: { uploadId }, other: 1 };
    expect(valuesFrom(parameters, stored)).toMatchObject({
      prompt: "a fox",
      width: 512,
      model: "b",
      image: { uploadId },
    });
  });
});

it("inputs leave out what is empty: the server draws the seed", () => {
  const values = valuesFrom(parameters, { prompt: "a fox" });
  expect(inputsOf(parameters, values)).toEqual({ prompt: "a fox", width: 512, model: "a" });
});

it("an option's inputs are asked for and sent while it is chosen, and keep their values while it is not", () => {
  const when = (...is: string[]) => ({ when: { parameter: "size", is } });
  const number = { kind: "integer", required: true, min: 1, max: 64, default: 8 } as const;
  const some: FormParameter[] = [
    { kind: "choice", name: "size", label: "Size", required: true, choices: ["small", "large", "auto"] },
    { ...number, name: "amount", label: "Amount", ...when("small", "large") },
    { ...number, name: "rounds", label: "Rounds", ...when("large") },
  ];
  const stored = valuesFrom(some, { size: "small", amount: 9, rounds: 99 });
  const sent = (size: string) => inputsOf(some, { ...stored, size });
  expect(sent("small")).toEqual({ size: "small", amount: 9 });
  expect(problemsOf(some, stored)).toEqual({});
  expect(sent("large")).toEqual({ size: "large", amount: 9, rounds: 99 });
  expect(problemsOf(some, { ...stored, size: "large" })).toEqual({ rounds: "Choose a whole number from 1 to 64." });
  expect(sent("auto")).toEqual({ size: "auto" });
});

describe("problems", () => {
  it("are told per field, in words", () => {
    const values = { ...valuesFrom(parameters, {}), prompt: "  ", width: 70 };
    expect(problemsOf(parameters, values)).toEqual({
      prompt: "Write a prompt first.",
      width: "Choose a whole number from 64 to 2048, in steps of 8.",
      image: "Add an image first.",
    });
  });

  it("include a number that was emptied", () => {
    const values = { ...valuesFrom(parameters, { prompt: "a", image: { uploadId } }), width: undefined };
    expect(problemsOf(parameters, values)).toEqual({ width: "Choose a whole number from 64 to 2048, in steps of 8." });
  });

  it("are none for a complete form", () => {
    expect(problemsOf(parameters, valuesFrom(parameters, { prompt: "a", image: { uploadId } }))).toEqual({});
  });

  it("of the server go to their fields, the rest is kept", () => {
    const fields = [
      { path: "inputs.width", message: "too wide" },
      { path: "priority", message: "not yours" },
    ];
    expect(fieldProblems(parameters, fields)).toEqual({
      problems: { width: "too wide" },
      rest: ["priority: not yours"],
    });
  });
});

it("a drawn seed lies within its bounds and is short", () => {
  expect(drawSeed({ min: 5, max: 10 }, () => 0)).toBe(5);
  expect(drawSeed({ min: 5, max: 10 }, () => 0.999)).toBe(10);
  expect(drawSeed({ min: 0, max: Number.MAX_SAFE_INTEGER }, () => 0.9999999999)).toBeLessThanOrEqual(9_999_999_999);
});
