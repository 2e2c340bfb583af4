import { isModelFile } from "../workflow/capability.ts";
import { isExactInteger } from "../workflow/graph-text.ts";
import type { Graph } from "../workflow/workflow.ts";
import type { MissingOutput } from "./output.ts";

/** What the run of an attempt took, as its worker heard it. Node ids are those of the graph that was sent. */
export interface RunRecord {
  /**
   * The nodes that ran, in the order in which they began, and the milliseconds each took. What an expanded subgraph's
   * nodes took counts for the node that people placed.
   */
  readonly nodes: readonly { readonly node: string; readonly ms: number }[];
  /** The nodes whose results ComfyUI still had. */
  readonly cached: readonly string[];
  /**
   * What loading models took, in milliseconds: the nodes that load one, and what a sampler took before its first step
   * beyond the time of a step. Null if no such node was heard to run.
   */
  readonly modelLoadMs: number | null;
  /** What the nodes that count steps took besides, in milliseconds; null if none was heard to run. */
  readonly samplingMs: number | null;
  /** From its start to its end, in milliseconds, by ComfyUI's clock where it tells; null if not known. */
  readonly totalMs: number | null;
  /** True if a model had to be loaded, false if ComfyUI had it; null if the graph has none, or nobody heard. */
  readonly isCold: boolean | null;
  /** False if frames were missed, so that times are missing too. */
  readonly isWhole: boolean;
  /** The output nodes that made nothing in a run that succeeded; absent if each made something. */
  readonly missingOutputs?: readonly MissingOutput[];
}

export interface GraphSeed {
  readonly node: string;
  readonly input: string;
  /** Beyond ±2^53 its digits as a text, since JSON numbers are rounded there. */
  readonly value: number | string;
}

/** The seeds that a graph sets. */
export function seedsOf(graph: Graph): GraphSeed[] {
  return inputsOf(graph).flatMap(({ node, input, value }): GraphSeed[] => {
    if (!/(^|_)seed$/.test(input)) return [];
    if (isExactInteger(value)) return [{ node, input, value: value.$integer }];
    return typeof value === "number" ? [{ node, input, value }] : [];
  });
}

export interface GraphModel {
  readonly node: string;
  readonly input: string;
  /** The file, as ComfyUI lists it. */
  readonly file: string;
}

/** The model files that a graph names, whether a parameter set them or the workflow's author. */
export function modelsOf(graph: Graph): GraphModel[] {
  return inputsOf(graph).flatMap(({ node, input, value }) =>
    typeof value === "string" && isModelFile(value) ? [{ node, input, file: value }] : [],
  );
}

function inputsOf(graph: Graph): { node: string; input: string; value: unknown }[] {
  return Object.entries(graph).flatMap(([node, { inputs }]) =>
    Object.entries(inputs).map(([input, value]) => ({ node, input, value })),
  );
}
