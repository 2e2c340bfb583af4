import { type DarkroomError, type Graph, graphText, type NodeInfo } from "@darkroom/contracts";
import { readLayouts } from "@darkroom/workflow-format";
import { expect, test } from "vitest";
import { setup } from "../../testing/setup.ts";
import { exportedGraph, reportBackend, testBackend, testInfo } from "../check/test-nodes.ts";

/** As `GET /object_info` says it: the order of its inputs is no alphabet's. */
const layouts = readLayouts({
  CheckpointLoaderSimple: {
    input: { required: { ckpt_name: [["photo.safetensors"]] } },
    output: ["MODEL", "CLIP", "VAE"],
  },
  CLIPTextEncode: {
    input: { required: { text: ["STRING", { dynamicPrompts: true }], clip: ["CLIP"] } },
    output: ["CONDITIONING"],
  },
  EmptyLatentImage: {
    input: {
      required: {
        width: ["INT", { default: 512 }],
        height: ["INT", { default: 512 }],
        batch_size: ["INT", { default: 1 }],
      },
    },
    output: ["LATENT"],
  },
  KSampler: {
    input: {
      required: {
        model: ["MODEL"],
        seed: ["INT", { default: 0, control_after_generate: true }],
        steps: ["INT", { default: 20 }],
        cfg: ["FLOAT", { default: 8 }],
        sampler_name: [["euler", "dpmpp_2m"]],
        scheduler: [["normal", "karras"]],
        positive: ["CONDITIONING"],
        negative: ["CONDITIONING"],
        latent_image: ["LATENT"],
        denoise: ["FLOAT", { default: 1 }],
      },
    },
    output: ["LATENT"],
  },
  VAEDecode: { input: { required: { samples: ["LATENT"], vae: ["VAE"] } }, output: ["IMAGE"] },
  SaveImage: {
    input: { required: { images: ["IMAGE"], filename_prefix: ["STRING", { default: "ComfyUI" }] } },
    output: [],
  },
});
const info: NodeInfo = Object.fromEntries(
  Object.entries(testInfo).map(([className, facts]) => {
    const layout = layouts[className];
    return [className, layout === undefined ? facts : { ...facts, layout }];
  }),
);

const inputs = (links: Record<string, number>) => Object.entries(links).map(([name, link]) => ({ name, link }));
const subgraphId = "5ea79511-b0b6-49a6-8ad5-9015f97dd0b3";

/** What ComfyUI begins with, as its editor saves it: the sampler is in a subgraph, one prompt comes from a Primitive. */
const saved = {
  version: 0.4,
  last_node_id: 9,
  nodes: [
    { id: 4, type: "CheckpointLoaderSimple", widgets_values: ["photo.safetensors"] },
    { id: 5, type: "EmptyLatentImage", widgets_values: [768, 512, 1] },
    {
      id: 6,
      type: "CLIPTextEncode",
      title: "What to see",
      inputs: inputs({ clip: 3 }),
      widgets_values: ["a {glass|clay} bottle"],
    },
    {
      id: 7,
      type: "CLIPTextEncode",
      inputs: [
        { name: "clip", link: 5 },
        { name: "text", link: 10, widget: { name: "text" } },
      ],
      widgets_values: ["?"],
    },
    { id: 8, type: "VAEDecode", inputs: inputs({ samples: 7, vae: 8 }) },
    { id: 9, type: "SaveImage", inputs: inputs({ images: 9 }), widgets_values: ["bottles"] },
    { id: 2, type: subgraphId, title: "Sampling", inputs: inputs({ model: 1, positive: 4, negative: 6, latent: 2 }) },
    { id: 1, type: "PrimitiveNode", widgets_values: ["text, watermark", "fixed"] },
    { id: 3, type: "Note", widgets_values: ["hello"] },
  ],
  links: [
    [1, 4, 0, 2, 0, "MODEL"],
    [2, 5, 0, 2, 3, "LATENT"],
    [3, 4, 1, 6, 0, "CLIP"],
    [4, 6, 0, 2, 1, "CONDITIONING"],
    [5, 4, 1, 7, 0, "CLIP"],
    [6, 7, 0, 2, 2, "CONDITIONING"],
    [7, 2, 0, 8, 0, "LATENT"],
    [8, 4, 2, 8, 1, "VAE"],
    [9, 8, 0, 9, 0, "IMAGE"],
    [10, 1, 0, 7, 1, "STRING"],
  ],
  definitions: {
    subgraphs: [
      {
        id: subgraphId,
        name: "Sampling",
        inputs: ["model", "positive", "negative", "latent"].map((name) => ({ name })),
        outputs: [{ name: "LATENT" }],
        nodes: [
          {
            id: 30,
            type: "KSampler",
            inputs: inputs({ model: 1, positive: 2, negative: 3, latent_image: 4 }),
            widgets_values: [123, "randomize", 20, 8, "euler", "normal", 1],
          },
        ],
        links: [0, 1, 2, 3]
          .map((slot) => ({ id: slot + 1, origin_id: -10, origin_slot: slot, target_id: 30, target_slot: slot }))
          .concat([{ id: 5, origin_id: 30, origin_slot: 0, target_id: -20, target_slot: 0 }]),
      },
    ],
  },
};

