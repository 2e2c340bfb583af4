import type {
  Binding,
  Finding,
  Graph,
  GraphNode,
  Lack,
  NodeInput,
  Parameter,
  WorkflowDefinition,
} from "@darkroom/contracts";
import { describe, expect, test } from "vitest";
import { lacksInWords } from "../capability.ts";
import { ownClasses } from "../graph/own-classes.ts";
import { checkOnBackend } from "./check-on-backend.ts";
import { checkWorkflow } from "./check-workflow.ts";
import { missingNode } from "./missing-node.ts";
import { exportedGraph, testBackend, testInfo } from "./test-nodes.ts";

const model: Parameter = {
  kind: "model",
  name: "model",
  label: "Model",
  required: false,
  default: "photo.safetensors",
  folder: "checkpoints",
};
const steps: Parameter = {
  kind: "integer",
  name: "steps",
  label: "Steps",
  required: false,
  default: 20,
  min: 1,
  max: 100,
};

function definition(
  change: (graph: Graph) => void = () => undefined,
  more: Partial<WorkflowDefinition> = {},
): WorkflowDefinition {
  const graph = exportedGraph();
  change(graph);
  return {
    ...{ slug: "mine", name: "Mine", description: "", graph, outputs: ["9"] },
    parameters: [model, steps],
    bindings: [
      { parameter: "model", node: "4", input: "ckpt_name" },
      { parameter: "steps", node: "3", input: "steps" },
    ],
    ...more,
  };
}

const check = (given: WorkflowDefinition, backends = [testBackend()]) =>
  checkWorkflow(given, { backends, allowed: new Set() });

const inputs = (graph: Graph, nodeId: string): Record<string, unknown> => graph[nodeId]?.inputs ?? {};

const withParameter = (parameter: Parameter, binding: Omit<Binding, "parameter">, given = definition()) => ({
  ...given,
  parameters: [...given.parameters, parameter],
  bindings: [...given.bindings, { parameter: parameter.name, ...binding }],
});

const text = (name: string): Parameter => ({ kind: "text", name, label: name, required: true });

