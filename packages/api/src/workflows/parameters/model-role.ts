import { type GraphNode, isModelFile } from "@darkroom/contracts";
import { type GraphView, outputTypesOf } from "../graph/graph-view.ts";
import { linksOf } from "../graph/links.ts";
import type { Assigned, RoleName } from "./roles.ts";

/** What a model's file is for, by how loaders call the input. */
const named: readonly [RegExp, RoleName][] = [
  [/lora/, "lora"],
  [/clip_vision|vision/, "visionModel"],
  [/vae|^stage_a$/, "vae"],
  [/control_?net/, "controlNet"],
  [/style_model/, "styleModel"],
  [/^(ckpt|unet|diffusion|model)_?(name|path)?$|^stage_[bc]$/, "model"],
  [/clip|text_encoder|t5/, "textEncoder"],
];

/** The role by the node's class, for inputs whose name fits any model. */
const loaders: readonly [RegExp, RoleName][] = [
  [/Upscale/i, "upscaler"],
  [/VAE/i, "vae"],
  [/T5|TextEncode|CLIP/i, "textEncoder"],
  [/ControlNet/i, "controlNet"],
  [/Lora/i, "lora"],
];

/** The role of a model file's name, or of a LoRA's strength; null for other inputs. */
export function modelRoleOf(
  view: GraphView,
  node: GraphNode,
  { nodeId, name, value }: { nodeId: string; name: string; value: unknown },
): Assigned | null {
  if (typeof value === "number") return loraStrengthOf(node, nodeId, name);
  if (typeof value !== "string") return null;
  const types = outputTypesOf(view, node);
  // A node that makes pictures of pictures brings its own models with it, as preprocessors do.
  const isLoader = !(types.includes("IMAGE") && linksOf(node).length > 0);
  // A service is told which of its models is to answer; a loader's file may have an ending of any kind.
  const isService = node.inputs.prompt !== undefined && view.factsOf(node.class_type)?.inputs[name]?.type === "COMBO";
  const isNamed = /_name(_?\d+)?$|^model(_path)?$/.test(name) && (/Load|API/i.test(node.class_type) || isService);
  if (!(isModelFile(value) && isLoader) && !isNamed) return null;
  if (/sampler|scheduler/.test(name)) return null;
  return { role: roleNamed(node, name), isWanted: !isNone(value) };
}

function roleNamed({ class_type }: GraphNode, name: string): RoleName {
  if (/CLIPVision/i.test(class_type)) return "visionModel";
  // Packs call any file of theirs the model: the class says which one.
  const isPlain = /^model(_name|_path)?$/.test(name);
  const byClass = isPlain ? loaders.find(([pattern]) => pattern.test(class_type)) : undefined;
  return (byClass ?? named.find(([pattern]) => pattern.test(name)))?.[1] ?? "otherModel";
}

function isNone(value: unknown): boolean {
  return value === undefined || (typeof value === "string" && /^(none|baked vae|)$/i.test(value));
}

/** A strength belongs to the LoRA of its node, in a stack to that of its number. */
function loraStrengthOf(node: GraphNode, nodeId: string, name: string): Assigned | null {
  const [number = ""] = name.match(/\d+/) ?? [];
  const isStrength =
    /^strength(_model|_clip|_\d+)?$|^lora(_\d+)?(_model|_clip)?_strength$|^(lora_wt|(model|clip)_(str|weight))_\d+$/.test(
      name,
    );
  const file = ["lora_name", "lora", `lora_${number}_name`, `lora_name_${number}`, `lora_${number}`].find(
    (input) => node.inputs[input] !== undefined,
  );
  if (!isStrength || file === undefined) return null;
  // A stack has one strength for both, or one each: the other is not looked at.
  const isSimple = node.inputs.mode === "simple";
  const isIdle = number !== "" && /_(model|clip)_/.test(name) === isSimple;
  return { role: "loraStrength", isWanted: !isNone(node.inputs[file]) && !isIdle, group: `${nodeId} ${number}` };
}
