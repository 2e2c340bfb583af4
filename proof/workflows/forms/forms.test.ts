import { type Graph, parameterSchema, valueAt } from "@darkroom/contracts";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readImport } from "../../../packages/api/src/workflows/versions/read-import.ts";
import { type Form, judgeForm } from "./judge.ts";
import { backendOf, judgeGraph, suggestedDefinition } from "./suggested-form.ts";
import { ownGraphs, ownWants, readWantedGraphs, type Wants } from "./wants.ts";

const graphs = readWantedGraphs(ownGraphs, ownWants);

test("at least 95 of 100 suggested forms have no fault that a person would find", () => {
  const faulty = graphs.flatMap((graph) => {
    const faults = judgeGraph(graph);
    return faults.length === 0 ? [] : [`${graph.name}: ${faults.map(({ message }) => message).join("; ")}`];
  });
  console.log(`${graphs.length - faulty.length} of ${graphs.length} forms without a fault\n${faulty.join("\n")}`);
  expect(graphs.length).toBeGreaterThanOrEqual(110);
  expect(faulty.length).toBeLessThanOrEqual(0.05 * graphs.length);
});

describe("a form that is suggested for any graph", () => {
  /** Graphs as they come, and with nodes, links and values that are broken in every way. */
  const broken = fc.record({
    index: fc.nat(graphs.length - 1),
    seed: fc.nat(),
    edits: fc.array(
      fc.record({
        node: fc.nat(60),
        input: fc.nat(12),
        value: fc.oneof(
          fc.constantFrom<unknown>(null, "", -1, 1e300, true, ["nowhere", 0], ["3", 99], { a: 1 }, [[], []]),
          fc.string(),
        ),
        what: fc.constantFrom("value", "drop", "class", "title"),
      }),
      { maxLength: 8 },
    ),
  });

  function edited(
    graph: Graph,
    edits: readonly { node: number; input: number; value: unknown; what: string }[],
  ): Graph {
    const copy = structuredClone(graph);
    const nodes = Object.values(copy);
    for (const { node: at, input: place, value, what } of edits) {
      const node = nodes[at % nodes.length];
      const input = Object.keys(node?.inputs ?? {})[place] ?? "extra";
      if (node === undefined) continue;
      if (what === "value") node.inputs[input] = value;
      else if (what === "drop") delete node.inputs[input];
      else if (what === "class") node.class_type = "NobodyKnows";
      else node._meta = { title: String(value) };
    }
    return copy;
  }

  test("sets only values that stand in the graph, each once, under names and labels of its own", () => {
    fc.assert(
      fc.property(broken, ({ index, edits }) => {
        const given = graphs[index];
        if (given === undefined) return;
        const backend = backendOf(given.objectInfo);
        const graph = edited(readImport(given.given, [backend]).graph, edits);
        const { parameters, bindings } = suggestedDefinition(graph, backend);
        for (const parameter of parameters) expect(parameterSchema.safeParse(parameter).error).toBeUndefined();
        const places = bindings.map(({ node, input }) => `${node}.${input}`);
        expect(new Set(places).size).toBe(places.length);
        for (const { node, input } of bindings) {
          const target = graph[node];
          const value = target === undefined ? undefined : valueAt(target, input);
          expect(value).toBeDefined();
          expect(Array.isArray(value)).toBe(false);
        }
        expect(new Set(parameters.map(({ name }) => name)).size).toBe(parameters.length);
        expect(new Set(parameters.map(({ label }) => label.toLowerCase())).size).toBe(parameters.length);
        expect(bindings.every(({ parameter }) => parameters.some(({ name }) => name === parameter))).toBe(true);
      }),
      { numRuns: 100 },
    );
  });
});

