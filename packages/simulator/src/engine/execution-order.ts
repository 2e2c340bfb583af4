import { library } from "../nodes/library.ts";
import { type Graph, isLink } from "../protocol/graph.ts";

/** Which node runs next, picked as ComfyUI's `ExecutionList` does: outputs as early as possible. */
export interface ExecutionOrder {
  next(): string | null;
  done(id: string): void;
  /** The node stays until those that it links to, and the outputs among `inner`, have run. */
  expand(id: string, inner: readonly string[], links: readonly unknown[]): void;
}

export function createExecutionOrder(
  graph: Graph,
  outputs: readonly string[],
  isCached: (id: string) => boolean,
): ExecutionOrder {
  const waiting = new Map<string, Set<string>>();
  const blocking = new Map<string, Set<string>>();

  function add(start: string): void {
    const stack = [start];
    for (let id = stack.pop(); id !== undefined; id = stack.pop()) {
      if (waiting.has(id)) continue;
      const sources = new Set<string>();
      waiting.set(id, sources);
      for (const value of Object.values(graph[id]?.inputs ?? {})) {
        if (!isLink(value) || isCached(value[0])) continue;
        sources.add(value[0]);
        const dependents = blocking.get(value[0]) ?? new Set();
        blocking.set(value[0], dependents.add(id));
        stack.push(value[0]);
      }
    }
  }
  for (const output of outputs) add(output);

  const isOutput = (id: string): boolean => library[graph[id]?.class_type ?? ""]?.outputNode === true;
  const blockedBy = (id: string): string[] => [...(blocking.get(id) ?? [])].filter((other) => waiting.has(other));

  return {
    next() {
      const ready = [...waiting].filter(([, sources]) => sources.size === 0).map(([id]) => id);
      return (
        ready.find(isOutput) ??
        ready.find((id) => blockedBy(id).some(isOutput)) ??
        ready.find((id) => blockedBy(id).some((other) => blockedBy(other).some(isOutput))) ??
        ready[0] ??
        null
      );
    },
    expand(id, inner, links) {
      const sources = links.filter(isLink).map(([source]) => source);
      for (const source of sources) {
        waiting.get(id)?.add(source);
        blocking.set(source, (blocking.get(source) ?? new Set()).add(id));
      }
      for (const start of [...sources, ...inner.filter(isOutput)]) add(start);
    },
    done(id) {
      waiting.delete(id);
      for (const sources of waiting.values()) sources.delete(id);
    },
  };
}