async function door() {
  const api = await setup({ definitions: [] });
  const caller = api.as(await api.account("operator"));
  return { api, caller };
}

async function refusal(call: Promise<unknown>): Promise<DarkroomError> {
  const error: unknown = await call.then(() => null).catch((reason: unknown) => reason);
  return (error as { cause: DarkroomError }).cause;
}

test("a file of ComfyUI's editor is imported as text and parsed, saved, published and run by a guest", async () => {
  const { api, caller } = await door();
  await reportBackend(api.database, testBackend("gpu-1:8188", { info }));
  const draft = await caller.workflow.import({ graph: JSON.stringify(saved), name: "Bottles" });
  const { graph } = draft.definition;
  expect(Object.keys(graph).sort()).toEqual(["2:30", "4", "5", "6", "7", "8", "9"]);
  expect(graph["2:30"]).toMatchObject({
    class_type: "KSampler",
    inputs: {
      ...{ seed: 123, steps: 20, cfg: 8, sampler_name: "euler", scheduler: "normal", denoise: 1 },
      ...{ model: ["4", 0], positive: ["6", 0], negative: ["7", 0], latent_image: ["5", 0] },
    },
  });
  expect(graph["5"]?.inputs).toEqual({ width: 768, height: 512, batch_size: 1 });
  expect(graph["6"]).toMatchObject({ inputs: { text: "a {glass|clay} bottle" }, _meta: { title: "What to see" } });
  expect(graph["7"]?.inputs.text).toBe("text, watermark");
  expect(graph["8"]?.inputs).toEqual({ samples: ["2:30", 0], vae: ["4", 2] });
  expect(draft.report).toMatchObject({ ok: true, findings: [] });
  // Which texts ComfyUI draws from at each run is noted here: who sends them later does not know the classes.
  expect(graph["6"]?._meta?.dynamicPrompts).toEqual(["text"]);
  expect(draft.definition.parameters.find(({ name }) => name === "prompt")).toMatchObject({ dynamicPrompts: true });
  for (const given of [saved, { input: { workflow: saved } }, { workflow: JSON.stringify(saved) }]) {
    expect((await caller.workflow.import({ graph: given })).definition.graph).toEqual(graph);
  }

  await caller.workflow.save({ definition: draft.definition });
  await caller.workflow.publish({ workflow: "bottles", version: 1 });
  const guest = api.as(api.guest());
  expect(await guest.job.submit({ workflow: "bottles", inputs: { prompt: "a bottle" } })).toMatchObject({
    state: "queued",
  });
});

test("a seed beyond 2^53 keeps its digits in a file that is given as text", async () => {
  const { api, caller } = await door();
  await reportBackend(api.database, testBackend("gpu-1:8188", { info }));
  const text = JSON.stringify(saved).replace("123,", "18446744073709551615,");
  const { definition } = await caller.workflow.import({ graph: text });
  expect(graphText(definition.graph)).toContain('"seed":18446744073709551615');
});

test("a graph that was exported before a class gained an input is imported with its default, and a note", async () => {
  const { api, caller } = await door();
  await reportBackend(api.database, testBackend("gpu-1:8188", { info }));
  const graph = exportedGraph();
  delete graph["3"]?.inputs.denoise;
  const { definition, report } = await caller.workflow.import({ graph });
  expect(definition.graph["3"]?.inputs.denoise).toBe(1);
  expect(report.findings).toContainEqual(
    expect.objectContaining({ code: "INPUT_DEFAULTED", severity: "note", nodeId: "3", field: "denoise" }),
  );
  expect(report.findings.map(({ code }) => code)).not.toContain("INPUT_MISSING");
});

test("a value that ComfyUI refuses, or that is not exact, is a finding also where an input takes its place", async () => {
  const { api, caller } = await door();
  await reportBackend(api.database, testBackend("gpu-1:8188", { info }));
  const graph = exportedGraph();
  Object.assign(graph["3"]?.inputs ?? {}, { denoise: null, seed: 2 ** 64 });
  const { definition, report } = await caller.workflow.import({ graph });
  expect(definition.bindings).toContainEqual({ parameter: "denoise", node: "3", input: "denoise" });
  expect(report).toMatchObject({
    ok: true,
    findings: expect.arrayContaining([
      expect.objectContaining({ code: "VALUE_WRONG_TYPE", severity: "warning", nodeId: "3", field: "denoise" }),
      expect.objectContaining({ code: "NUMBER_INEXACT", severity: "warning", nodeId: "3", field: "seed" }),
    ]),
  });
});

