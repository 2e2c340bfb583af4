import {
  compileGraph,
  type Graph,
  graphText,
  inputsSchemaFor,
  type NodeInput,
  type Parameter,
} from "@darkroom/contracts";
import { describe, expect, test } from "vitest";
import type { Candidate } from "../../answers/index.ts";
import { exportedGraph, testBackend, testInfo } from "../check/test-nodes.ts";
import { readGraph } from "../graph/read-graph.ts";
import { compareVersions } from "../versions/compare-versions.ts";
import { carryOver } from "./carry-over.ts";
import { candidatesOf, suggestOutputs } from "./suggest-parameters.ts";

const backends = [testBackend()];

function suggest(graph: Graph, known = backends): Candidate[] {
  return candidatesOf({ graph, outputs: suggestOutputs(graph, known), parameters: [], bindings: [] }, known);
}

/** Name → the inputs it sets, for what is suggested. */
function suggested(graph: Graph, known = backends): Record<string, string[]> {
  return Object.fromEntries(
    suggest(graph, known)
      .filter((candidate) => candidate.suggested)
      .map(({ parameter, bindings }) => [parameter.name, bindings.map(({ node, input }) => `${node}.${input}`)]),
  );
}

const named = (candidates: readonly Candidate[], name: string): Parameter | undefined =>
  candidates.find(({ parameter }) => parameter.name === name)?.parameter;

