import { type Graph, parseGraphText } from "@darkroom/contracts";
import type { Case } from "./case.ts";

/** Nodes that the values of the cases link to, by what they give. */
const sources: Graph = {
  picture: { class_type: "EmptyImage", inputs: { width: 32, height: 24, batch_size: 1, color: 0 } },
  "two outputs": { class_type: "LoadImage", inputs: { image: "there.png" } },
  latent: { class_type: "EmptyLatentImage", inputs: { width: 64, height: 64, batch_size: 1 } },
  "whole number": { class_type: "PrimitiveInt", inputs: { value: 32 } },
  fraction: { class_type: "PrimitiveFloat", inputs: { value: 1.5 } },
  text: { class_type: "PrimitiveString", inputs: { value: "center" } },
  sum: { class_type: "ComfyMathExpression", inputs: { expression: "a", "values.a": 32 } },
  anything: { class_type: "Any Switch (rgthree)", inputs: { any_01: ["picture", 0] } },
  matched: {
    class_type: "ComfySwitchNode",
    inputs: { switch: true, on_false: ["picture", 0], on_true: ["picture", 0] },
  },
  "saved text": { class_type: "SaveText", inputs: { text: "x", filename_prefix: "x", format: "txt" } },
  video: { class_type: "CreateVideo", inputs: { images: ["picture", 0], fps: 24 } },
  probe: { class_type: "ProbeInputs", inputs: {} },
  model: { class_type: "CheckpointLoaderSimple", inputs: { ckpt_name: "model.safetensors" } },
  words: { class_type: "CLIPTextEncode", inputs: { text: "a boat", clip: ["model", 1] } },
};

const picture = ["picture", 0];

/** The other inputs of the node that is tried: all of them right. */
const others: Readonly<Record<string, Record<string, unknown>>> = {
  EmptyImage: { width: 32, height: 24, batch_size: 1, color: 0 },
  EmptyLatentImage: { width: 64, height: 64, batch_size: 1 },
  KSampler: {
    ...{ model: ["model", 0], seed: 1, steps: 1, cfg: 1, sampler_name: "euler", scheduler: "normal", denoise: 1 },
    ...{ positive: ["words", 0], negative: ["words", 0], latent_image: ["latent", 0] },
  },
  ImageScaleBy: { image: picture, upscale_method: "area", scale_by: 1 },
  ImageScale: { image: picture, upscale_method: "area", width: 8, height: 8, crop: "center" },
  ImageCompositeMasked: { destination: picture, source: picture, x: 0, y: 0, resize_source: false },
  ImageInvert: { image: picture },
  CreateVideo: { images: picture, fps: 24 },
  SaveImage: { images: picture, filename_prefix: "x" },
  SaveText: { text: "x", filename_prefix: "x", format: "txt" },
  ReActorFaceSwap: { enabled: true, input_image: picture, console_log_level: 1 },
  LoadImage: { image: "there.png" },
  LoadImageMask: { image: "there.png", channel: "red" },
  ResizeImageMaskNode: { input: picture, scale_method: "area" },
  SaveImageAdvanced: { images: picture, filename_prefix: "x" },
  SaveVideo: { video: ["video", 0], filename_prefix: "x" },
  BatchImagesNode: { "images.image0": picture },
  ComfyMathExpression: { expression: "a", "values.a": 1 },
  ComfySwitchNode: { switch: true, on_false: picture, on_true: picture },
};

/** The id of the node that a case is about. */
export const SUBJECT = "subject";

/** A graph of the node that is tried, what it is linked to, and an output that needs it; as it would be read from a file. */
export function graphOf({ input, value, beside }: Case): Graph {
  const at = input.indexOf(".");
  const [classType, name] = [input.slice(0, at), input.slice(at + 1)];
  const given = value === "absent" ? undefined : inputOf(value);
  const all = { ...others[classType], ...beside, [name]: given };
  const inputs = Object.fromEntries(Object.entries(all).filter(([, one]) => one !== undefined));
  const subject = { class_type: classType, inputs };
  const sink = { class_type: "PreviewAny", inputs: { source: [SUBJECT, 0] } };
  const graph: Graph = { [SUBJECT]: subject, ...(/^(Save|Preview)/.test(classType) ? {} : { sink }) };
  return withSources(graph);
}

/** A value as it is read in an input of a node. */
function inputOf(value: string): unknown {
  const read = parseGraphText(`{"class_type":"any","inputs":{"value":${value}}}`) as Graph[string];
  return read.inputs.value;
}

/** A graph with what it links to of the nodes that the cases know. */
export function withSources(graph: Graph): Graph {
  const linked = Object.values(graph).flatMap(({ inputs }) =>
    Object.values(inputs).flatMap((one) => (Array.isArray(one) ? one.filter((id) => typeof id === "string") : [])),
  );
  const missing = linked.filter((id) => graph[id] === undefined && Object.hasOwn(sources, id));
  const added = Object.fromEntries(missing.flatMap((id) => (sources[id] === undefined ? [] : [[id, sources[id]]])));
  return missing.length === 0 ? graph : withSources({ ...graph, ...structuredClone(added) });
}
