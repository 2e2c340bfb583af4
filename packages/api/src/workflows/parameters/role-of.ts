import { type GraphNode, isExactInteger, valueAt } from "@darkroom/contracts";
import { behind, type Consumer, type GraphView, holds, outputTypesOf, purposesOf } from "../graph/graph-view.ts";
import { linkOf } from "../graph/links.ts";
import { keyOf, type Place, type PromptPlaces } from "../graph/text-inputs.ts";
import { mediaAt } from "../graph/uploads.ts";
import { modelRoleOf } from "./model-role.ts";
import { partAt } from "./object-parts.ts";
import type { Assigned } from "./roles.ts";
import { sizeRoleOf } from "./size-role.ts";

const wanted = (role: Assigned["role"], isWanted = true, group?: string): Assigned => ({
  role,
  isWanted,
  ...(group === undefined ? {} : { group }),
});

/** What an input is, by where its value goes; null if it is nothing in particular. */
export function roleOf(view: GraphView, place: Place, prompts: ReadonlyMap<string, Assigned>): Assigned | null {
  const prompt = prompts.get(keyOf(place));
  if (prompt !== undefined) return prompt;
  const purposes = purposesOf(view, place);
  const found = purposes.flatMap((purpose) => {
    const assigned = roleOfPurpose(view, purpose, place);
    return assigned === null ? [] : [assigned];
  });
  const first = found.find(({ isWanted }) => isWanted) ?? found[0];
  const names = new Set(found.map(({ role }) => role));
  if (names.has("width") && names.has("height")) return wanted("side");
  if (first !== undefined) return first;
  // Where no model draws, the words that a node writes into a picture are what is asked for.
  if (prompts.size === 0 && purposes.some((purpose) => isWritten(view, purpose))) return wanted("speech");
  const isHeld = holds(view.graph[place.nodeId], place.input);
  // Whoever puts a value into a node of its own means it to be set.
  const purpose = purposes.find(({ input }) => !/prefix|file_?name|delimiter|separator|path/.test(input));
  if (!isHeld || purpose === undefined) return null;
  const named = purpose.nodeId === place.nodeId || !/\p{L}{3}/u.test(purpose.input) ? "" : purpose.input;
  return wanted(typeof heldAt(view, place) === "boolean" ? "toggle" : "value", true, named);
}

/** The prompts among the graph's texts, by {@link keyOf}. */
export function promptRoles({ positive, negative, idle }: PromptPlaces): Map<string, Assigned> {
  const found = new Map<string, Assigned>();
  for (const place of positive) found.set(keyOf(place), wanted(place.input === "lyrics" ? "lyrics" : "prompt"));
  for (const place of negative) found.set(keyOf(place), wanted("negativePrompt", !idle.has(keyOf(place))));
  return found;
}

/** True for the text of a node that writes it into a picture. */
function isWritten(view: GraphView, { nodeId, input }: Consumer): boolean {
  const node = view.graph[nodeId] ?? nothing;
  return /^(text|caption|title)$/.test(input) && outputTypesOf(view, node).includes("IMAGE");
}

function heldAt({ graph }: GraphView, { nodeId, input }: Place): unknown {
  const value = valueAt(graph[nodeId] ?? nothing, input);
  return isExactInteger(value) ? Number(value.$integer) : value;
}

function roleOfPurpose(view: GraphView, purpose: Consumer, place: Place): Assigned | null {
  const { nodeId, input } = purpose;
  const node = view.graph[nodeId];
  if (node === undefined) return null;
  const value = heldAt(view, place);
  const fact = view.factsOf(node.class_type)?.inputs[input] ?? null;
  const media = mediaAt(node, input, fact);
  if (media !== null) {
    if (media === "video" || media === "audio" || media === "3d") return wanted(media);
    if (media !== "image") return null;
    return wanted(isMaskOnly(view, nodeId) ? "mask" : "image");
  }
  const part = partAt(node, input);
  if (part !== null) return { ...part.assigned, group: `${nodeId} ${part.assigned.group ?? ""}` };
  // Inputs of the newer kinds have the name of what they depend on before their own: `resize_type.multiplier`.
  const name = input.split(".").at(-1) ?? input;
  return (
    samplingRoleOf(view, node, { nodeId, name, value }) ??
    sizeRoleOf(view, node, { nodeId, name, value }) ??
    otherRoleOf(view, node, { nodeId, name, value }) ??
    modelRoleOf(view, node, { nodeId, name, value })
  );
}

