import { type Finding, mediaOfKind, type NodeFacts, type WorkflowDefinition } from "@darkroom/contracts";
import type { DescribedBackend } from "@darkroom/db";
import { cycleOf, titleOf, upstreamOf } from "../graph/links.ts";
import { brokenLink } from "./check-links.ts";
import { checkParameter } from "./check-parameter.ts";
import { declaredInputs } from "./declared-inputs.ts";
import { finding, unsafe } from "./finding.ts";

/** What the connected servers tell of a graph that its structure is judged by. */
interface KnownOfGraph {
  /** ComfyUI looks at no link of a node that nothing depends on. True where no server says which nodes are outputs. */
  readonly runs: (nodeId: string) => boolean;
  /** True where no server describes the class. */
  readonly declares: (nodeId: string, field: string) => boolean;
}

function knownOf({ graph, outputs }: WorkflowDefinition, backends: readonly DescribedBackend[]): KnownOfGraph {
  const factsOf = (nodeId: string): NodeFacts[] =>
    backends.flatMap(({ info }) => info?.[graph[nodeId]?.class_type ?? ""] ?? []);
  const isOutput = (nodeId: string): boolean => factsOf(nodeId).some(({ outputNode }) => outputNode);
  const running = upstreamOf(graph, [...outputs, ...Object.keys(graph).filter(isOutput)]);
  const isDescribed = backends.some(({ info }) => info !== null);
  return {
    runs: (nodeId) => !isDescribed || running.has(nodeId),
    declares(nodeId, field) {
      const node = graph[nodeId];
      const facts = factsOf(nodeId);
      return facts.length === 0 || facts.some(({ inputs }) => node && declaredInputs(inputs, node).inputs.has(field));
    },
  };
}

/** What is wrong with a workflow whatever server it runs on. */
export function checkStructure(definition: WorkflowDefinition, backends: readonly DescribedBackend[]): Finding[] {
  return [
    ...checkLinks(definition, knownOf(definition, backends)),
    ...checkOutputs(definition),
    ...definition.parameters.flatMap((parameter) => checkParameter(parameter, definition)),
    ...checkBindings(definition),
    ...checkNumbers(definition),
  ];
}

function checkLinks({ graph }: WorkflowDefinition, { runs, declares }: KnownOfGraph): Finding[] {
  const found = Object.entries(graph).flatMap(([nodeId, node]) =>
    Object.entries(node.inputs).flatMap(([field, value]): Finding[] => {
      if (!Array.isArray(value) || !runs(nodeId)) return [];
      const broken = brokenLink(value, declares(nodeId, field), { graph, nodeId, field });
      return broken === null ? [] : [broken];
    }),
  );
  const cycle = cycleOf(Object.fromEntries(Object.entries(graph).filter(([nodeId]) => runs(nodeId))));
  if (cycle === null) return found;
  const names = [...cycle, ...cycle.slice(0, 1)].map((nodeId) => titleOf(graph, nodeId)).join(" → ");
  const message = `These nodes wait for one another and would never run: ${names}. Cut one of the links in ComfyUI.`;
  return [...found, finding("CYCLE", message, { graph, nodeId: cycle[0] ?? "" })];
}

function checkOutputs({ graph, outputs }: WorkflowDefinition): Finding[] {
  if (outputs.length === 0) {
    return [finding("NO_OUTPUT", "No node's files are the result. Choose at least one output.")];
  }
  return outputs
    .filter((nodeId) => graph[nodeId] === undefined)
    .map((nodeId) =>
      finding("OUTPUT_UNKNOWN", `The output ${nodeId} is not a node of the graph. Choose another.`, { nodeId }),
    );
}

/** Inputs that name files on the server: whoever may write a text into them reads or writes beside their own files. */
function namesFile(classType: string, input: string): boolean {
  return input === "filename_prefix" || (/^Load(Image|Video|Audio|Latent|3D)/.test(classType) && input !== "channel");
}

function checkBindings({ graph, parameters, bindings }: WorkflowDefinition): Finding[] {
  return bindings.flatMap(({ parameter: name, node: nodeId, input }): Finding[] => {
    const parameter = parameters.find((one) => one.name === name);
    const node = graph[nodeId];
    const subject = { parameter: name, field: input, ...(node === undefined ? {} : { graph, nodeId }) };
    if (parameter === undefined) {
      return [finding("BINDING_UNKNOWN", `A binding sets ${input} from ${name}, which is no declared input.`, subject)];
    }
    if (node === undefined) {
      const message = `${parameter.label} sets node ${nodeId}, which the graph lacks. Bind it to another node.`;
      return [finding("BINDING_UNKNOWN", message, subject)];
    }
    const isFile = mediaOfKind(parameter.kind) !== null;
    return namesFile(node.class_type, input) && !isFile
      ? [unsafe(parameter, { parameter: name, field: input, graph, nodeId })]
      : [];
  });
}

/** JavaScript holds whole numbers exactly up to 2^53; ComfyUI's seeds go to 2^64. */
function checkNumbers({ graph, bindings }: WorkflowDefinition): Finding[] {
  const bound = new Set(bindings.map(({ node, input }) => `${node}.${input}`));
  return Object.entries(graph).flatMap(([nodeId, { inputs }]) =>
    Object.entries(inputs)
      .filter(([field, value]) => typeof value === "number" && !bound.has(`${nodeId}.${field}`))
      .filter(([, value]) => Number.isInteger(value) && !Number.isSafeInteger(value))
      .map(([field]) => {
        const message = `The number in ${field} is too large to be kept exactly. Import the file itself, make it an input, or choose one below 9,007,199,254,740,992.`;
        return finding("NUMBER_INEXACT", message, { graph, nodeId, field, severity: "warning" });
      }),
  );
}