describe("a check", () => {
  test("finds nothing in a workflow that a backend can run", () => {
    expect(check(definition())).toEqual({
      ok: true,
      findings: [],
      backends: [{ backendId: "gpu-1:8188", canRun: true }],
    });
  });

  test.each<[string, WorkflowDefinition, Partial<Finding>]>([
    [
      "a node that nobody allowed, with where it comes from",
      definition((graph) => {
        graph["10"] = { class_type: "RunShell", inputs: { command: "mine" }, _meta: { title: "Harmless" } };
      }),
      { code: "NODE_NOT_ALLOWED", nodeId: "10", nodeTitle: "Harmless", acceptable: false },
    ],
    [
      "a node that is not installed",
      definition((graph) => {
        graph["8"] = { class_type: "VAEDecodeTiled", inputs: { samples: ["3", 0], vae: ["4", 2] } };
      }),
      { code: "NODE_MISSING", nodeId: "8", closest: ["VAEDecode", "VAEEncode", "CLIPTextEncode"] },
    ],
    [
      "a model that is not installed, with what comes close",
      definition(
        (graph) => {
          inputs(graph, "4").ckpt_name = "juggernautXL.safetensors";
        },
        { parameters: [steps], bindings: [{ parameter: "steps", node: "3", input: "steps" }] },
      ),
      {
        code: "MODEL_MISSING",
        field: "ckpt_name",
        closest: ["juggernautXL_ragnarokBy.safetensors", "photo.safetensors"],
      },
    ],
    [
      "a choice that is none",
      definition((graph) => {
        inputs(graph, "3").sampler_name = "dpmpp_2m_sde";
      }),
      { code: "CHOICE_MISSING", field: "sampler_name", closest: ["dpmpp_2m", "euler"] },
    ],
    [
      "a text for a choice that is a number",
      definition((graph) => {
        graph["20"] = { class_type: "FaceSwap", inputs: { image: ["8", 0], log_level: 1, scale_factor: "2" } };
        inputs(graph, "9").images = ["20", 0];
      }),
      { code: "CHOICE_MISSING", nodeId: "20", field: "scale_factor" },
    ],
    [
      "a value below a node's minimum",
      definition((graph) => {
        inputs(graph, "5").width = 8;
      }),
      { code: "VALUE_OUT_OF_BOUNDS", field: "width", message: "width is 8; this node takes 16 to 16384." },
    ],
    [
      "a value that is no number",
      definition((graph) => {
        inputs(graph, "3").cfg = "high";
      }),
      { code: "VALUE_WRONG_TYPE", field: "cfg" },
    ],
    [
      "a required input that is absent",
      definition((graph) => {
        delete inputs(graph, "8").vae;
      }),
      { code: "INPUT_MISSING", nodeId: "8", field: "vae" },
    ],
    [
      "a link to a node that is gone",
      definition((graph) => {
        delete graph["7"];
      }),
      { code: "LINK_BROKEN", nodeId: "3", field: "negative", acceptable: false },
    ],
    [
      "a list that is no link",
      definition((graph) => {
        inputs(graph, "3").model = ["4"];
      }),
      { code: "LINK_BROKEN", field: "model" },
    ],
    [
      "a link of the wrong type",
      definition((graph) => {
        inputs(graph, "8").samples = ["4", 0];
      }),
      {
        code: "LINK_TYPE",
        message: "The input samples takes LATENT, and is linked to MODEL of CheckpointLoaderSimple.",
      },
    ],
    [
      "a link to an output that the node lacks",
      definition((graph) => {
        inputs(graph, "8").vae = ["4", 7];
      }),
      { code: "LINK_TYPE", field: "vae" },
    ],
    [
      "a ring of nodes",
      definition((graph) => {
        inputs(graph, "5").width = ["8", 0];
      }),
      { code: "CYCLE", acceptable: false },
    ],
    ["no output", definition(undefined, { outputs: [] }), { code: "NO_OUTPUT" }],
    ["an output that the graph lacks", definition(undefined, { outputs: ["99"] }), { code: "OUTPUT_UNKNOWN" }],
    [
      "an output that saves nothing",
      definition(undefined, { outputs: ["8"] }),
      { code: "OUTPUT_NOT_SAVED", nodeId: "8" },
    ],
    [
      "a binding to a node that the graph lacks",
      withParameter(text("style"), { node: "99", input: "text" }),
      { code: "BINDING_UNKNOWN", parameter: "style", acceptable: false },
    ],
    [
      "a binding of what is not declared",
      { ...definition(), parameters: [model] },
      { code: "BINDING_UNKNOWN", parameter: "steps" },
    ],
    [
      "a text that would name a file on the server",
      withParameter(text("file"), { node: "9", input: "filename_prefix" }),
      { code: "BINDING_UNSAFE", parameter: "file", acceptable: false },
    ],
    [
      "a text that would name somebody's upload",
      withParameter(
        text("file"),
        { node: "5", input: "image" },
        definition((graph) => {
          graph["5"] = { class_type: "LoadImage", inputs: { image: "" } };
        }),
      ),
      { code: "BINDING_UNSAFE" },
    ],
    [
      "two parameters of one name",
      { ...definition(), parameters: [model, steps, { ...steps }] },
      { code: "PARAMETER_DUPLICATE" },
    ],
    [
      "a default outside of its own bounds",
      { ...definition(), parameters: [model, { ...steps, default: 1000 }] },
      { code: "PARAMETER_DEFAULT", parameter: "steps", acceptable: false },
    ],
    [
      "a parameter that lets through what the node refuses",
      { ...definition(), parameters: [model, { ...steps, max: 20_000 }] },
      { code: "PARAMETER_BOUNDS", parameter: "steps", field: "steps" },
    ],
    [
      "a parameter of another kind than the input",
      withParameter(text("scheduler"), { node: "3", input: "denoise" }),
      { code: "PARAMETER_TYPE", parameter: "scheduler" },
    ],
    ...(
      [
        ["a text", text("left"), "PARAMETER_TYPE"],
        ["a number beyond any picture", { ...steps, name: "left", max: 20_000 }, "PARAMETER_BOUNDS"],
      ] as const
    ).map(([what, parameter, code]): [string, WorkflowDefinition, Partial<Finding>] => [
      `${what} for a part of a box`,
      withParameter(
        parameter,
        { node: "8", input: "crop_region.x" },
        definition((graph) => {
          inputs(graph, "8").crop_region = { x: 8, y: 16, width: 120, height: 90 };
        }),
      ),
      { code, parameter: "left", field: "crop_region.x" },
    ]),
  ])("names %s", (_what, given, expected) => {
    const { ok, findings } = check(given);
    expect(ok).toBe(false);
    expect(findings.filter(({ severity }) => severity === "error")).toContainEqual(expect.objectContaining(expected));
  });

  test.each([
    ["VHS_LoadVideo", "video", "video"],
    ["VHS_LoadAudioUpload", "audio", "audio"],
  ] as const)(
    "takes a file for the %s of a pack, whose list does not say that it takes new ones",
    (type, field, kind) => {
      const loader = { title: "", module: "custom_nodes.vhs", outputNode: false, outputs: ["IMAGE"] };
      const info = { ...testInfo, [type]: { ...loader, inputs: { [field]: { type: "COMBO", required: true } } } };
      const given = definition((graph) => {
        graph["11"] = { class_type: type, inputs: { [field]: "theirs.bin" } };
        graph["9"] = { class_type: "SaveImage", inputs: { filename_prefix: "x", images: ["11", 0] } };
      });
      const file: Parameter = { kind, name: "file", label: "File", required: true };
      const backends = [testBackend("gpu-1:8188", { info })];
      const found = check(withParameter(file, { node: "11", input: field }, given), backends).findings;
      expect(found.filter(({ parameter, field: at }) => parameter === "file" || at === field)).toEqual([]);
    },
  );

  test("only warns of a pack's node among the outputs that may expand into nodes that save", () => {
    const given = definition(
      (graph) => {
        graph["10"] = { class_type: "ExpandAndSave", inputs: { image: ["8", 0] } };
        graph["9"] = { class_type: "PreviewImage", inputs: { images: ["10", 0] } };
      },
      { outputs: ["10", "9"] },
    );
    const image = { type: "IMAGE", required: true };
    const facts = { title: "", module: "custom_nodes.pack", outputNode: false, outputs: ["IMAGE"], inputs: { image } };
    const backend = testBackend("gpu-1:8188", { info: { ...testInfo, ExpandAndSave: facts } });
    const { findings } = checkWorkflow(given, { backends: [backend], allowed: new Set(["ExpandAndSave"]) });
    const said = findings.filter(({ nodeId }) => nodeId === "10");
    expect(said).toMatchObject([{ code: "OUTPUT_NOT_SAVED", severity: "warning" }]);
  });

  test.each<[string, GraphNode, string]>([
    ["a picture", { class_type: "LoadImage", inputs: { image: "mine.png" } }, "Make it an input of the form"],
    ["a mask", { class_type: "LoadImageMask", inputs: { image: "mine.png", channel: "alpha" } }, "sets the picture"],
    ["a video", { class_type: "LoadVideo", inputs: { file: "mine.mp4" } }, "sets the video"],
    ["a video of a pack", { class_type: "VHS_LoadVideo", inputs: { video: "mine.mp4" } }, "sets the video"],
    ["a sound", { class_type: "LoadAudio", inputs: { audio: "mine.mp3" } }, "sets the sound"],
    [
      "a picture by its path that is scaled",
      { class_type: "VHS_LoadImagePath", inputs: { image: "/home/me/a.png", custom_width: 512, custom_height: 0 } },
      "by its path",
    ],
  ])("names %s that a running node loads and nothing sets", (_what, loader, said) => {
    const given = definition((graph) => {
      graph["11"] = loader;
      inputs(graph, "3").extra = ["11", 0];
      graph["12"] = { class_type: "LoadImage", inputs: { image: "unused.png" } };
    });
    const uploads = ({ findings }: ReturnType<typeof check>) => findings.filter(({ code }) => code === "UPLOAD_UNSET");
    const unset = { nodeId: "11", severity: "error", acceptable: true, message: expect.stringContaining(said) };
    expect(uploads(check(given))).toMatchObject([unset]);
    const picture: Parameter = { kind: "image", name: "picture", label: "Picture", required: true };
    const [field = ""] = Object.keys(loader.inputs);
    expect(uploads(check(withParameter(picture, { node: "11", input: field }, given)))).toEqual([]);
    expect(uploads(checkWorkflow(given, { backends: [testBackend()], allowed: new Set() }, { steps: 5 }))).toEqual([]);
  });

  test("warns of what is left to chance, and notes what never runs", () => {
    const given = definition((graph) => {
      inputs(graph, "3").seed = 2 ** 60;
      graph["10"] = { class_type: "CLIPTextEncode", inputs: { text: "", clip: ["4", 1] } };
      graph["11"] = { class_type: "PreviewImage", inputs: { images: ["8", 0] } };
    });
    const parameters = [{ ...model, default: "juggernautXL.safetensors" }, steps, text("loose")];
    const { ok, findings } = check({ ...given, parameters });
    expect(ok).toBe(true);
    expect(findings.map(({ code, severity }) => `${severity} ${code}`).sort()).toEqual([
      "note NODE_UNUSED",
      "note OUTPUT_NOT_KEPT",
      "warning MODEL_MISSING",
      "warning NUMBER_INEXACT",
      "warning PARAMETER_UNBOUND",
    ]);
  });

  test.each(["SDXL\\base.safetensors", "SDXL/base.safetensors"])(
    "finds the model %s on Windows and on Linux",
    (file) => {
      const windows = testBackend("windows:8188", { offered: { ckpt_name: ["SDXL\\base.safetensors"] } });
      const linux = testBackend("linux:8188", { offered: { ckpt_name: ["SDXL/base.safetensors"] } });
      const fixed = definition(
        (graph) => {
          inputs(graph, "4").ckpt_name = file;
        },
        { parameters: [], bindings: [] },
      );
      const asked = definition(undefined, { parameters: [{ ...model, default: file }, steps] });
      const chosen = withParameter(
        { kind: "choice", name: "file", label: "File", required: false, choices: [file] },
        { node: "4", input: "ckpt_name" },
        fixed,
      );
      for (const given of [fixed, asked, chosen]) {
        const { findings, backends } = check(given, [windows, linux]);
        expect([findings, backends.map(({ canRun }) => canRun)]).toEqual([[], [true, true]]);
      }
    },
  );

  test("says which backends differ, and calls it a warning while another can run it", () => {
    const other = testBackend("gpu-2:8188", { offered: { sampler_name: ["heun"] } });
    const { ok, findings, backends } = check(definition(), [testBackend(), other]);
    expect(ok).toBe(true);
    expect(backends).toEqual([
      { backendId: "gpu-1:8188", canRun: true },
      { backendId: "gpu-2:8188", canRun: false },
    ]);
    expect(findings).toMatchObject([{ code: "CHOICE_MISSING", severity: "warning", backends: ["gpu-2:8188"] }]);
    const nowhere = check(definition(), [other, { ...other, backendId: "gpu-3:8188" }]);
    expect(nowhere.findings).toMatchObject([{ code: "CHOICE_MISSING", severity: "error", backends: [] }]);
  });

  test("knows a backend's missing nodes and models although it has not told of its inputs", () => {
    const { findings } = check(definition(), [{ ...testBackend(), info: null, catalog: { KSampler: {} } }]);
    expect(new Set(findings.map(({ code }) => code))).toEqual(new Set(["NODE_MISSING"]));
  });

  test("without a backend says that only the workflow itself was checked", () => {
    expect(check(definition(), [])).toMatchObject({
      ok: true,
      findings: [{ code: "NO_BACKEND", severity: "warning" }],
    });
  });

  test("gives every finding a name of its own", () => {
    const { findings } = check(definition((graph) => Object.assign(inputs(graph, "5"), { width: 1, height: 1 })));
    expect(findings.map(({ id }) => id)).toEqual(["VALUE_OUT_OF_BOUNDS:5:width", "VALUE_OUT_OF_BOUNDS:5:height"]);
  });
});

