import type { Graph } from "@darkroom/contracts";
import type { DescribedBackend } from "@darkroom/db";
import { linkOf, linksOf, titleOf } from "../graph/links.ts";
import { keyOf, type Place, promptPlaces } from "../graph/text-inputs.ts";

/** What an input is to the person who asks for a picture. */
export interface Role {
  readonly name: string;
  readonly label: string;
  readonly suggested: boolean;
  /** Narrower than what a node allows: whoever fills in the form shares the GPU with everyone else. */
  readonly bounds?: { readonly min: number; readonly max: number };
  readonly isAdvanced?: boolean;
}

/** Those that people usually want to set, in the order of the form. */
export const roles = {
  prompt: { name: "prompt", label: "Prompt", suggested: true },
  negativePrompt: { name: "negativePrompt", label: "Negative prompt", suggested: true },
  image: { name: "image", label: "Image", suggested: true },
  mask: { name: "mask", label: "Mask", suggested: true },
  strength: { name: "strength", label: "Strength", suggested: true },
  width: { name: "width", label: "Width", suggested: true, bounds: { min: 64, max: 2048 } },
  height: { name: "height", label: "Height", suggested: true, bounds: { min: 64, max: 2048 } },
  steps: { name: "steps", label: "Steps", suggested: true, bounds: { min: 1, max: 100 } },
  cfg: { name: "cfg", label: "Guidance", suggested: true, bounds: { min: 0, max: 30 }, isAdvanced: true },
  seed: { name: "seed", label: "Seed", suggested: true },
  count: { name: "count", label: "Pictures", suggested: true, bounds: { min: 1, max: 4 }, isAdvanced: true },
  scale: { name: "scale", label: "Scale", suggested: true, bounds: { min: 0.25, max: 4 } },
  model: { name: "model", label: "Model", suggested: true, isAdvanced: true },
} as const satisfies Record<string, Role>;

/** The places whose text is a prompt, by {@link keyOf}: told by the links, or by titles where no sampler is known. */
export function promptsOf(graph: Graph, used: ReadonlySet<string>): ReadonlyMap<string, Role> {
  const { positive, negative } = promptPlaces(graph, used);
  const found = new Map<string, Role>();
  for (const place of positive) found.set(keyOf(place), roles.prompt);
  for (const place of negative) found.set(keyOf(place), roles.negativePrompt);
  if (found.size > 0) return found;
  // No sampler that we know of: the titles may tell.
  for (const nodeId of used) {
    const node = graph[nodeId];
    const text =
      node === undefined ? undefined : ["text", "prompt"].find((name) => typeof node.inputs[name] === "string");
    if (node === undefined || text === undefined) continue;
    const isNegative = /negative/i.test(titleOf(graph, nodeId));
    found.set(keyOf({ nodeId, input: text }), isNegative ? roles.negativePrompt : roles.prompt);
  }
  return found;
}

/** What the consumer of a value calls it, through nodes that only hold one. */
function purposeOf(graph: Graph, { nodeId, input }: Place, depth = 0): Place {
  if (depth > 3 || !/^(value|int|float|number)$/.test(input)) return { nodeId, input };
  for (const [consumerId, consumer] of Object.entries(graph)) {
    const used = linksOf(consumer).find(([, { from }]) => from === nodeId);
    if (used !== undefined) return purposeOf(graph, { nodeId: consumerId, input: used[0] }, depth + 1);
  }
  return { nodeId, input };
}

/** What an input is by what it is called; null if it is nothing in particular. */
export function roleOf(graph: Graph, place: Place, backends: readonly DescribedBackend[]): Role | null {
  const { nodeId, input } = purposeOf(graph, place);
  const node = graph[nodeId];
  if (node === undefined) return null;
  const isCanvas = "batch_size" in node.inputs || /^Empty/.test(node.class_type);
  switch (input) {
    case "seed":
    case "noise_seed":
      return roles.seed;
    case "steps":
    case "cfg":
      return roles[input];
    case "guidance":
      return roles.cfg;
    case "width":
    case "height":
      return isCanvas ? roles[input] : null;
    case "batch_size":
      return /^EmptyImage$/.test(node.class_type) ? null : roles.count;
    case "denoise":
      return { ...roles.strength, suggested: node.inputs.denoise !== 1 };
    case "scale_by":
      return roles.scale;
    case "ckpt_name":
    case "unet_name":
      return roles.model;
    case "image": {
      if (!/^LoadImage(Mask)?$/.test(node.class_type)) return null;
      return isMaskOnly(graph, nodeId, backends) ? roles.mask : roles.image;
    }
    default:
      return null;
  }
}

/** True for a loader whose picture nobody uses, only its mask. */
function isMaskOnly(graph: Graph, nodeId: string, backends: readonly DescribedBackend[]): boolean {
  const classType = graph[nodeId]?.class_type ?? "";
  const outputs = backends.map(({ info }) => info?.[classType]?.outputs).find((types) => types !== undefined);
  const types = outputs ?? (classType === "LoadImageMask" ? ["MASK"] : ["IMAGE", "MASK"]);
  const slots = Object.values(graph).flatMap((node) =>
    Object.values(node.inputs).flatMap((value) => {
      const link = linkOf(value);
      return link?.from === nodeId ? [link.slot] : [];
    }),
  );
  return slots.length > 0 && slots.every((slot) => types[slot] === "MASK");
}
