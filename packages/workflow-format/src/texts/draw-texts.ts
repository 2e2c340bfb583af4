import { createRandom, type Graph, type GraphNode, hash32, type LayoutInput } from "@darkroom/contracts";
import { layoutOf, type NodeLayouts } from "../layout/read-layouts.ts";
import { drawText } from "./draw-text.ts";
import { fillTokens } from "./fill-tokens.ts";

/**
 * The graph with a note at each node of the texts that its class wants drawn (`dynamicPrompts`), since {@link drawTexts}
 * runs where nobody knows the classes.
 */
export function noteDynamicTexts(graph: Graph, layouts: NodeLayouts): Graph {
  return mapNodes(graph, (node) => {
    const declared = dynamicInputs(layoutOf(layouts, node.class_type)?.inputs ?? []);
    const dynamicPrompts = declared.filter((name) => typeof node.inputs[name] === "string");
    return dynamicPrompts.length === 0 ? node : { ...node, _meta: { ...node._meta, dynamicPrompts } };
  });
}

/**
 * The graph with its texts as one run sends them, which the editor does at each export (frontend 1.45.0): choices are drawn
 * and comments cut in the texts that {@link noteDynamicTexts} noted, and the names of files are filled in.
 *
 * @param run.seed the same for each attempt of a job: the same texts are drawn
 * @param run.now when the job was submitted, so that a retry names the same date
 * @param run.asWritten `node input` of the texts that are sent as they are
 */
export function drawTexts(
  graph: Graph,
  { seed, now, asWritten }: { readonly seed: string; readonly now: Date; readonly asWritten: ReadonlySet<string> },
): Graph {
  return mapNodes(graph, (node, id) => {
    const inputs = Object.entries(node.inputs).map(([name, value]) => {
      if (typeof value !== "string") return [name, value];
      if (node._meta?.dynamicPrompts?.includes(name) && !asWritten.has(`${id} ${name}`)) {
        return [name, drawText(value, createRandom(hash32(`${seed} ${id} ${name}`)))];
      }
      return [name, name === "filename_prefix" ? fillTokens(value, graph, now) : value];
    });
    return { ...node, inputs: Object.fromEntries(inputs) };
  });
}

function mapNodes(graph: Graph, change: (node: GraphNode, id: string) => GraphNode): Graph {
  return Object.fromEntries(Object.entries(graph).map(([id, node]) => [id, change(node, id)]));
}

function dynamicInputs(inputs: readonly LayoutInput[]): string[] {
  return inputs.flatMap(({ name, dynamicPrompts, options = [] }) => [
    ...(dynamicPrompts ? [name] : []),
    ...options.flatMap((option) => dynamicInputs(option.inputs)),
  ]);
}
