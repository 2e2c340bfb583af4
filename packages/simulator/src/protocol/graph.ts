/** A graph in API format, as it arrives. Validation has made sure of this form before anything runs. */
export interface GraphNode {
  readonly class_type: string;
  readonly inputs: Record<string, unknown>;
  readonly _meta?: { readonly title?: string };
}
export type Graph = Record<string, GraphNode>;

/** `[nodeId, slot]`: Python counts slots below 0 from the last, and takes `true` for 1. */
export type Link = readonly [string, number | boolean];

export function isLink(value: unknown): value is Link {
  return (
    Array.isArray(value) &&
    value.length === 2 &&
    typeof value[0] === "string" &&
    (typeof value[1] === "number" || typeof value[1] === "boolean")
  );
}

/** What ComfyUI keeps of a submitted prompt; also the form of a queue item on the wire. */
export interface PromptItem {
  readonly number: number;
  readonly promptId: string;
  readonly graph: Graph;
  readonly extraData: Record<string, unknown>;
  /** Ids of the outputs that will run. */
  readonly outputs: readonly string[];
}

/** As `/queue` and `/history` show it. */
export function itemOnWire(item: PromptItem): unknown[] {
  return [item.number, item.promptId, item.graph, item.extraData, item.outputs];
}

/** Whose socket hears of it; null: everybody hears of it. */
export function clientOf(item: PromptItem): string | null {
  const id = item.extraData.client_id;
  return typeof id === "string" ? id : null;
}
