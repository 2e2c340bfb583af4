import type { Graph, LayoutInput } from "@darkroom/contracts";
import type { NodeLayouts } from "../layout/read-layouts.ts";
import { layoutOf } from "../layout/read-layouts.ts";
import { drawText } from "./draw-text.ts";
import { fillTokens } from "./fill-tokens.ts";
import { createRandom } from "./random.ts";

interface Run {
  readonly layouts: NodeLayouts;
  /** The same for each attempt of a job, another one for another job. */
  readonly seed: string;
  /** When the job was submitted, so that a retry names the same date. */
  readonly now: Date;
}

/**
 * The graph with its texts as one run sends them, which the editor does at each export: choices are drawn and comments cut
 * in the inputs whose class says `dynamicPrompts`, and the names of files are filled in. Pure: the same for the same run.
 */
export function drawTexts(graph: Graph, { layouts, seed, now }: Run): Graph {
  return Object.fromEntries(
    Object.entries(graph).map(([id, node]) => {
      const dynamic = dynamicInputs(layoutOf(layouts, node.class_type)?.inputs ?? []);
      const inputs = Object.entries(node.inputs).map(([name, value]) => {
        if (typeof value !== "string") return [name, value];
        if (dynamic.has(name)) return [name, drawText(value, createRandom(`${seed} ${id} ${name}`))];
        return [name, name === "filename_prefix" ? fillTokens(value, graph, now) : value];
      });
      return [id, { ...node, inputs: Object.fromEntries(inputs) }];
    }),
  );
}

function dynamicInputs(inputs: readonly LayoutInput[]): ReadonlySet<string> {
  return new Set(
    inputs.flatMap(({ name, dynamicPrompts, options = [] }) => [
      ...(dynamicPrompts ? [name] : []),
      ...options.flatMap((option) => [...dynamicInputs(option.inputs)]),
    ]),
  );
}