describe("a dynamic combo", () => {
  const number = (max: number): NodeInput => ({ type: "INT", required: true, min: 1, max, default: 8 });
  const crop = (...choices: string[]): NodeInput => ({ type: "COMBO", required: true, choices });
  const deep: NodeInput = {
    type: "COMFY_DYNAMICCOMBO_V3",
    required: true,
    options: [{ key: "one", inputs: { rounds: number(4) } }],
  };
  const options: NodeInput["options"] = [
    { key: "small", inputs: { amount: number(64), crop: crop("a", "b") } },
    { key: "large", inputs: { amount: number(4096), crop: crop("c") } },
    { key: "huge", inputs: { amount: number(4096), deep } },
    { key: "like", inputs: { other: { type: "IMAGE", required: true }, crop: crop("c") } },
  ];
  const size = { type: "COMFY_DYNAMICCOMBO_V3", required: true, options };
  const image = { type: "IMAGE", required: true };
  const Resize = { title: "Resize", module: "", outputNode: false, outputs: ["IMAGE"], inputs: { image, size } };
  const known = [testBackend("gpu-1:8188", { info: { ...testInfo, Resize } })];
  const graph = exportedGraph();
  graph["9"] = { class_type: "SaveImage", inputs: { filename_prefix: "x", images: ["20", 0] } };
  const inputs = { image: ["8", 0], size: "large", "size.amount": 512, "size.crop": "c" };
  graph["20"] = { class_type: "Resize", inputs };
  const brought = (candidates: readonly Candidate[]) =>
    candidates
      .filter(({ nodeId }) => nodeId === "20")
      .map(({ parameter, input, value }) => ({ ...parameter, input, value }));

  test("is a choice of the options that need no further link, and each input of theirs has its own bounds and default", () => {
    const is = (...keys: string[]) => ({ parameter: "size", is: keys });
    expect(brought(suggest(graph, known))).toMatchObject([
      { name: "size", kind: "choice", choices: ["small", "large", "huge"], default: "large" },
      { name: "amount", input: "size.amount", kind: "integer", max: 4096, default: 512, when: is("large", "huge") },
      { name: "crop", input: "size.crop", choices: ["c"], value: "c", when: is("large") },
      { name: "amount2", input: "size.amount", max: 64, default: 8, when: is("small"), label: "Amount (small)" },
      { name: "crop2", input: "size.crop", choices: ["a", "b"], default: "a", when: is("small") },
      { name: "deep", input: "size.deep", choices: ["one"], when: is("huge") },
      { name: "rounds", input: "size.deep.rounds", max: 4, when: { parameter: "deep", is: ["one"] } },
    ]);
  });

  const combo = (...options: [string, Record<string, NodeInput>][]): NodeInput => ({
    type: "COMFY_DYNAMICCOMBO_V3",
    required: true,
    options: options.map(([key, inputs]) => ({ key, inputs })),
  });

  test("inside another is told from its like by the options that lead to it", () => {
    const coded = combo(["h264", { crf: number(51) }], ["av1", { crf: number(63) }]);
    const narrow = combo(["av1", { crf: number(62) }]);
    const format = combo(["mp4", { codec: coded }], ["webm", { codec: narrow }]);
    const info = { ...testInfo, Resize: { ...Resize, inputs: { image, format } } };
    const video = { ...graph, "20": { class_type: "Resize", inputs: { image: ["8", 0], format: "mp4" } } };
    expect(brought(suggest(video, [testBackend("b1", { info })])).map(({ label }) => label)).toEqual([
      ...["Format", "Codec", "Crf", "Crf (av1)", "Codec (webm)", "Crf (webm, av1)"],
    ]);
  });

  test("that the graph lacks, or that only a link would bring, is not offered, nor is what hangs on it, however deep", () => {
    const encoding = combo(["own", { mode: combo(["crf", { crf: number(63) }]) }]);
    const codec = { ...combo(["av1", { encoding }]), required: false };
    const info = { ...testInfo, Resize: { ...Resize, inputs: { image, codec } } };
    const without = { ...graph, "20": { class_type: "Resize", inputs: { image: ["8", 0] } } };
    expect(brought(suggest(without, [testBackend("b1", { info })]))).toEqual([]);
    const format = combo(["plain", { crf: number(9) }], ["like", { other: image, encoding }]);
    const linked = { ...testInfo, Resize: { ...Resize, inputs: { image, codec, format } } };
    const plain = { ...graph, "20": { class_type: "Resize", inputs: { image: ["8", 0], format: "plain" } } };
    expect(brought(suggest(plain, [testBackend("b1", { info: linked })])).map(({ label }) => label)).toEqual([
      ...["Format", "Crf"],
    ]);
  });

  test("keeps its inputs where the graph is brought anew, and what depends on it where it is added later", () => {
    const chosen = suggest(graph, known).filter(({ nodeId }) => nodeId === "20");
    const parameters = chosen.map(({ parameter }) => parameter);
    const bindings = chosen.flatMap((candidate) => candidate.bindings);
    const before = { graph, parameters, bindings };
    const after = structuredClone(graph);
    Object.assign(after["20"]?.inputs ?? {}, { size: "small", "size.amount": 4, "size.crop": "b" });
    expect(carryOver(before, after)).toEqual({ parameters, bindings });
    const [, amount] = chosen;
    if (amount === undefined) throw new Error("changed above");
    const { when: _, ...always } = amount.parameter;
    const declared = { graph, outputs: ["9"], parameters: [always], bindings: [...amount.bindings] };
    const [own, ...rest] = brought(candidatesOf(declared, known));
    expect(own).toMatchObject({ name: "amount", when: { parameter: "size", is: ["large", "huge"] } });
    expect(rest.map(({ name }) => name)).toEqual(["size", "crop", "amount2", "crop2", "deep", "rounds"]);
    expect(brought(candidatesOf({ ...before, outputs: ["9"] }, known))).toHaveLength(chosen.length);
  });
});

