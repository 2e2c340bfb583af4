import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { createTestApi, type TestApi } from "@darkroom/api/testing";
import { createComfyClient, nodeCatalog, nodeInfo } from "@darkroom/comfyui";
import {
  compileGraph,
  type DarkroomError,
  type Graph,
  type InputValue,
  type Parameter,
  parseGraphText,
  type WorkflowDefinition,
} from "@darkroom/contracts";
import { createUpload, ensureOwner, upsertBackend } from "@darkroom/db";
import { wideLimits } from "@darkroom/db/testing";
import { createSimulator, type Simulator } from "@darkroom/simulator";
import { fillDefaults, type NodeLayouts, readLayouts } from "@darkroom/workflow-format";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { type CheckSite, checkWorkflow } from "../../packages/api/src/workflows/check/check-workflow.ts";
import { readGraph } from "../../packages/api/src/workflows/graph/read-graph.ts";
import { suggestOutputs } from "../../packages/api/src/workflows/parameters/suggest-parameters.ts";
import { bundledWorkflows } from "../../packages/db/src/workflows/bundled/index.ts";

// What our checks and forms say of a graph, and what ComfyUI says of it.

/** A workflow whose form asks for what the chosen option of a dynamic combo brings. */
const resizing: WorkflowDefinition = {
  ...{ slug: "resizing", name: "Resizing", description: "", outputs: ["save"] },
  graph: {
    empty: { class_type: "EmptyImage", inputs: { width: 64, height: 64, batch_size: 1, color: 0 } },
    resize: {
      class_type: "ResizeImageMaskNode",
      inputs: { input: ["empty", 0], scale_method: "area", resize_type: "scale dimensions", "resize_type.width": 64 },
    },
    save: { class_type: "SaveImage", inputs: { images: ["resize", 0], filename_prefix: "x" } },
  },
  parameters: [
    {
      ...{ kind: "choice", name: "resizeType", label: "Resize type", required: true, default: "scale dimensions" },
      choices: ["scale dimensions", "scale by multiplier", "scale longer dimension"],
    },
    ...(["width", "height"] as const).map(
      (name): Parameter => ({
        ...{ kind: "integer", name, label: name, required: true, min: 0, max: 16_384, default: 32 },
        when: { parameter: "resizeType", is: ["scale dimensions"] },
      }),
    ),
    {
      ...{ kind: "number", name: "multiplier", label: "Multiplier", required: true, min: 0.01, max: 8, default: 1 },
      when: { parameter: "resizeType", is: ["scale by multiplier"] },
    },
    {
      ...{ kind: "integer", name: "longerSize", label: "Longer", required: false, min: 0, max: 16_384, default: 32 },
      when: { parameter: "resizeType", is: ["scale longer dimension"] },
    },
  ],
  bindings: [
    { parameter: "resizeType", node: "resize", input: "resize_type" },
    { parameter: "width", node: "resize", input: "resize_type.width" },
    { parameter: "height", node: "resize", input: "resize_type.height" },
    { parameter: "multiplier", node: "resize", input: "resize_type.multiplier" },
    { parameter: "longerSize", node: "resize", input: "resize_type.longer_size" },
  ],
};
const workflows = [...bundledWorkflows, resizing];

let api: TestApi;
let simulator: Simulator;
let site: CheckSite;
let layouts: NodeLayouts;

beforeAll(async () => {
  simulator = await createSimulator({ port: 0 });
  // It validates and queues, and begins nothing.
  simulator.control.wedge(true);
  const client = createComfyClient({ baseUrl: simulator.url });
  const objectInfo = await client.objectInfo();
  await client.close();
  const [catalog, info] = [nodeCatalog(objectInfo), nodeInfo(objectInfo)];
  layouts = readLayouts(objectInfo);
  api = await createTestApi({
    postgresUrl: inject("postgresUrl"),
    redisUrl: inject("redisUrl"),
    definitions: workflows,
    limits: wideLimits,
  });
  const backend = { backendId: "b1", catalogHash: "c1", catalog, version: "0.33.0" };
  site = { backends: [{ ...backend, info }], allowed: new Set(Object.keys(catalog)) };
  const report = { ...backend, url: simulator.url, workerId: "w1", state: "up" as const, stats: null };
  await upsertBackend(api.database, { ...report, nodeInfo: { info, hash: "i1" } });
});
afterAll(async () => {
  await api?.close();
  await simulator?.close();
});

/** ComfyUI's answer to a graph: whether all of it would run. */
async function accepts(graph: Graph): Promise<{ ok: boolean; said: string }> {
  const response = await fetch(`${simulator.url}/prompt`, {
    method: "POST",
    body: JSON.stringify({ prompt: graph, prompt_id: randomUUID() }),
  });
  const said = await response.text();
  const errors: unknown = response.ok ? (JSON.parse(said) as { node_errors: object }).node_errors : null;
  return { ok: response.ok && Object.keys(errors ?? {}).length === 0, said };
}

