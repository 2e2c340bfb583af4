import { broughtBy } from "./custom-combo.ts";
import { type InputValues, isImageInput } from "./input-value.ts";
import { loadWhiteAsMask } from "./mask-loader.ts";
import { withValueAt } from "./object-part.ts";
import type { Graph, GraphNode, WorkflowDefinition } from "./workflow.ts";

/** Loaders of node packs that take a picture as a path on the server or as base64, and give what `LoadImage` gives. */
const textLoaders: Readonly<Record<string, string>> = {
  VHS_LoadImagePath: "image",
  "easy loadImageBase64": "base64_data",
  ETN_LoadImageBase64: "image",
};

/**
 * True for an input that holds a picture as a text. What a person uploads has no path that we know of, and as base64 it
 * would be stored with every job and in every output: {@link compileGraph} puts a `LoadImage` in the node's place. A loader
 * that also scales has no such equal.
 */
export function loadsPictureAsText({ class_type, inputs }: GraphNode, input: string): boolean {
  const scales = [inputs.custom_width, inputs.custom_height].some((side) => side !== undefined && side !== 0);
  return textLoaders[class_type] === input && !scales;
}

function loadImage(fileName: string): GraphNode {
  return { class_type: "LoadImage", inputs: { image: fileName } };
}

/**
 * The graph to submit: a copy of the nodes and their inputs, with each bound one set. The values that stay are shared with the
 * definition, since nobody changes them in place and a deep copy is most of what a submit would spend here. Image inputs are given by `fileNames` (the name ComfyUI
 * answered to the upload). Throws if a binding names a node that the graph lacks: that is a broken workflow.
 */
export function compileGraph(
  definition: Pick<WorkflowDefinition, "graph" | "bindings"> & Partial<Pick<WorkflowDefinition, "parameters">>,
  inputs: InputValues,
  fileNames: Readonly<Record<string, string>> = {},
): Graph {
  const graph: Graph = Object.fromEntries(
    Object.entries(definition.graph).map(([id, node]) => [id, { ...node, inputs: { ...node.inputs } }]),
  );
  for (const { parameter, node, input } of definition.bindings) {
    dropOtherOptions(graph[node], input, inputs[parameter]);
    blankDrawnPictures(graph[node], input);
  }
  for (const { parameter, node, input } of definition.bindings) {
    const target = graph[node];
    if (target === undefined) throw new Error(`binding of ${parameter} names node ${node}, which the graph lacks`);
    const value = inputs[parameter];
    if (value === undefined) continue;
    if (isImageInput(value)) {
      const fileName = fileNames[parameter];
      if (fileName === undefined) throw new Error(`no file was uploaded for ${parameter}`);
      if (loadsPictureAsText(target, input)) graph[node] = { ...target, ...loadImage(fileName) };
      else target.inputs[input] = fileName;
      if (kindOf(definition, parameter) === "mask") loadWhiteAsMask(graph, node, fileName);
    } else
      graph[node] = { ...target, inputs: { ...withValueAt(target, input, value), ...broughtBy(target, input, value) } };
  }
  return graph;
}

function kindOf({ parameters }: Partial<Pick<WorkflowDefinition, "parameters">>, name: string) {
  return parameters?.find((parameter) => parameter.name === name)?.kind;
}

/**
 * Another option of a dynamic combo than the graph's brings other inputs, and those of the graph's go. They have the combo's
 * name and a dot before their own. What the new option needs and no parameter sets is filled in with its default when the
 * graph is sent.
 */
function dropOtherOptions(node: GraphNode | undefined, input: string, chosen: unknown): void {
  if (node === undefined || chosen === undefined || node.inputs[input] === chosen) return;
  for (const name of Object.keys(node.inputs)) if (name.startsWith(`${input}.`)) delete node.inputs[name];
}

/** Where a worker puts the picture that stands for those that ComfyUI's page would draw. */
export const BLANK_PICTURE = "darkroom/blank.png";

/** A loader of 3D models whose picture ComfyUI's page draws: it sends the files of its drawings with the graph. */
export function drawsInPage({ class_type }: GraphNode, input: string): boolean {
  return /^Load3D(Animation)?$/.test(class_type) && input === "model_file";
}

/** A job has no page. The drawings that the graph names are of another model, and lie on the server of whoever drew it. */
function blankDrawnPictures(node: GraphNode | undefined, input: string): void {
  if (node === undefined || !drawsInPage(node, input)) return;
  const drawn = { image: BLANK_PICTURE, mask: BLANK_PICTURE, normal: BLANK_PICTURE, recording: "", camera_info: null };
  node.inputs.image = drawn;
}