describe("the suggested parameters", () => {
  test("of the graph that ComfyUI begins with are what a person sets, prompts told apart by the sampler's links", () => {
    expect(suggested(exportedGraph())).toEqual({
      prompt: ["6.text"],
      negativePrompt: ["7.text"],
      width: ["5.width"],
      height: ["5.height"],
      steps: ["3.steps"],
      cfg: ["3.cfg"],
      seed: ["3.seed"],
      sampler: ["3.sampler_name"],
      scheduler: ["3.scheduler"],
      count: ["5.batch_size"],
      model: ["4.ckpt_name"],
    });
    expect(suggestOutputs(exportedGraph(), backends)).toEqual(["9"]);
  });

  test("have the graph's values for defaults, and bounds that the node allows", () => {
    const candidates = suggest(exportedGraph());
    expect(named(candidates, "width")).toMatchObject({ kind: "integer", default: 512, min: 64, max: 2048, step: 8 });
    expect(named(candidates, "steps")).toMatchObject({ default: 20, min: 1, max: 100 });
    expect(named(candidates, "negativePrompt")).toMatchObject({ kind: "text", default: "text, watermark" });
    expect(named(candidates, "prompt")).toEqual(expect.not.objectContaining({ default: expect.anything() }));
    expect(named(candidates, "seed")).toMatchObject({ kind: "seed", min: 0, max: Number.MAX_SAFE_INTEGER });
    expect(named(candidates, "model")).toMatchObject({ kind: "model", folder: "checkpoints" });
    expect(named(candidates, "sampler")).toMatchObject({ kind: "choice", choices: ["euler", "dpmpp_2m"] });
  });

  test("have choices with their own type, a number for a number", () => {
    const graph = exportedGraph();
    graph["20"] = { class_type: "FaceSwap", inputs: { image: ["8", 0], log_level: 1, scale_factor: 2 } };
    graph["9"] = { class_type: "SaveImage", inputs: { images: ["20", 0], filename_prefix: "x" } };
    const parameter = named(suggest(graph), "scaleFactor");
    expect(parameter).toMatchObject({ kind: "choice", choices: [1, 2, 4], default: 2 });
    const parameters = parameter === undefined ? [] : [parameter];
    const schema = inputsSchemaFor(parameters);
    expect(schema.safeParse({ scaleFactor: "4" }).success).toBe(false);
    const bindings = [{ parameter: "scaleFactor", node: "20", input: "scale_factor" }];
    const sent = compileGraph({ graph, bindings }, schema.parse({ scaleFactor: 4 }));
    expect(sent["20"]?.inputs).toMatchObject({ log_level: 1, scale_factor: 4 });
  });

  test("leave a number that JavaScript cannot hold in the graph, digit for digit, and offer it as a seed", () => {
    const text = JSON.stringify(exportedGraph()).replace("156680208700286", "18446744073709551615");
    const graph = readGraph(text);
    expect(named(suggest(graph), "seed")).toMatchObject({ kind: "seed", max: Number.MAX_SAFE_INTEGER });
    expect(graphText(compileGraph({ graph, bindings: [] }, {}))).toContain('"seed":18446744073709551615,');
  });

  test("are the same names where no backend knows the nodes", () => {
    expect(Object.keys(suggested(exportedGraph(), []))).toEqual(Object.keys(suggested(exportedGraph())));
  });

  test("find the prompts behind a control net, and none where the negative is the positive zeroed out", () => {
    const graph = exportedGraph();
    graph["10"] = {
      class_type: "ControlNetApplyAdvanced",
      inputs: { positive: ["6", 0], negative: ["7", 0], image: ["11", 0] },
    };
    graph["11"] = { class_type: "LoadImage", inputs: { image: "example.png", upload: "image" } };
    Object.assign(graph["3"]?.inputs ?? {}, { positive: ["10", 0], negative: ["10", 1] });
    expect(suggested(graph)).toMatchObject({ prompt: ["6.text"], negativePrompt: ["7.text"], image: ["11.image"] });
    graph["7"] = { class_type: "ConditioningZeroOut", inputs: { conditioning: ["6", 0] } };
    expect(suggested(graph)).toMatchObject({ prompt: ["6.text"] });
    expect(suggested(graph)).not.toHaveProperty("negativePrompt");
  });

  test("follow a value to the node that holds it, and set one thing in all its places", () => {
    const graph = exportedGraph();
    graph["20"] = { class_type: "PrimitiveInt", inputs: { value: 7 }, _meta: { title: "Int" } };
    graph["12"] = { ...structuredClone(graph["3"] ?? { class_type: "", inputs: {} }) };
    Object.assign(graph["3"]?.inputs ?? {}, { seed: ["20", 0] });
    Object.assign(graph["12"]?.inputs ?? {}, { latent_image: ["3", 0], denoise: 0.5, seed: 9 });
    Object.assign(graph["8"]?.inputs ?? {}, { samples: ["12", 0] });
    expect(suggested(graph)).toMatchObject({
      seed: ["12.seed"],
      seed2: ["20.value"],
      steps: ["3.steps", "12.steps"],
      denoise: ["12.denoise"],
    });
  });

  test("take a loader of which only the mask is used for a mask", () => {
    const graph = exportedGraph();
    graph["11"] = { class_type: "LoadImage", inputs: { image: "a.png" } };
    Object.assign(graph["8"]?.inputs ?? {}, { mask: ["11", 1] });
    expect(named(suggest(graph), "mask")).toMatchObject({ kind: "mask", required: true });
  });

  test("name the rest by the titles people gave, never twice, and never offer a file's name", () => {
    const graph = exportedGraph();
    graph["6"] = { class_type: "CLIPTextEncode", inputs: { text: ["13", 0], clip: ["4", 1] } };
    graph["13"] = {
      class_type: "StringConcatenate",
      inputs: { string_a: "a cat", string_b: "oil" },
      _meta: { title: "Join" },
    };
    const names = suggest(graph).map(({ parameter }) => parameter.name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).not.toContain("filenamePrefix");
  });
});

