import type { Graph, LayoutInput } from "@darkroom/contracts";
import { layoutOf, type NodeLayouts } from "../layout/read-layouts.ts";

/** A value that was put in. */
export interface Filled {
  readonly nodeId: string;
  readonly field: string;
  readonly value: unknown;
}

/**
 * Puts in the defaults of required inputs that a graph in API format lacks: those that its classes have gained since it was exported. A
 * server refuses such a graph, and the editor fills it in when it opens the file. Only widgets have a default; a socket stays empty, and
 * so does a file that somebody would have to send.
 */
export function fillDefaults(graph: Graph, layouts: NodeLayouts): { graph: Graph; filled: readonly Filled[] } {
  const filled: Filled[] = [];
  const nodes = Object.entries(graph).map(([nodeId, node]) => {
    const layout = layoutOf(layouts, node.class_type);
    const inputs = { ...node.inputs };
    for (const { field, value } of missing(layout?.inputs ?? [], inputs)) {
      inputs[field] = value;
      filled.push({ nodeId, field, value });
    }
    return [nodeId, { ...node, inputs }] as const;
  });
  return { graph: filled.length === 0 ? graph : Object.fromEntries(nodes), filled };
}

function missing(inputs: readonly LayoutInput[], given: Readonly<Record<string, unknown>>): Omit<Filled, "nodeId">[] {
  const takesUploads = inputs.some(({ unsent }) => unsent === true);
  return inputs.flatMap((input): Omit<Filled, "nodeId">[] => {
    const { name, required, widget, unsent, default: fallback } = input;
    const isFile = takesUploads && input.type === "COMBO";
    const isAbsent = given[name] === undefined && required && widget === true && unsent !== true && !isFile;
    const value = isAbsent ? fallback : given[name];
    const own = isAbsent && fallback !== undefined ? [{ field: name, value: enveloped(fallback) }] : [];
    const chosen = input.options?.find(({ key }) => key === value);
    return [...own, ...(chosen === undefined ? [] : missing(chosen.inputs, given))];
  });
}

/** A list that is a value: a bare one would be a link. */
function enveloped(value: unknown): unknown {
  return Array.isArray(value) ? { __value__: value } : value;
}