describe("the judge", () => {
  const graph: Graph = {
    "1": { class_type: "KSampler", inputs: { seed: 1, steps: 20, cfg: 7, denoise: 1, model: ["4", 0] } },
    "2": { class_type: "CLIPTextEncode", inputs: { text: "a lake" } },
    "3": { class_type: "LoadImage", inputs: { image: "a.png" } },
    "4": { class_type: "CheckpointLoaderSimple", inputs: { ckpt_name: "a.safetensors" } },
    "5": { class_type: "KSampler", inputs: { seed: 1, steps: 30 } },
  };
  const wants: Wants = {
    asks: [
      { role: "image", nodes: [["3", "image"]], label: "Picture", kind: "image" },
      { role: "prompt", nodes: [["2", "text"]], label: "Prompt", kind: "longtext" },
      {
        role: "seed",
        nodes: [
          ["1", "seed"],
          ["5", "seed"],
        ],
        label: "Seed",
        kind: "seed",
      },
      { role: "model", nodes: [["4", "ckpt_name"]], label: "Model", kind: "choice" },
    ],
    mayOffer: [
      { role: "steps", nodes: [["1", "steps"]], label: "Steps", kind: "integer" },
      { role: "steps", nodes: [["5", "steps"]], label: "Steps (2)", kind: "integer" },
    ],
    mustNot: [{ nodes: [["1", "denoise"]], why: "starts from nothing" }],
    notes: "",
  };
  const image = { kind: "image", name: "image", label: "Image", required: true } as const;
  const prompt = { kind: "text", name: "prompt", label: "Prompt", required: true } as const;
  const seed = { kind: "seed", name: "seed", label: "Seed", required: false, min: 0, max: 9 } as const;
  const model = { kind: "model", name: "model", label: "Model", required: false, folder: "checkpoints" } as const;
  const steps = { kind: "integer", name: "steps", label: "Steps", required: false, min: 1, max: 50 } as const;
  const good: Form = {
    parameters: [image, prompt, seed, model],
    bindings: [
      { parameter: "image", node: "3", input: "image" },
      { parameter: "prompt", node: "2", input: "text" },
      { parameter: "seed", node: "1", input: "seed" },
      { parameter: "seed", node: "5", input: "seed" },
      { parameter: "model", node: "4", input: "ckpt_name" },
    ],
  };
  const also = (parameter: Form["parameters"][number], ...places: [string, string][]): Form => ({
    parameters: [...good.parameters, parameter],
    bindings: [...good.bindings, ...places.map(([node, input]) => ({ parameter: parameter.name, node, input }))],
  });
  const without = (name: string): Form => ({
    parameters: good.parameters.filter((one) => one.name !== name),
    bindings: good.bindings.filter(({ parameter }) => parameter !== name),
  });

  test.each<[string, Form, string[]]>([
    ["nothing in a good form", good, []],
    ["nothing in a form that offers more that is welcome", also(steps, ["1", "steps"]), []],
    ["a field that is missing", without("image"), ["missing"]],
    ["a field for a part only", { ...good, bindings: good.bindings.filter(({ node }) => node !== "5") }, ["missing"]],
    [
      "one thing in two fields",
      {
        parameters: [...good.parameters, { ...seed, name: "seed2", label: "Seed 2" }],
        bindings: good.bindings.map((one) => (one.node === "5" ? { ...one, parameter: "seed2" } : one)),
      },
      ["split"],
    ],
    ["a field that misleads", also({ ...steps, name: "denoise", label: "Denoise" }, ["1", "denoise"]), ["unwanted"]],
    ["a field of an input that a link feeds", also(steps, ["1", "model"]), ["unwanted"]],
    ["a field of an input that nobody named", also(steps, ["1", "cfg"]), ["unwanted"]],
    ["different values in one field", also(steps, ["1", "steps"], ["5", "steps"]), ["joined"]],
    [
      "a picture as text",
      { ...good, parameters: [{ ...prompt, name: "image", label: "Image" }, prompt, seed, model] },
      ["kind"],
    ],
    ["a model before the prompt", { ...good, parameters: [image, model, prompt, seed] }, ["order"]],
    ["a form that begins with a seed", { ...good, parameters: [seed, image, prompt, model] }, ["order"]],
    ["a label twice", also({ ...steps, label: "seed" }, ["1", "steps"]), ["label"]],
    ["a default that is no value", also({ ...steps, default: 99 }, ["1", "steps"]), ["default"]],
  ])("finds %s", (_what, form, kinds) => {
    expect(judgeForm(graph, form, wants).map(({ kind }) => kind)).toEqual(kinds);
  });
});
