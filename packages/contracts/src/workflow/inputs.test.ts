import { expect, test } from "vitest";
import { compileGraph } from "./compile-graph.ts";
import { withoutLooseConditions } from "./conditions.ts";
import { drawSeeds, inputsSchemaFor } from "./inputs.ts";
import type { Parameter } from "./workflow.ts";

const number = { required: true, min: 0, max: 8, default: 1 } as const;
const when = (...is: string[]) => ({ when: { parameter: "resizeType", is } });
const choice = { kind: "choice", required: true } as const;
const parameters: Parameter[] = [
  { ...choice, name: "resizeType", label: "Resize type", choices: ["by", "to", "noise"], default: "by" },
  { kind: "number", name: "multiplier", label: "Multiplier", ...number, ...when("by") },
  { kind: "integer", name: "width", label: "Width", ...number, max: 4096, ...when("to") },
  { kind: "text", name: "note", label: "Note", required: true, ...when("by", "to") },
  { ...choice, name: "mode", label: "Mode", choices: ["fast", "slow"], default: "fast", ...when("noise") },
  { kind: "seed", name: "seed", label: "Seed", required: false, min: 0, max: 9, ...when("noise") },
  {
    ...{ kind: "integer", name: "rounds", label: "Rounds", ...number },
    when: { parameter: "mode", is: ["slow"] },
  },
];
const schema = inputsSchemaFor(parameters);
const rulesOf = (inputs: object): Record<string, string> =>
  Object.fromEntries(
    (schema.safeParse(inputs).error?.issues ?? []).map(({ path, message }) => [path.join("."), message]),
  );

test("inputs have what the chosen option brings, at any depth, with its defaults and nothing else", () => {
  expect(schema.parse({ note: "x" })).toEqual({ resizeType: "by", multiplier: 1, note: "x" });
  expect(schema.parse({ resizeType: "to", width: 9, note: "x" })).toEqual({ resizeType: "to", width: 9, note: "x" });
  expect(schema.parse({ resizeType: "noise" })).toEqual({ resizeType: "noise", mode: "fast" });
  expect(schema.parse({ resizeType: "noise", mode: "slow" })).toMatchObject({ mode: "slow", rounds: 1 });
  expect(drawSeeds(parameters, schema.parse({ note: "x" }), () => 0.5).seed).toBeUndefined();
  expect(drawSeeds(parameters, schema.parse({ resizeType: "noise" }), () => 0.5).seed).toBe(5);
});

test("an input that the chosen option does not bring is refused, by its name and the rule", () => {
  expect(rulesOf({ resizeType: "to", multiplier: 2, note: "x" })).toEqual({
    multiplier: "exists only where resizeType is “by”, and it is “to”: leave it out, or choose that",
  });
  expect(rulesOf({ note: "x", rounds: 2 }).rounds).toMatch(/only where mode is “slow”, and it is not chosen/);
  expect(rulesOf({ resizeType: "to", width: 5000 })).toEqual({
    width: expect.stringMatching(/4096/),
    note: expect.any(String),
  });
  expect(rulesOf({ note: "x", other: 1 })[""]).toMatch(/other/);
});

test("a graph that is compiled with another option than its own loses what its own option had", () => {
  const graph = {
    "1": { class_type: "Resize", inputs: { size: "by", "size.multiplier": 2, "size.crop": "no", sizes: 1 } },
  };
  const bindings = [
    { parameter: "multiplier", node: "1", input: "size.multiplier" },
    { parameter: "width", node: "1", input: "size.width" },
    { parameter: "resizeType", node: "1", input: "size" },
  ];
  const sent = (inputs: Record<string, string | number>) => compileGraph({ graph, bindings }, inputs)["1"]?.inputs;
  expect(sent({ resizeType: "to", width: 9 })).toEqual({ size: "to", "size.width": 9, sizes: 1 });
  expect(sent({ resizeType: "by", multiplier: 3 })).toEqual({ ...graph["1"].inputs, "size.multiplier": 3 });
});

test("a form without the choice has its own option's inputs for good", () => {
  const [, multiplier, , , , , rounds] = parameters;
  if (multiplier === undefined || rounds === undefined) throw new Error("changed above");
  expect(withoutLooseConditions([multiplier, rounds]).map((one) => one.when)).toEqual([undefined, undefined]);
  expect(withoutLooseConditions(parameters)).toEqual(parameters);
});
