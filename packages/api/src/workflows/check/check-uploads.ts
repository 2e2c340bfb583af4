import type { Finding, WorkflowDefinition } from "@darkroom/contracts";
import type { DescribedBackend } from "@darkroom/db";
import { viewOf } from "../graph/graph-view.ts";
import { type Media, mediaAt } from "../graph/uploads.ts";
import { inputFacts } from "../parameters/input-kind.ts";
import { finding } from "./finding.ts";

/** What a job can send, and what it cannot. */
const sendable: Readonly<Partial<Record<Media, string>>> = { image: "picture", video: "video", audio: "sound" };
const words: Readonly<Partial<Record<Media, string>>> = {
  "image path": "a picture by its path, and scales it",
  "3d": "a 3D model",
  latent: "a latent",
};

/**
 * Files of the person who drew the graph, which running nodes load and nothing sets: on another server they are not there,
 * and with them every job shows the same picture.
 */
export function checkUploads(
  { graph, outputs, bindings }: WorkflowDefinition,
  backends: readonly DescribedBackend[],
): Finding[] {
  const bound = new Set(bindings.map(({ node, input }) => `${node}.${input}`));
  const { running } = viewOf(graph, outputs, backends);
  return Object.entries(graph).flatMap(([nodeId, node]): Finding[] => {
    if (!running.has(nodeId)) return [];
    return Object.entries(node.inputs).flatMap(([field, value]): Finding[] => {
      if (Array.isArray(value) || bound.has(`${nodeId}.${field}`)) return [];
      const media = mediaAt(node, field, inputFacts(backends, node, field).input);
      if (media === null) return [];
      return [finding("UPLOAD_UNSET", messageOf(media, field), { graph, nodeId, field })];
    });
  });
}

function messageOf(media: Media, field: string): string {
  const sent = sendable[media];
  if (sent !== undefined) {
    return `Nothing sets the ${sent} that this node loads (${field}), so each job would need the one of whoever drew the workflow. Make it an input of the form, or publish all the same if the file is on every server.`;
  }
  return `This node loads ${words[media]} (${field}), which a job cannot send. Replace the node (for a picture by LoadImage), or publish all the same if the file is on every server: each job then uses that one.`;
}