interface Asked {
  readonly nodeId: string;
  readonly name: string;
  readonly value: unknown;
}

function samplingRoleOf(view: GraphView, node: GraphNode, { nodeId, name, value }: Asked): Assigned | null {
  switch (name) {
    case "seed":
    case "noise_seed":
    case "rand_seed":
    case "Seed":
    case "image_seed":
    case "model_seed":
    case "texture_seed":
      // A preprocessor's seed is not the picture's, and a pass that adds no noise draws none.
      return wanted("seed", node.inputs.add_noise !== "disable" && !/Preprocessor/.test(node.class_type));
    case "steps":
      return wanted("steps");
    case "cfg":
    case "true_cfg":
    case "true_gs":
    case "cfg_scale":
    case "cfg_conds":
    case "cfg_cond2_negative":
      return wanted("cfg", !(value === 1 && isGuided(view, nodeId)), "cfg");
    case "guidance":
    case "guidance_scale":
    case "embedded_guidance_scale":
      return wanted("cfg", true, "guidance");
    case "sampler_name":
    case "scheduler": {
      // A sampler and its scheduler are chosen together: passes that differ in one keep both apart.
      const group = [node.inputs.sampler_name, node.inputs.scheduler].join(" ");
      return wanted(name === "scheduler" ? "scheduler" : "sampler", isOfFirstPass(view, nodeId), group);
    }
    case "denoise":
    case "denoise_strength":
      return isPass(node) || /Scheduler/.test(node.class_type)
        ? wanted("denoise", value !== 1 || isCompared(view, node))
        : null;
    case "start_at_step":
      return isPass(node) ? wanted("switchStep", typeof value === "number" && value > 0) : null;
    case "end_at_step": {
      const isEarlier = typeof value === "number" && !(value >= Number(node.inputs.steps));
      return isPass(node) ? wanted("switchStep", isEarlier && value < 10_000) : null;
    }
    default:
      return null;
  }
}

const strengthInputs =
  /^(strength|weight|(cn|control)_strength|controlnet_conditioning_scale|(ip|image)_weight|weight_(style|composition))$/;

/** What a model that answers in words is asked. */
const instructionInputs = /^(custom_prompt|instruction|question|query|text_input)$/;

/** True for a node that answers in words, or of a class that nobody describes. */
function isSpoken(view: GraphView, node: GraphNode): boolean {
  const types = outputTypesOf(view, node);
  return types.length === 0 || types.includes("STRING");
}

/** True for a node that says or sounds what it is told, where its text is no prompt: it reads no conditioning. */
function isHeard(view: GraphView, node: GraphNode): boolean {
  const types = outputTypesOf(view, node);
  const isNamed = types.length === 0 && /Speech|TTS|Dialogue|Voice|SoundEffect/i.test(node.class_type);
  return (isNamed || types.includes("AUDIO") || types.includes("VIDEO")) && linkOf(node.inputs.clip) === null;
}

