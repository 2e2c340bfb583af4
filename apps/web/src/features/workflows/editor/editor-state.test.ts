import { type Parameter, slugFrom } from "@darkroom/contracts";
import { expect, test } from "vitest";
import { definitionOf, detailProblems, editorState, moved, withRow } from "./editor-state.ts";

const graph = { "1": { class_type: "KSampler", inputs: { steps: 20, cfg: 8, seed: 1 } } };

function draft() {
  const candidates = ["steps", "cfg", "seed"].map((input) => {
    const parameter: Parameter = { kind: "integer", name: input, label: input, required: false, min: 0, max: 9 };
    const place = { nodeId: "1", nodeTitle: "Sampler", classType: "KSampler", input };
    return {
      ...place,
      parameter,
      bindings: [{ parameter: input, node: "1", input }],
      value: 1,
      suggested: input !== "cfg",
    };
  });
  const definition = {
    slug: "mine",
    name: "Mine",
    description: "",
    graph,
    parameters: [],
    bindings: [],
    outputs: ["1"],
  };
  return { definition, candidates, outputs: [], report: { ok: true, findings: [], backends: [] } };
}

test("a renamed input keeps what it sets, and one that is not chosen sets nothing", () => {
  const opened = editorState(draft());
  const steps = opened.rows[0]?.parameter as Parameter;
  const { parameters, bindings } = definitionOf(
    { graph },
    withRow(opened, "steps", { parameter: { ...steps, name: "rounds" } }),
  );
  expect(parameters.map(({ name }) => name)).toEqual(["rounds", "seed"]);
  expect(bindings).toEqual([
    { parameter: "rounds", node: "1", input: "steps" },
    { parameter: "seed", node: "1", input: "seed" },
  ]);
});

test("an input moves past those that are not chosen, and stays at the ends", () => {
  const names = (state: ReturnType<typeof editorState>) =>
    definitionOf({ graph }, state).parameters.map(({ name }) => name);
  const opened = editorState(draft());
  expect(names(moved(opened, "seed", -1))).toEqual(["seed", "steps"]);
  expect(names(moved(opened, "steps", -1))).toEqual(["steps", "seed"]);
});

test("a choice comes and goes with what its other options bring, and what depends on it follows its name", () => {
  const { definition, ...rest } = draft();
  const common = { nodeId: "2", nodeTitle: "Resize", classType: "Resize", suggested: false };
  const choice = { kind: "choice", required: true, choices: ["small", "large"], label: "x" } as const;
  const number = { kind: "integer", label: "x", required: true, min: 0, max: 9 } as const;
  const candidates = [
    { parameter: { ...choice, choices: [...choice.choices], name: "size" }, input: "size", value: "small" },
    {
      parameter: { ...number, name: "amount", when: { parameter: "size", is: ["small"] } },
      input: "size.amount",
      value: 1,
    },
    {
      parameter: { ...number, name: "amount2", when: { parameter: "size", is: ["large"] } },
      input: "size.amount",
      value: 2,
    },
  ].map((one) => ({ ...common, ...one, bindings: [{ parameter: one.parameter.name, node: "2", input: one.input }] }));
  const opened = editorState({ ...rest, definition, candidates });
  const chosen = (state: typeof opened) =>
    definitionOf({ graph }, state).parameters.map(({ name, when }) => [name, when?.parameter]);
  expect(chosen(withRow(opened, "amount", { isChosen: true }))).toEqual([["amount", undefined]]);
  const all = withRow(opened, "amount2", { isChosen: true });
  expect(chosen(all)).toEqual([
    ["size", undefined],
    ["amount", "size"],
    ["amount2", "size"],
  ]);
  const size = opened.rows[0]?.parameter as Parameter;
  const renamed = withRow(all, "size", { parameter: { ...size, name: "how" } });
  expect(chosen(renamed)[2]).toEqual(["amount2", "how"]);
  expect(chosen(withRow(renamed, "size", { isChosen: false }))).toEqual([["amount", undefined]]);
});

test("an input that several choices bring under one name is one row for each of them", () => {
  const { definition, ...rest } = draft();
  const common = { nodeId: "3", nodeTitle: "Save", classType: "SaveVideo", suggested: false };
  const choice = { kind: "choice", required: true, choices: ["auto", "own"], label: "x" } as const;
  const candidates = ["h264", "av1"]
    .flatMap((codec) => [
      {
        ...common,
        input: "codec.mode",
        parameter: { ...choice, choices: [...choice.choices], name: codec },
        value: "own",
      },
      {
        ...{ ...common, input: "codec.mode.crf", value: 1 },
        parameter: {
          ...({ kind: "integer", label: "x", required: true, min: 0, max: 9, name: `${codec}Crf` } as const),
          when: { parameter: codec, is: ["own"] },
        },
      },
    ])
    .map((one) => ({ ...one, bindings: [{ parameter: one.parameter.name, node: "3", input: one.input }] }));
  const opened = editorState({ ...rest, definition, candidates });
  expect(new Set(opened.rows.map(({ key }) => key)).size).toBe(4);
  const { parameters } = definitionOf({ graph }, withRow(opened, "av1", { isChosen: true }));
  expect(parameters.map(({ name }) => name)).toEqual(["av1", "av1Crf"]);
});

test("a limit is whole seconds up to a day, or nothing for the installation's", () => {
  const opened = editorState(draft());
  const limit = (timeout: string) => definitionOf({ graph }, { ...opened, timeout }).timeoutSeconds;
  expect(opened.timeout).toBe("");
  expect(["", " ", "90", "86400"].map(limit)).toEqual([undefined, undefined, 90, 86_400]);
  for (const timeout of ["0", "1.5", "-1", "86401", "ten", "1e9"]) {
    expect(Object.keys(detailProblems({ ...opened, timeout })), timeout).toEqual(["timeout"]);
  }
  const { definition, ...rest } = draft();
  expect(editorState({ ...rest, definition: { ...definition, timeoutSeconds: 90 } }).timeout).toBe("90");
});

test("details say what they lack", () => {
  const opened = editorState(draft());
  expect(detailProblems(opened)).toEqual({});
  expect(Object.keys(detailProblems({ ...opened, name: " ", slug: "Ä b", outputs: [] }))).toEqual([
    "name",
    "slug",
    "outputs",
  ]);
  expect(slugFrom("Crème brûlée, 4×!")).toBe("creme-brulee-4");
});