describe("what is imported", () => {
  test.each([
    ["what is no JSON", "{ seed: 1", /not JSON/],
    ["what is no graph", { a: 1 }, /None of its fields is a node/],
    ["a list", [], /not a JSON object/],
    ["a node without inputs", { "1": { class_type: "KSampler" } }, /^graph\.1\.inputs/],
  ])("is refused if it is %s", (_what, given, message) => {
    expect(() => readGraph(given)).toThrow(
      expect.objectContaining({ code: "WORKFLOW_INVALID", message: expect.stringMatching(message) }),
    );
  });

  test("may have remarks beside its nodes, which are left out; a node without its class says what to do", () => {
    const graph = exportedGraph();
    const remarks = { _comment: "mine", _meta: { title: "A lake" }, metadata: ["x"] };
    expect(readGraph({ ...remarks, ...graph })).toEqual(graph);
    expect(() => readGraph({ ...graph, "47": { inputs: {}, _meta: { title: "IP Adapter" } } })).toThrow(
      /^The node 47 \(“IP Adapter”\) has no class: .* Install the pack there/,
    );
  });

  test("may be text, parsed, or the body of a prompt; a node called __proto__ is dropped", () => {
    const graph = exportedGraph();
    expect(readGraph(JSON.stringify(graph))).toEqual(graph);
    expect(readGraph({ prompt: graph, client_id: "x" })).toEqual(graph);
    const odd = readGraph(JSON.stringify(graph).replace("{", '{"__proto__":{"class_type":"RunShell","inputs":{}},'));
    expect(Object.keys(odd)).toEqual(Object.keys(graph));
    expect("class_type" in odd).toBe(false);
  });
});

