import { type ComfyFile, filesOfNode, type HistoryEntry, textsOfNode } from "@darkroom/comfyui";
import type { WorkflowDefinition } from "@darkroom/contracts";
import type { OutputFault } from "../attempt/ending.ts";

/** What a run left for its owner: a file on the server, or a text in the history itself. */
export type Produced =
  | { readonly type: "file"; readonly file: ComfyFile }
  | { readonly type: "text"; readonly text: string };

/**
 * What the workflow's output nodes produced, in the order of the nodes, each file once; a fault if one of them produced
 * nothing. Temporary files are previews: they are shown only if these nodes produced nothing else.
 */
export function producedBy(
  { graph, outputs }: Pick<WorkflowDefinition, "graph" | "outputs">,
  { nodeOutputs }: Pick<HistoryEntry, "nodeOutputs">,
): readonly Produced[] | OutputFault {
  const byNode = outputs.map((nodeId) => ({
    nodeId,
    produced: Object.keys(nodeOutputs)
      .filter((id) => isOf(id, nodeId))
      .flatMap((id) => ofNode(id, nodeOutputs[id])),
  }));
  // Success does not prove that every output node produced something: its input may have been blocked.
  const empty = byNode.find(({ produced }) => produced.length === 0);
  if (empty !== undefined) {
    const title = graph[empty.nodeId]?._meta?.title ?? empty.nodeId;
    return { type: "output-invalid", message: `ComfyUI reported success, but "${title}" produced no file.` };
  }
  const all = byNode.flatMap(({ produced }) => produced);
  const lasting = all.filter((one) => one.type === "text" || one.file.type === "output");
  return withoutRepeats(lasting.length > 0 ? lasting : all);
}

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
