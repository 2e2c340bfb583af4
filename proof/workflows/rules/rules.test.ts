import { randomUUID } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { createComfyClient, nodeCatalog, nodeInfo } from "@darkroom/comfyui";
import { type Graph, graphText, parseGraphText } from "@darkroom/contracts";
import { createSimulator, type SimulatedVersion, type Simulator } from "@darkroom/simulator";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CheckSite, checkWorkflow } from "../../../packages/api/src/workflows/check/check-workflow.ts";
import { suggestOutputs } from "../../../packages/api/src/workflows/parameters/suggest-parameters.ts";
import type { Case } from "./case.ts";
import { graphOf, SUBJECT, withSources } from "./graph.ts";
import { rules } from "./rules.ts";
import { rulesTable } from "./table.ts";
import { graphCases } from "./whole-graphs.ts";

// What ComfyUI says to each value, what our check says to it before it is asked, and what the simulator says in its place.

const simulators = new Map<SimulatedVersion, Simulator>();
let site: CheckSite;

beforeAll(async () => {
  for (const version of ["0.33.0", "0.3.64"] as const) {
    const simulator = await createSimulator({ port: 0, version, models: { checkpoints: ["model.safetensors"] } });
    simulator.control.wedge(true);
    for (const subfolder of ["", "sub"]) {
      const body = new FormData();
      body.append("image", new File(["picture"], "there.png"));
      body.append("subfolder", subfolder);
      await fetch(`${simulator.url}/upload/image`, { method: "POST", body });
    }
    simulators.set(version, simulator);
  }
  const client = createComfyClient({ baseUrl: simulators.get("0.33.0")?.url ?? "" });
  const objectInfo = await client.objectInfo();
  await client.close();
  const [catalog, info] = [nodeCatalog(objectInfo), nodeInfo(objectInfo)];
  const backend = { backendId: "b1", catalogHash: "c1", catalog, version: "0.33.0", info };
  site = { backends: [backend], allowed: new Set(Object.keys(catalog)) };
});
afterAll(async () => {
  for (const simulator of simulators.values()) await simulator.close();
});

interface Answer {
  readonly error?: { readonly type: string };
  readonly node_errors: Record<string, { readonly errors: readonly { readonly type: string }[] }>;
}

async function answerOf(version: SimulatedVersion, graph: Graph): Promise<{ ok: boolean; answer: Answer }> {
  const response = await fetch(`${simulators.get(version)?.url}/prompt`, {
    method: "POST",
    body: graphText({ prompt: graph, prompt_id: randomUUID() }),
  });
  // Python writes Infinity bare.
  return { ok: response.ok, answer: parseGraphText(await response.text()) as Answer };
}

/** `takes`, or the types of errors that the simulator names at the node. */
async function simulated(version: SimulatedVersion, graph: Graph): Promise<string> {
  const { ok, answer } = await answerOf(version, graph);
  if (ok && Object.keys(answer.node_errors).length === 0) return "takes";
  const types = answer.node_errors[SUBJECT]?.errors.map(({ type }) => type) ?? [String(answer.error?.type)];
  return types.map((type) => (type.startsWith("exception_during") ? "exception" : type)).join(" ");
}

function findingsOf(graph: Graph) {
  const definition = { slug: "s", name: "S", description: "", graph, parameters: [], bindings: [] };
  return checkWorkflow({ ...definition, outputs: suggestOutputs(graph, site.backends) }, site).findings;
}

/** What the check says of the node: that nothing sets a picture is a rule of ours, which holds of a file that is there, too. */
function checked(graph: Graph, { comfyui, input }: Case): string {
  const isFile = /^Load/.test(input) && comfyui !== "takes";
  const found = findingsOf(graph).filter(
    ({ code, nodeId }) => nodeId === SUBJECT && (code !== "UPLOAD_UNSET" || isFile),
  );
  const worst = ["error", "warning"].find((severity) => found.some((one) => one.severity === severity));
  return worst ?? "takes";
}

const cases = rules.flatMap(({ cases: all }) => all);

describe("what ComfyUI says of a value", () => {
  test.each(cases)("$input: $value $comfyui", async (one) => {
    const graph = graphOf(one);
    const taken = one.comfyui === "fails at run" ? "takes" : one.comfyui;
    expect({
      check: checked(graph, one),
      "0.33.0": await simulated("0.33.0", graph),
      "0.3.64": await simulated("0.3.64", graph),
    }).toEqual({
      check: one.comfyui === "takes" ? (one.warns === true ? "warning" : "takes") : "error",
      "0.33.0": taken,
      "0.3.64": one.older ?? taken,
    });
  });
});

describe("what ComfyUI says of a graph", () => {
  test.each(graphCases)("$says: $comfyui", async ({ graph: own, comfyui }) => {
    const graph = withSources(own);
    const isError = findingsOf(graph).some(({ severity }) => severity === "error");
    expect(isError).toBe(comfyui !== "takes");
    const { ok, answer } = await answerOf("0.33.0", graph);
    expect(ok).toBe(comfyui === "takes" || comfyui === "takes a part");
    if (comfyui === "takes") return expect(answer.node_errors).toEqual({});
    const types = Object.values(answer.node_errors).flatMap(({ errors }) => errors.map(({ type }) => type));
    if (comfyui !== "takes a part") expect([answer.error?.type, ...types]).toContain(comfyui);
  });
});

test("docs/comfyui.md has every rule and case", () => {
  const path = new URL("../../../docs/comfyui.md", import.meta.url);
  const page = readFileSync(path, "utf8");
  const [begin, end] = ["<!-- rules -->\n\n", "\n<!-- end of the rules -->"];
  const [before = "", ...rest] = page.split(begin);
  const [written, ...after] = rest.join(begin).split(end);
  if (process.env.UPDATE_RULES === undefined) expect(written).toBe(rulesTable());
  else writeFileSync(path, [before, begin, rulesTable(), end, ...after].join(""));
});
