import { type ComfyFile, filesOfNode, type HistoryEntry, type PromptFailure, textsOfNode } from "@darkroom/comfyui";
import type { Graph, MissingOutput, WorkflowDefinition } from "@darkroom/contracts";

/** What a run left for its owner: a file on the server, or a text in the history itself. */
export type Produced =
  | { readonly type: "file"; readonly file: ComfyFile }
  | { readonly type: "text"; readonly text: string };

/**
 * What the workflow's output nodes produced, in the order of the nodes, each file once, and which of them made nothing.
 * Temporary files are previews: they are shown only if these nodes produced nothing else. `blocked`: what nodes said of
 * outputs that were blocked.
 */
export function producedBy(
  { graph, outputs }: Pick<WorkflowDefinition, "graph" | "outputs">,
  { nodeOutputs }: Pick<HistoryEntry, "nodeOutputs">,
  blocked: readonly PromptFailure[],
): { readonly produced: readonly Produced[]; readonly missing: readonly MissingOutput[] } {
  const byNode = outputs.map((nodeId) => ({
    nodeId,
    produced: Object.keys(nodeOutputs)
      .filter((id) => isOf(id, nodeId))
      .flatMap((id) => ofNode(id, nodeOutputs[id])),
  }));
  const all = byNode.flatMap(({ produced }) => produced);
  const lasting = all.filter((one) => one.type === "text" || one.file.type === "output");
  const missing = byNode
    .filter(({ produced }) => produced.length === 0)
    .map(({ nodeId }) => ({
      nodeId,
      nodeTitle: graph[nodeId]?._meta?.title ?? graph[nodeId]?.class_type ?? nodeId,
      message: reasonOf(nodeId, graph, blocked),
    }));
  return { produced: withoutRepeats(lasting.length > 0 ? lasting : all), missing };
}

/** What was said of the node itself or of one that it depends on, the nearest first. A switch that is off says nothing. */
function reasonOf(nodeId: string, graph: Graph, blocked: readonly PromptFailure[]): string {
  for (const id of upstreamOf(nodeId, graph)) {
    const said = blocked.find((failure) => failure.nodeId !== null && isOf(failure.nodeId, id));
    if (said !== undefined) return `${firstLine(said.message)}.`;
  }
  return "It was switched off or its input was blocked, and ComfyUI gave no reason.";
}

/** The node and all that it depends on, nearest first. */
function upstreamOf(nodeId: string, graph: Graph): ReadonlySet<string> {
  const found = new Set([nodeId]);
  // A set is walked in the order of insertion, also over what is added meanwhile.
  for (const id of found)
    for (const value of Object.values(graph[id]?.inputs ?? {}))
      if (Array.isArray(value) && typeof value[0] === "string" && graph[value[0]] !== undefined) found.add(value[0]);
  return found;
}

const firstLine = (text: string): string => (text.split("\n", 1)[0] ?? "").trim().replace(/\.$/, "").slice(0, 300);

/** Also true for the nodes that an expanded subgraph put in the node's place (`2.0.0.1`). */
const isOf = (id: string, nodeId: string): boolean => id === nodeId || id.startsWith(`${nodeId}.`);

/** A node that saves a text also shows it: the file is the output then. */
function ofNode(nodeId: string, output: unknown): Produced[] {
  const files = filesOfNode(nodeId, output);
  if (files.length > 0) return files.map((file) => ({ type: "file", file }));
  return textsOfNode(output).map((text) => ({ type: "text", text }));
}

function withoutRepeats(all: readonly Produced[]): Produced[] {
  const seen = new Set<string>();
  return all.filter((one) => {
    if (one.type === "text") return true;
    const { type, subfolder, filename } = one.file;
    const key = JSON.stringify([type, subfolder, filename]);
    return !seen.has(key) && seen.add(key);
  });
}