test("a node's title that cannot be stored is left out, and the workflow is saved", async () => {
  const { api, caller } = await door();
  await reportBackend(api.database, testBackend("gpu-1:8188", { info }));
  const graph = exportedGraph();
  const [three, four] = [graph["3"], graph["4"]];
  if (three === undefined || four === undefined) throw new Error("the graph has both");
  const graphs = {
    ...graph,
    3: { ...three, _meta: { title: "a\u0000b" } },
    4: { ...four, _meta: { title: "\ud800" } },
  };
  const { definition } = await caller.workflow.import({ graph: JSON.stringify(graphs) });
  expect([definition.graph["3"]?._meta, definition.graph["4"]?._meta]).toEqual([{}, {}]);
  await caller.workflow.save({ definition });
});

test("what could not be read of it is a finding with its node, its place and what to do, the worst first", async () => {
  const { api, caller } = await door();
  await reportBackend(api.database, testBackend("gpu-1:8188", { info }));
  const strange = {
    id: 31,
    type: "PackNode",
    title: "Sharpen",
    properties: { cnr_id: "sharp-pack" },
    outputs: [{ name: "IMAGE" }],
  };
  const [definition] = saved.definitions.subgraphs;
  const file = {
    ...saved,
    definitions: { subgraphs: [{ ...definition, nodes: [...(definition?.nodes ?? []), strange] }] },
  };
  const { report } = await caller.workflow.import({ graph: file });
  expect(report.ok).toBe(false);
  expect(report.findings.find(({ code }) => code === "NODE_UNREADABLE")).toMatchObject({
    nodeId: "2:31",
    nodeTitle: "Sharpen",
    classType: "PackNode",
    message: expect.stringMatching(/node 2:31, in Sampling.*no connected server has “PackNode”.*“sharp-pack”/),
  });
  const ranks = report.findings.map(({ severity }) => ["error", "warning", "note"].indexOf(severity));
  expect(ranks).toEqual([...ranks].sort());
});

test("a drawing is kept through save and export, and a job's graph is shown as it was drawn", async () => {
  const { api, caller } = await door();
  await reportBackend(api.database, testBackend("gpu-1:8188", { info }));
  const positions = { 4: [0, 0], 5: [0, 220], 8: [420, -60.5], 9: [800, 0] };
  const nodes = [
    { id: 4, type: "CheckpointLoaderSimple", widgets_values: ["photo.safetensors"] },
    { id: 5, type: "EmptyLatentImage", widgets_values: [768, 512, 1] },
    { id: 8, type: "VAEDecode", inputs: inputs({ samples: 1, vae: 2 }) },
    { id: 9, type: "SaveImage", inputs: inputs({ images: 3 }), widgets_values: ["ComfyUI"] },
  ].map((node) => ({ ...node, pos: positions[node.id as 4] }));
  const links = [
    [1, 5, 0, 8, 0, "LATENT"],
    [2, 4, 2, 8, 1, "VAE"],
    [3, 8, 0, 9, 0, "IMAGE"],
  ];
  const { definition } = await caller.workflow.import({ graph: { version: 0.4, nodes, links }, name: "Drawn" });
  expect(definition.positions).toEqual(positions);
  await caller.workflow.save({ definition });
  await caller.workflow.publish({ workflow: "drawn", version: 1 });
  const { workflow: file } = await caller.workflow.export({ workflow: "drawn" });
  expect(Object.fromEntries(file.nodes.map(({ id, pos }) => [id, pos]))).toEqual(positions);
  expect((await caller.workflow.import({ graph: JSON.stringify(file) })).definition.positions).toEqual(positions);
  const { jobId } = await api.as(api.guest()).job.submit({ workflow: "drawn", inputs: {} });
  expect((await caller.job.provenance({ jobId: String(jobId) })).positions).toEqual(positions);
});

test("what people write beside the nodes is left out, and named", async () => {
  const { caller } = await door();
  const graph = { _comment: "mine", _meta: { title: "A lake" }, ...exportedGraph() } as unknown as Graph;
  const { definition, report } = await caller.workflow.import({ graph });
  expect(Object.keys(definition.graph)).toEqual(Object.keys(exportedGraph()));
  expect(report.findings).toContainEqual(
    expect.objectContaining({
      code: "NODE_LEFT_OUT",
      severity: "note",
      message: expect.stringMatching(/“_comment”, “_meta”/),
    }),
  );
});

test("without a server that has described its nodes, or without a node that runs, it is refused with what to do", async () => {
  const { api, caller } = await door();
  const unconnected = await refusal(caller.workflow.import({ graph: saved }));
  expect(unconnected).toMatchObject({ code: "WORKFLOW_INVALID", fields: [{ path: "graph" }] });
  expect(unconnected.message).toMatch(/no connected server has described its nodes yet. Connect one/);
  await reportBackend(api.database, testBackend("gpu-1:8188", { info }));
  const muted = { ...saved, nodes: saved.nodes.map((node) => ({ ...node, mode: 2 })) };
  expect((await refusal(caller.workflow.import({ graph: muted }))).message).toMatch(/No node of this file runs/);
});