interface Row {
  readonly kind: string;
  readonly seq: number;
  readonly request_seq?: number;
  readonly label: string | null;
  readonly request?: { readonly method: string; readonly path: string; readonly body?: string };
  readonly response?: { readonly status: number; readonly body?: string };
}

/** The graphs of a version's recording of refusals, by what they are about. */
function recordedGraphs(version: string): [string, unknown][] {
  const folder = new URL(`../../packages/simulator/recordings/${version}/`, import.meta.url);
  const file = new URL("04-validation-errors/traffic.jsonl", folder);
  const rows = readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Row);
  return rows.flatMap(({ seq, request }): [string, unknown][] => {
    if (request?.method !== "POST" || request.body === undefined) return [];
    const label = rows.find((row) => row.request_seq === seq)?.label ?? String(seq);
    try {
      return [[label, (JSON.parse(request.body) as { prompt: unknown }).prompt]];
    } catch {
      return [];
    }
  });
}

test("a check finds an error in every recorded graph that ComfyUI refuses, and in none that it takes", async () => {
  const disagreeing: string[] = [];
  const graphs = ["0.3.64", "0.33.0"].flatMap(recordedGraphs);
  for (const [label, prompt] of graphs) {
    let graph: Graph;
    try {
      graph = readGraph(prompt);
    } catch {
      const { ok } = await accepts(prompt as Graph);
      if (ok) disagreeing.push(`${label}: could not be read, and ComfyUI takes it`);
      continue;
    }
    // Files come with the job: whether one is there already is not a check's business.
    if (/file that is not there/.test(label)) continue;
    const definition: WorkflowDefinition = {
      ...{ slug: "recorded", name: "Recorded", description: "", graph, parameters: [], bindings: [] },
      outputs: suggestOutputs(graph, site.backends),
    };
    const { findings } = checkWorkflow(definition, site);
    // A picture that no input sets is ours to refuse: ComfyUI takes the one on its disk.
    const ok = findings.every(({ severity, code }) => severity !== "error" || code === "UPLOAD_UNSET");
    const comfy = await accepts(graph);
    if (ok !== comfy.ok)
      disagreeing.push(`${label}: ${findings.map(({ id }) => id).join(" ")} but ${comfy.said.slice(0, 300)}`);
  }
  expect(graphs.length).toBeGreaterThan(15);
  expect(disagreeing).toEqual([]);
});

/** The graphs of all recordings that a real server took as they are. */
function takenGraphs(version: string): [string, unknown][] {
  const folder = new URL(`../../packages/simulator/recordings/${version}/`, import.meta.url);
  return readdirSync(folder).flatMap((scenario) => {
    const lines = readFileSync(new URL(`${scenario}/traffic.jsonl`, folder), "utf8")
      .trim()
      .split("\n");
    // Python writes NaN bare.
    const rows = lines.map((line) => parseGraphText(line) as Row);
    return rows.flatMap(({ seq, request }): [string, unknown][] => {
      if (request?.method !== "POST" || request.path !== "/prompt" || request.body === undefined) return [];
      const answer = rows.find((row) => row.request_seq === seq)?.response;
      if (answer?.status !== 200 || !answer.body?.includes('"node_errors": {}')) return [];
      return [[`${version} ${scenario} ${seq}`, (parseGraphText(request.body) as { prompt: unknown }).prompt]];
    });
  });
}

test("a check finds no error in any recorded graph that a real server took", () => {
  const graphs = ["0.33.0", "0.3.64"].flatMap(takenGraphs);
  const wrong = graphs.flatMap(([label, prompt]) => {
    const graph = readGraph(prompt);
    const bare = { slug: "recorded", name: "Recorded", description: "", graph, parameters: [], bindings: [] };
    const { findings } = checkWorkflow({ ...bare, outputs: suggestOutputs(graph, site.backends) }, site);
    return findings
      .filter(({ severity, code }) => severity === "error" && code !== "UPLOAD_UNSET")
      .map(({ id, message }) => `${label}: ${id} ${message}`);
  });
  expect(graphs.length).toBeGreaterThan(200);
  expect(wrong).toEqual([]);
});

