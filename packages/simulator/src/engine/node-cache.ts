import { library } from "../nodes/library.ts";
import { type Graph, isLink } from "../protocol/graph.ts";
import { toPythonJson } from "../protocol/python-json.ts";
import type { Site } from "../site/site.ts";

/** A finished node: for each output slot the values of all its runs, and what it showed. */
export interface NodeOutcome {
  readonly slots: readonly (readonly unknown[])[];
  readonly ui: Record<string, unknown[]> | null;
}

/** Results by content: class, inputs and all that is upstream. Keeps what the latest prompt used. */
export interface NodeCache {
  /** Forgets what `graph` does not use. Null key: never cached. */
  begin(graph: Graph, site: Site): Map<string, string | null>;
  get(key: string | null): NodeOutcome | undefined;
  set(key: string | null, outcome: NodeOutcome): void;
  clear(): void;
}

export function createNodeCache(): NodeCache {
  let outcomes = new Map<string, NodeOutcome>();
  return {
    begin(graph, site) {
      const keys = new Map<string, string | null>();
      for (const id of Object.keys(graph)) keyOf(id, graph, site, keys);
      const used = new Set(keys.values());
      outcomes = new Map([...outcomes].filter(([key]) => used.has(key)));
      return keys;
    },
    get: (key) => (key === null ? undefined : outcomes.get(key)),
    set(key, outcome) {
      if (key !== null) outcomes.set(key, outcome);
    },
    clear: () => outcomes.clear(),
  };
}

function keyOf(id: string, graph: Graph, site: Site, keys: Map<string, string | null>): string | null {
  const known = keys.get(id);
  if (known !== undefined) return known;
  const node = graph[id];
  const type = node === undefined ? undefined : library[node.class_type];
  if (node === undefined || type === undefined) return null;
  // Set first: a graph of which only a part was validated may have a ring in the rest.
  keys.set(id, null);
  const changed = type.changed?.(node.inputs, site) ?? "";
  if (typeof changed === "number" && Number.isNaN(changed)) return null;
  const inputs: unknown[] = [];
  for (const name of Object.keys(node.inputs).sort()) {
    const value = node.inputs[name];
    if (!isLink(value)) inputs.push([name, value]);
    else {
      const upstream = keyOf(value[0], graph, site, keys);
      if (upstream === null) return null;
      inputs.push([name, upstream, value[1]]);
    }
  }
  const key = toPythonJson([node.class_type, changed, inputs]);
  keys.set(id, key);
  return key;
}
