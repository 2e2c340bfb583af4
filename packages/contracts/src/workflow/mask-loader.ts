import type { Graph, GraphNode } from "./workflow.ts";

/**
 * A mask that a form asks for is black and white, and what is white is meant. `LoadImage` makes its mask of what is transparent, which in
 * such a picture is nothing: a `LoadImageMask` that reads the red comes in its place, in a graph that may be changed. A loader whose
 * picture is used, too, is left as it is: that picture brings its mask.
 */
export function loadWhiteAsMask(graph: Graph, nodeId: string, fileName: string): void {
  const node = graph[nodeId];
  if (node === undefined || !readsTransparency(graph, nodeId, node)) return;
  graph[nodeId] = { ...node, class_type: "LoadImageMask", inputs: { image: fileName, channel: "red" } };
  if (node.class_type === "LoadImageMask") return;
  for (const { inputs } of Object.values(graph))
    for (const [name, value] of Object.entries(inputs)) if (isLinkTo(value, nodeId)) inputs[name] = [nodeId, 0];
}

function readsTransparency(graph: Graph, nodeId: string, { class_type, inputs }: GraphNode): boolean {
  if (class_type === "LoadImageMask") return inputs.channel === "alpha";
  const links = Object.values(graph).flatMap((node) =>
    Object.values(node.inputs).filter((one) => isLinkTo(one, nodeId)),
  );
  return class_type === "LoadImage" && links.every((link) => link[1] === MASK_SLOT);
}

/** Of what `LoadImage` gives. */
const MASK_SLOT = 1;

function isLinkTo(value: unknown, nodeId: string): value is [string, number] {
  return Array.isArray(value) && value.length === 2 && value[0] === nodeId;
}