test("nodes that only compute are trusted; those of a pack are not, least one that runs commands", () => {
  const isTrusted = (name: string): boolean => ownClasses.get(name)?.reason === null;
  expect(Object.keys(testInfo).filter((name) => !isTrusted(name))).toEqual(["FaceSwap", "RunShell"]);
});

test("ComfyUI's own classes are trusted as of 0.33.0, but for those that reach beyond the graph", () => {
  const reasonOf = (name: string): string | null | undefined => ownClasses.get(name)?.reason;
  for (const name of [
    "ResizeImageMaskNode",
    "ComfySwitchNode",
    "Flux2Scheduler",
    "SaveImageAdvanced",
    "RegexMatch",
    "Load3D",
  ]) {
    expect(reasonOf(name), name).toBeNull();
  }
  for (const name of ["CheckpointSave", "TrainLoraNode", "LoadImageOutput", "Preview3D", "KlingTextToVideoNode"]) {
    expect(reasonOf(name), name).toEqual(expect.any(String));
  }
  const counts = [...ownClasses.values()].map(({ reason }) => reason === null);
  expect(counts.filter((trusted) => trusted).length).toBeGreaterThan(580);
});

describe("a parameter that some options of a dynamic combo bring", () => {
  const amount = { type: "INT", required: true, min: 1, max: 64 };
  const options = [
    { key: "small", inputs: { amount } },
    {
      key: "large",
      inputs: { amount: { ...amount, max: 4096 }, crop: { type: "COMBO", required: true, choices: ["c"] } },
    },
  ] as const;
  const size = { type: "COMFY_DYNAMICCOMBO_V3", required: true, options };
  const image = { type: "IMAGE", required: true };
  const Resize = { title: "Resize", module: "nodes", outputNode: false, outputs: ["IMAGE"], inputs: { image, size } };
  const backend = testBackend("gpu-1:8188", { info: { ...testInfo, Resize }, offered: { size: ["small", "large"] } });
  const choice = { kind: "choice", name: "size", label: "Size", required: true, default: "small" } as const;
  const integer = { kind: "integer", label: "Amount", required: true, default: 8, min: 1 } as const;
  const crop = { kind: "choice", label: "Crop", name: "crop", required: true, default: "c" } as const;
  const when = (...is: string[]) => ({ when: { parameter: "size", is } });
  const parameters: Parameter[] = [
    { ...choice, choices: ["small", "large"] },
    { ...integer, name: "amount", max: 64, ...when("small") },
    { ...integer, name: "amount2", max: 4096, ...when("large") },
    { ...crop, choices: ["c"], ...when("large") },
  ];
  const found = (given: readonly Parameter[]): string[] => {
    const workflow = definition((graph) => {
      graph["9"] = { class_type: "SaveImage", inputs: { filename_prefix: "x", images: ["20", 0] } };
      graph["20"] = { class_type: "Resize", inputs: { image: ["8", 0], size: "small", "size.amount": 8 } };
    });
    const places = [
      ["size", "size"],
      ["amount", "size.amount"],
      ["amount2", "size.amount"],
      ["crop", "size.crop"],
    ] as const;
    const more = places
      .filter(([name]) => given.some((one) => one.name === name))
      .map(([parameter, input]) => ({ parameter, node: "20", input }));
    const bindings = [...workflow.bindings, ...more];
    const all = { ...workflow, parameters: [...workflow.parameters, ...given], bindings };
    const { findings } = checkWorkflow(all, { backends: [backend], allowed: new Set(["Resize"]) });
    return findings.map(({ id, severity, message }) => `${severity} ${id} ${message}`);
  };
  const change = (name: string, to: object): Parameter[] =>
    parameters.map((one) => (one.name === name ? ({ ...one, ...to } as Parameter) : one));

  test("is judged by what the option declares that brings it", () => {
    expect(found(parameters)).toEqual([]);
    expect(found(change("amount2", { max: 5000 }))).toEqual([
      expect.stringMatching(/^error PARAMETER_BOUNDS:20:size.amount With Size “large”: Amount goes from 1 to 5000/),
    ]);
    expect(found(change("crop", { choices: ["c", "d"] }))).toEqual([
      expect.stringMatching(/^error PARAMETER_BOUNDS:20:size.crop With Size “large”: Crop offers “d”/),
    ]);
    expect(found(change("size", { choices: ["small", "large", "vast"] })).join()).toMatch(
      /CHOICE_MISSING:20:size With Size “vast”.*size is no choice of this node/,
    );
  });

  test("is told of where it would be sent with an option that does not bring it, and where none can bring it", () => {
    expect(found(change("crop", { when: undefined }))).toEqual([
      expect.stringMatching(
        /^warning INPUT_UNKNOWN:20:size.crop Crop sets size.crop.*does not have while size is "small"/,
      ),
    ]);
    const broken = (name: string, to: object): string => found(change(name, to)).join("\n");
    expect(broken("crop", when("vast"))).toMatch(/PARAMETER_CONDITION:crop Crop depends on size being “vast”/);
    expect(found(parameters.slice(1)).join("\n")).toMatch(/PARAMETER_CONDITION:crop .* size, which is no choice/);
    expect(broken("size", { when: { parameter: "crop", is: ["c"] } })).toMatch(/PARAMETER_CONDITION:size .*on itself/);
  });
});