/** Values around a parameter's bounds, and some that are none at all. */
function valuesOf(parameter: Parameter, uploadId: string): fc.Arbitrary<InputValue | undefined> {
  const odd = fc.constantFrom<InputValue>(
    "",
    "nowhere.safetensors",
    -1,
    0.5,
    1e9,
    Number.MAX_SAFE_INTEGER,
    true,
    "\u0000",
    "\ud800",
    {
      uploadId: "01890a5d-ac96-774b-bcce-b302099a8057",
    },
  );
  const fitting = ((): fc.Arbitrary<InputValue> => {
    switch (parameter.kind) {
      case "text":
        return fc.string({ unit: "binary", maxLength: 60 });
      case "integer":
      case "seed": {
        const { min, max } = parameter;
        const step = parameter.kind === "integer" ? (parameter.step ?? 1) : 1;
        const count = Math.floor((Math.min(max, 4096) - min) / step);
        return fc.oneof(
          { weight: 9, arbitrary: fc.integer({ min: 0, max: count }).map((index) => min + index * step) },
          { weight: 1, arbitrary: fc.constantFrom(min, max, min - 1, max + 1, min + 0.5) },
        );
      }
      case "number":
        return fc.oneof(
          { weight: 9, arbitrary: fc.double({ min: parameter.min, max: parameter.max, noNaN: true }) },
          { weight: 1, arbitrary: fc.constantFrom(parameter.min - 0.01, parameter.max + 0.01) },
        );
      case "choice":
        return fc.constantFrom(...parameter.choices);
      case "boolean":
        return fc.boolean();
      case "model":
        return fc.constantFrom(...(simulator.control.models()[parameter.folder] ?? []));
      default:
        return fc.constant({ uploadId });
    }
  })();
  return fc.oneof(
    { weight: 20, arbitrary: fitting },
    { weight: 1, arbitrary: odd },
    // What depends on a choice is wrong with most of its options.
    { weight: parameter.when === undefined ? 2 : 30, arbitrary: fc.constant(undefined) },
  );
}

test.each(workflows.map((definition) => [definition.slug, definition] as const))(
  "random inputs of %s either reach the queue as a graph that ComfyUI takes, or are refused by the name of a field",
  async (slug, definition) => {
    const guest = api.guest();
    await ensureOwner(api.database, { ownerId: guest.ownerId, kind: "guest" });
    const uploadId = randomUUID();
    const file = { sha256: "0".repeat(64), storageKey: "k", mimeType: "image/png", width: 1, height: 1, sizeBytes: 1 };
    await createUpload(api.database, { uploadId, ownerId: guest.ownerId, ...file });
    const upload = new FormData();
    upload.append("image", new File([Buffer.from("picture")], "picture.png"));
    expect((await fetch(`${simulator.url}/upload/image`, { method: "POST", body: upload })).ok).toBe(true);

    const caller = api.as(guest);
    const names = definition.parameters.map(({ name }) => name);
    const fileNames = { image: "picture.png", mask: "picture.png" };
    const seen = { taken: 0, refused: 0 };
    const shapes = fc.record(
      Object.fromEntries(definition.parameters.map((one) => [one.name, valuesOf(one, uploadId)])),
    );
    const extras = fc.oneof(
      { weight: 12, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: fc.constantFrom("nonsense", "Prompt", "graph") },
    );
    await fc.assert(
      fc.asyncProperty(shapes, extras, async (shape, extra) => {
        const inputs = Object.fromEntries(
          Object.entries({ ...shape, ...(extra === undefined ? {} : { [extra]: 1 }) }).filter(
            ([, value]) => value !== undefined,
          ),
        ) as Record<string, InputValue>;
        try {
          const { jobId } = await caller.job.submit({ workflow: slug, inputs });
          const view = await caller.job.byId({ jobId: jobId ?? "" });
          const compiled = compileGraph(definition, view.inputs, fileNames);
          // As a worker does before it sends a graph.
          const { graph } = fillDefaults(compiled, layouts);
          expect(await accepts(graph)).toMatchObject({ ok: true });
          seen.taken += 1;
        } catch (error) {
          const refusal = (error as { cause?: DarkroomError }).cause;
          if (refusal?.fields === undefined) throw error;
          expect(refusal.fields.length).toBeGreaterThan(0);
          for (const { path } of refusal.fields) {
            const [first, name = ""] = path.split(".");
            expect(first).toBe("inputs");
            expect([...names, extra]).toContain(name);
          }
          seen.refused += 1;
        }
      }),
      { numRuns: 40, seed: 20_261_121 },
    );
    expect(seen.taken).toBeGreaterThan(0);
    expect(seen.refused).toBeGreaterThan(0);
  },
);

test("an input that the chosen option does not bring is refused by its name and the rule, alone and in a batch", async () => {
  const caller = api.as(api.guest());
  const inputs = { resizeType: "scale by multiplier", width: 64 };
  const rule =
    "exists only where resizeType is “scale dimensions”, and it is “scale by multiplier”: leave it out, or choose that";
  const refusal = (path: string) => ({ cause: { code: "INPUT_INVALID", fields: [{ path, message: rule }] } });
  const one = { workflow: "resizing", inputs };
  await expect(caller.job.submit(one)).rejects.toMatchObject(refusal("inputs.width"));
  await expect(caller.job.submit({ ...one, dryRun: true })).rejects.toMatchObject(refusal("inputs.width"));
  await expect(caller.job.submitBatch({ items: [one] })).rejects.toMatchObject(refusal("items.0.inputs.width"));
});
