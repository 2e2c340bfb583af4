import { drawsInPage, type Finding, mediaWords, type WorkflowDefinition } from "@darkroom/contracts";
import type { DescribedBackend } from "@darkroom/db";
import { type GraphView, outputTypesOf, viewOf } from "../graph/graph-view.ts";
import { type FileMedia, mediaAt } from "../graph/uploads.ts";
import { inputFacts } from "../parameters/input-kind.ts";
import { finding } from "./finding.ts";

/** What a job cannot send. */
const unsendable = { "image path": "a picture by its path, and scales it", latent: "a latent" } as const;

/**
 * Files of the person who drew the graph, which running nodes load and nothing sets: on another server they are not there,
 * and with them every job shows the same picture. Also pictures that only ComfyUI's page could draw.
 */
export function checkUploads(
  { graph, outputs, bindings }: WorkflowDefinition,
  backends: readonly DescribedBackend[],
): Finding[] {
  const bound = new Set(bindings.map(({ node, input }) => `${node}.${input}`));
  const view = viewOf(graph, outputs, backends);
  return Object.entries(graph).flatMap(([nodeId, node]): Finding[] => {
    if (!view.running.has(nodeId)) return [];
    return Object.entries(node.inputs).flatMap(([field, value]): Finding[] => {
      if (Array.isArray(value)) return [];
      if (bound.has(`${nodeId}.${field}`)) return drawsInPage(node, field) ? notDrawn(view, nodeId) : [];
      const media = mediaAt(node, field, inputFacts(backends, node, field).input);
      if (media === null) return [];
      return [finding("UPLOAD_UNSET", messageOf(media, field), { graph, nodeId, field })];
    });
  });
}

/** ComfyUI's page draws a 3D model when a person chooses it there. A job has no page, and gets a black picture in its place. */
function notDrawn(view: GraphView, nodeId: string): Finding[] {
  const { graph } = view;
  const node = graph[nodeId];
  const types = node === undefined ? [] : outputTypesOf(view, node);
  const isUsed = view.consumersOf(nodeId).some(({ slot }) => /^(IMAGE|MASK|VIDEO)$/.test(types[slot] ?? ""));
  if (!isUsed) return [];
  const message =
    "The pictures that this node gives are drawn by ComfyUI's page when a person opens the model there. A job has no page, so they are black. Use the model itself (model_3d, mesh_path), or a node that renders it.";
  return [finding("PICTURE_NOT_DRAWN", message, { graph, nodeId, severity: "warning" })];
}

function messageOf(media: FileMedia, field: string): string {
  if (media !== "image path" && media !== "latent") {
    return `Nothing sets the ${mediaWords[media]} that this node loads (${field}), so each job would need the one of whoever drew the workflow. Make it an input of the form, or publish all the same if the file is on every server.`;
  }
  return `This node loads ${unsendable[media]} (${field}), which a job cannot send. Replace the node (for a picture by LoadImage), or publish all the same if the file is on every server: each job then uses that one.`;
}