describe("what a class looks at itself", () => {
  const said = (classType: string, inputs: Graph[string]["inputs"], setBy = new Map<string, Parameter>()): string[] => {
    const declared: Record<string, NodeInput> = {
      choice: { type: "COMBO", required: true, choices: ["a"] },
      index: { type: "INT", required: true, min: 0, max: 5 },
    };
    const facts = { title: "", module: "nodes", outputNode: true, outputs: [], inputs: declared };
    const graph: Graph = { "1": { class_type: classType, inputs } };
    const planned = { graph, outputs: ["1"], later: new Set<string>(), setBy };
    const backend = { backendId: "b", catalogHash: "c", version: "0.33.0" };
    const catalog = { [classType]: { choice: ["a"] } };
    return checkOnBackend(planned, { ...backend, catalog, info: { [classType]: facts } }).map(({ code }) => code);
  };

  test("is neither compared with its bounds nor looked for in its list, but still converted, as ComfyUI does", () => {
    expect(said("CustomCombo", { choice: "b", index: 9 })).toEqual([]);
    expect(said("CustomCombo", { choice: "a", index: "x" })).toEqual(["VALUE_WRONG_TYPE"]);
    expect(said("Load3D", { choice: "b", index: 9 })).toEqual([]);
    expect(said("Another", { choice: "b", index: 9 })).toEqual(["CHOICE_MISSING", "VALUE_OUT_OF_BOUNDS"]);
  });

  test("may be offered in a form", () => {
    const look: Parameter = { kind: "choice", name: "look", label: "Look", required: true, choices: ["b", "c"] };
    const offered = new Map([["1.choice", look]]);
    expect(said("CustomCombo", { choice: "b", index: 0 }, offered)).toEqual([]);
    expect(said("Another", { choice: "a", index: 0 }, offered)).toEqual(["PARAMETER_BOUNDS"]);
  });
});

