import type { GraphNode } from "@darkroom/contracts";
import { type GraphView, outputTypesOf } from "../graph/graph-view.ts";
import { linkOf } from "../graph/links.ts";
import type { Assigned } from "./roles.ts";

/** Nodes that make the empty latent, or its like in packs that have none. */
const canvasClass = /Empty\w*(Latent|Embeds)|LatentImage|ToVideo|img2vid/i;
const resizeClass = /Scale|Resize/i;
/** Nodes that give a size to others as two numbers. */
const sizeClass = /Size|Resolution|Dimension|Ratio/i;
const frameInputs = ["length", "video_frames", "num_frames", "frames"];
/** Nodes that make one video or animation of the pictures that they are given. */
const filmClass = /VideoCombine|SaveAnimated|CreateVideo|SaveWEBM/;

/**
 * What a person calls the size, the length or the number of what is made. A width can be of many things; it is the size
 * where the node makes the latent, or brings a picture to it.
 */
export function sizeRoleOf(
  view: GraphView,
  node: GraphNode,
  { nodeId, name, value }: { nodeId: string; name: string; value: unknown },
): Assigned | null {
  const types = outputTypesOf(view, node);
  const isLatent = types.includes("LATENT") || (types.length === 0 && canvasClass.test(node.class_type));
  const has = (input: string): boolean => node.inputs[input] !== undefined;
  const isVideo = frameInputs.some(has);
  const hasSide = has("width") || has("generation_width");
  const isCanvas = isLatent || canvasClass.test(node.class_type) || (isVideo && hasSide);
  const isPipe = types.includes("PIPE_LINE");
  const own = (role: Assigned["role"], isWanted = true): Assigned => ({ role, isWanted });
  switch (name) {
    case "width":
    case "height":
      if (isCanvas && !/Composite|Crop|FromBatch/.test(node.class_type)) return own(name);
      // Told the size that is made, and following it: bound to it where they are equal, and no field of their own.
      if (types.some((type) => type === "MODEL" || type === "SIGMAS")) return own(name, false);
      if (/^ModelSampling|Scheduler$/.test(node.class_type)) return own(name, false);
      if (types.every((type) => type === "INT") && sizeClass.test(node.class_type)) return own(name);
      // A service that makes pictures; beside a list of sizes its own two numbers count for one choice.
      if (has("prompt") && types.includes("IMAGE")) return own(name, !hasSizeList(node));
      return resizeClass.test(node.class_type) ? own(name) : null;
    case "generation_width":
    case "generation_height":
      return own(name === "generation_width" ? "width" : "height");
    case "empty_latent_width":
    case "empty_latent_height":
      return own(name === "empty_latent_width" ? "width" : "height", hasOwnSize(node) && isEffective(view, nodeId));
    case "aspect_ratio":
    case "ratio":
      if (typeof value !== "string") return null;
      return own("ratio", !/custom/i.test(value) && (!isPipe || isEffective(view, nodeId)));
    case "size_preset":
    case "resolution":
      if (typeof value !== "string") return null;
      return own("size", !/custom/i.test(value) && (!isPipe || isEffective(view, nodeId)));
    case "base_size":
    case "size":
      // Packs pick the size that is nearest to the picture's from a list. Services that make pictures have it as a list.
      return typeof value === "string" && (has("prompt") || name === "base_size") ? own("size") : null;
    case "n":
    case "num_images":
    case "number_of_images":
      return has("prompt") && types.some((type) => type === "IMAGE" || type === "SVG") ? own("count") : null;
    case "batch_size":
      if (!isCanvas && !isPipe) return null;
      // Some latents of sound have frames by another name, and a latent of a 3D model makes one.
      if (isVideo || has("seconds") || /Audio|3D/.test(node.class_type)) return null;
      return own(isFilm(view, nodeId) ? "length" : "count", !isPipe || isEffective(view, nodeId));
    case "length":
    case "video_frames":
    case "num_frames":
    case "frames":
      return isCanvas && !/FromBatch/.test(node.class_type) ? own("length") : null;
    case "frame_load_cap":
      return own("loaded", value !== 0);
    case "largest_size":
    case "longer_size":
    case "longest_side":
    case "shorter_size":
    case "shortest_side":
      return own("edge");
    case "motion_bucket_id":
      return own("motion");
    case "seconds":
    case "duration":
    case "duration_seconds":
      return own("seconds");
    case "fps":
    case "frame_rate":
      return own("fps");
    case "upscale_factor":
    case "scale_factor":
      return /Upscal|Enhanc/.test(node.class_type) ? own("scale") : null;
    case "scale_by":
    case "upscale_by":
    case "multiplier":
    case "rescale_factor":
      if (name === "multiplier" && !resizeClass.test(node.class_type)) return null;
      return own("scale", !(isLoader(node) && value === 1));
    case "megapixels":
      return own("megapixels", !isLoader(node));
    default:
      return null;
  }
}

function hasSizeList({ inputs }: GraphNode): boolean {
  return Object.entries(inputs).some(
    ([input, value]) => /(^|\.)(size(_preset)?|resolution|aspect_ratio)$/.test(input) && !/custom/i.test(String(value)),
  );
}

/** A loader of pictures scales them in passing, mostly not at all. */
function isLoader({ class_type }: GraphNode): boolean {
  return /Load/.test(class_type);
}

/** True for a latent of several pictures that become the frames of one film, as AnimateDiff has it. */
function isFilm(view: GraphView, nodeId: string): boolean {
  const seen = new Set<string>();
  const waiting = [nodeId];
  let isFilmed = false;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    const { class_type: name = "", inputs = {} } = view.graph[next] ?? {};
    if (/^(Save|Preview)Image/.test(name)) return false;
    // From here on there are as many frames as that node says.
    if (next !== nodeId && frameInputs.some((input) => inputs[input] !== undefined)) continue;
    isFilmed ||= filmClass.test(name);
    waiting.push(...view.consumersOf(next).map((consumer) => consumer.nodeId));
  }
  return isFilmed;
}

/** False where the node's list of sizes gives another than its own two numbers. */
function hasOwnSize({ inputs: { resolution } }: GraphNode): boolean {
  return typeof resolution !== "string" || /custom/i.test(resolution);
}

/** False for a loader whose empty latent a node behind it replaces by that of a picture. */
function isEffective(view: GraphView, nodeId: string): boolean {
  const seen = new Set<string>();
  const waiting = [nodeId];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    const { inputs = {} } = view.graph[next] ?? {};
    const has = (input: string): boolean => linkOf(inputs[input]) !== null;
    if (next !== nodeId && (has("latent") || has("image_to_latent") || (has("image") && has("mask")))) return false;
    waiting.push(...view.consumersOf(next).flatMap(({ nodeId: to, input }) => (/pipe/.test(input) ? [to] : [])));
  }
  return true;
}