function otherRoleOf(view: GraphView, node: GraphNode, { name, value }: Asked): Assigned | null {
  const linked = Object.keys(node.inputs).filter((input) => linkOf(node.inputs[input]) !== null);
  if (strengthInputs.test(name)) {
    // How much a picture counts. The strength of an area, of a correction of the model or of colours is no such thing.
    const isOfPicture = linked.some((input) =>
      /image|control|vision|style_model|reference|video|ipadapter/.test(input),
    );
    return isOfPicture && !/Color/.test(node.class_type) ? wanted("strength") : null;
  }
  if (/^(left|top|right|bottom)$/.test(name) && /Pad|Outpaint/i.test(node.class_type)) {
    return wanted("extend", value !== 0, name);
  }
  if (/Switch/i.test(node.class_type) && linked.length > 0) {
    if (typeof value === "boolean" || /^(select|index|input|switch)$/.test(name)) return wanted("toggle");
  }
  if (instructionInputs.test(name) && typeof value === "string" && isSpoken(view, node)) {
    // Only some tasks of a captioner take words.
    return wanted("instruction", name !== "text_input" || value.trim() !== "");
  }
  if (/^(preset_prompt|task)$/.test(name) && typeof value === "string" && isSpoken(view, node)) return wanted("task");
  if (/^(text\d*|gen_text|target_text|script)$/.test(name) && isHeard(view, node)) return wanted("speech");
  if (name === "voice" && typeof value === "string") return wanted("voice");
  if (/^(output|target)_language$/.test(name) && typeof value === "string") return wanted("language");
  if (/^(directory|folder)$/.test(name) && /Load/.test(node.class_type)) return wanted("folder");
  if (name === "stop_at_clip_layer") return wanted("clipSkip");
  return name === "batch_index" ? wanted("pick") : null;
}

/** True for a node that draws a picture, or tells the next one how: it has noise, and how long or how much it works. */
function isPass({ inputs }: GraphNode): boolean {
  const has = (...names: string[]): boolean => names.some((name) => inputs[name] !== undefined);
  return has("seed", "noise_seed", "noise") && has("steps", "sigmas", "denoise");
}

/** True for an input of a pass that no other pass comes before; also of a scheduler or a sampler that such a pass uses. */
function isOfFirstPass(view: GraphView, nodeId: string): boolean {
  return passesOf(view, nodeId).some(
    (pass) => ![...behind(view.graph, pass)].some((before) => isPass(view.graph[before] ?? nothing)),
  );
}

const nothing: GraphNode = { class_type: "", inputs: {} };

/** The node, or the first passes that what it gives goes to; the node itself where it goes to none. */
function passesOf(view: GraphView, nodeId: string): readonly string[] {
  const passes: string[] = [];
  const seen = new Set<string>();
  const waiting = [nodeId];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    if (isPass(view.graph[next] ?? nothing)) passes.push(next);
    else waiting.push(...view.consumersOf(next).map((consumer) => consumer.nodeId));
  }
  return passes.length === 0 ? [nodeId] : passes;
}

/** True where another pass works on the same latent with less than all of it redrawn: the numbers are to be compared. */
function isCompared(view: GraphView, { inputs }: GraphNode): boolean {
  const latent = linkOf(inputs.latent_image);
  if (latent === null) return false;
  return view.consumersOf(latent.from).some(({ nodeId, input }) => {
    const { denoise } = view.graph[nodeId]?.inputs ?? {};
    return input === "latent_image" && typeof denoise === "number" && denoise < 1;
  });
}

/** True for a pass whose guidance is told to the model with the prompt (`FluxGuidance`). */
function isGuided({ graph }: GraphView, nodeId: string): boolean {
  return [...behind(graph, nodeId)].some((before) => graph[before]?.inputs.guidance !== undefined);
}

/** True for a loader whose picture nobody uses, only its mask. */
function isMaskOnly(view: GraphView, nodeId: string): boolean {
  const node = view.graph[nodeId] ?? nothing;
  const types = outputTypesOf(view, node);
  const known = types.length > 0 ? types : node.class_type === "LoadImageMask" ? ["MASK"] : ["IMAGE", "MASK"];
  const slots = view.consumersOf(nodeId).map(({ slot }) => slot);
  return slots.length > 0 && slots.every((slot) => known[slot] === "MASK");
}