describe("a class that a server lacks", () => {
  const messageOf = (node: { class_type: string; _meta?: { pack?: string } }, version: string | null): string => {
    const graph = { "1": { ...node, inputs: {} } };
    return missingNode(graph, "1", { version, classes: [] }).message;
  };

  test("takes a newer ComfyUI if it is one of its own", () => {
    expect(messageOf({ class_type: "ResizeImageMaskNode" }, "0.3.64")).toBe(
      "The node ResizeImageMaskNode is not installed. It comes with ComfyUI 0.33.0, and this server has 0.3.64: update ComfyUI on the server.",
    );
    expect(messageOf({ class_type: "ResizeImageMaskNode" }, "v0.40.1")).toContain("failed to load or is switched off");
  });

  test("takes the pack that the file names, else the one that ComfyUI-Manager names", () => {
    expect(messageOf({ class_type: "ImageResizeKJ", _meta: { pack: "comfyui-kjnodes" } }, "0.33.0")).toBe(
      "The node ImageResizeKJ is not installed. Install the node pack “comfyui-kjnodes” that it comes from on the server, or replace it.",
    );
    expect(messageOf({ class_type: "ImageResizeKJ" }, null)).toContain("ComfyUI-Manager names it");
  });

  test("is told to who submits a job with the node's title, its pack and what to do", () => {
    const graph: Graph = { "7": { class_type: "FooKJ", inputs: {}, _meta: { title: "Make it big", pack: "kj" } } };
    const lack: Lack = { kind: "node", name: "FooKJ", closest: [] };
    expect(lacksInWords([lack], { graph, server: { version: null } })).toEqual([
      "The node FooKJ (“Make it big”) is not installed. Install the node pack “kj” that it comes from on the server, or replace it.",
    ]);
  });
});
