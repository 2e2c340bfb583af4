import { type Choice, inputsSchemaFor, isImageInput, type Parameter } from "@darkroom/contracts";
import fc from "fast-check";
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

describe("the form's own check and the server's schema", () => {
  const named = { name: "value", label: "Value", required: true };
  const range = fc
    .tuple(fc.integer({ min: -50, max: 50 }), fc.nat(100))
    .map(([min, span]) => ({ min, max: min + span }));
  const choices = fc.array(fc.oneof(fc.constantFrom("a", "x/y", "x\\z", ""), fc.nat(3), fc.boolean()), {
    minLength: 1,
  });
  const parameter: fc.Arbitrary<Parameter> = fc
    .oneof(
      fc.record({ kind: fc.constant("text" as const), max: fc.option(fc.nat(6), { nil: undefined }) }),
      fc
        .tuple(range, fc.integer({ min: 1, max: 8 }))
        .map(([ends, step]) => ({ kind: "integer" as const, ...ends, step })),
      range.map((ends) => ({ kind: "number" as const, ...ends })),
      range.map((ends) => ({ kind: "seed" as const, ...ends })),
      choices.map((given: Choice[]) => ({ kind: "choice" as const, choices: given })),
      fc.constant({ kind: "model" as const, folder: "loras" }),
      fc
        .constantFrom("boolean" as const, "image" as const, "mask" as const, "video" as const, "audio" as const)
        .map((kind) => ({ kind })),
    )
    .map((own) => ({ ...named, ...own }) as Parameter);
  const id = fc.oneof(
    fc.uuid(),
    fc.uuid().map((text) => text.toUpperCase()),
    fc.constantFrom("00000000-0000-0000-0000-000000000000", "none"),
  );
  const value = fc.oneof(
    fc.string({ unit: "binary", maxLength: 8 }),
    fc.constantFrom("a", "x\\y", "x/z", "\u0000", "\ud800", "b".repeat(256)),
    fc.integer({ min: -60, max: 160 }),
    fc.double(),
    fc.boolean(),
    id.map((uploadId) => ({ uploadId })),
    id.map((outputId) => ({ outputId })),
    fc.record({ uploadId: id, outputId: id }),
  );

  it("take and refuse the same values", () => {
    fc.assert(
      fc.property(parameter, value, (given, sent) => {
        // The form sends no empty value, and takes a text of blanks for one.
        fc.pre(!(typeof sent === "string" && sent.trim() === ""));
        const isTaken = Object.keys(problemsOf([given], { value: sent })).length === 0;
        expect(isTaken).toBe(inputsSchemaFor([given]).safeParse({ value: sent }).success);
      }),
      { numRuns: 500 },
    );
  });

  it("mean the same by a file that is already ours", () => {
    fc.assert(
      fc.property(value, (sent) => {
        const given: Parameter = { ...named, kind: "image" };
        expect(isImageInput(sent)).toBe(inputsSchemaFor([given]).safeParse({ value: sent }).success);
      }),
    );
  });
});