describe("a diff", () => {
  const text: Parameter = { kind: "text", name: "prompt", label: "Prompt", required: true };
  const steps: Parameter = {
    kind: "integer",
    name: "steps",
    label: "Steps",
    required: false,
    default: 20,
    min: 1,
    max: 50,
    step: 1,
  };
  const style: Parameter = {
    kind: "choice",
    name: "style",
    label: "Style",
    required: false,
    default: "euler",
    choices: ["euler", "heun"],
  };
  const before = {
    ...{ slug: "mine", name: "Mine", description: "", graph: exportedGraph(), outputs: ["9"] },
    parameters: [text, steps, style],
    bindings: [
      { parameter: "prompt", node: "6", input: "text" },
      { parameter: "steps", node: "3", input: "steps" },
      { parameter: "style", node: "3", input: "sampler_name" },
    ],
  };

  test.each<[string, object, { kind: string; breaking: boolean; message?: RegExp }]>([
    [
      "a parameter that is gone",
      { parameters: [text, steps], bindings: before.bindings.slice(0, 2) },
      { kind: "parameter-removed", breaking: true, message: /“style” is gone/ },
    ],
    [
      "a parameter with another name",
      {
        parameters: [text, { ...steps, name: "rounds" }, style],
        bindings: before.bindings.map((one) => (one.parameter === "steps" ? { ...one, parameter: "rounds" } : one)),
      },
      { kind: "parameter-renamed", breaking: true, message: /“steps” is called “rounds” now/ },
    ],
    [
      "another kind",
      { parameters: [text, { ...steps, kind: "number" }, style] },
      { kind: "parameter-kind", breaking: true },
    ],
    [
      "a lower maximum",
      { parameters: [text, { ...steps, max: 30 }, style] },
      { kind: "parameter-narrowed", breaking: true, message: /1 to 30 instead of 1 to 50/ },
    ],
    [
      "coarser steps",
      { parameters: [text, { ...steps, step: 2 }, style] },
      { kind: "parameter-narrowed", breaking: true },
    ],
    [
      "a text that is not drawn from any more",
      { parameters: [{ ...text, dynamicPrompts: false }, steps, style] },
      { kind: "binding", breaking: false, message: /“prompt” is sent as it is written now/ },
    ],
    [
      "a text of the graph that is drawn from now",
      { graph: { ...exportedGraph(), "7": { ...exportedGraph()["7"], _meta: { dynamicPrompts: ["text"] } } } },
      { kind: "node-changed", breaking: false, message: /one of \{a\|b\} is drawn in text now/ },
    ],
    [
      "a higher maximum",
      { parameters: [text, { ...steps, max: 80 }, style] },
      { kind: "parameter-widened", breaking: false },
    ],
    [
      "a choice less",
      { parameters: [text, steps, { ...style, choices: ["euler"] }] },
      { kind: "parameter-narrowed", breaking: true, message: /does not take “heun”/ },
    ],
    [
      "a choice more",
      { parameters: [text, steps, { ...style, choices: ["euler", "heun", "lcm"] }] },
      { kind: "parameter-widened", breaking: false },
    ],
    [
      "shorter texts",
      { parameters: [{ ...text, max: 100 }, steps, style] },
      { kind: "parameter-narrowed", breaking: true },
    ],
    [
      "a new parameter without a default",
      {
        parameters: [...before.parameters, { ...text, name: "extra" }],
        bindings: [...before.bindings, { parameter: "extra", node: "7", input: "text" }],
      },
      { kind: "parameter-required", breaking: true },
    ],
    [
      "a new parameter with a default",
      {
        parameters: [...before.parameters, { ...text, name: "extra", required: false, default: "" }],
        bindings: [...before.bindings, { parameter: "extra", node: "7", input: "text" }],
      },
      { kind: "parameter-added", breaking: false },
    ],
    [
      "a default that is taken away",
      { parameters: [text, { ...steps, required: true, default: undefined }, style] },
      { kind: "parameter-required", breaking: true },
    ],
    [
      "another default",
      { parameters: [text, { ...steps, default: 30 }, style] },
      { kind: "parameter-default", breaking: false, message: /“30” instead of “20”/ },
    ],
    ["an output that is gone", { outputs: ["8"] }, { kind: "output-removed", breaking: true }],
    [
      "another value in the graph",
      {
        graph: {
          ...before.graph,
          "5": {
            class_type: "EmptyLatentImage",
            inputs: { width: 768, height: 512, batch_size: 1 },
            _meta: { title: "Empty Latent Image" },
          },
        },
      },
      { kind: "node-changed", breaking: false, message: /width “512” → “768”/ },
    ],
  ])("names %s", (_what, after, expected) => {
    const changes = compareVersions(before, { ...before, ...after } as typeof before);
    const { message, ...facts } = expected;
    const [found] = changes.filter(({ kind }) => kind === expected.kind);
    expect(found).toMatchObject(facts);
    if (message !== undefined) expect(found?.message).toMatch(message);
  });

  test("is empty for the same, and for the same graph under other ids", () => {
    expect(compareVersions(before, structuredClone(before))).toEqual([]);
    const renumbered = JSON.parse(JSON.stringify(before).replaceAll(/"([3-9])"/g, '"1$1"')) as typeof before;
    expect(compareVersions(before, renumbered).filter(({ breaking }) => breaking)).toEqual([]);
  });
});
