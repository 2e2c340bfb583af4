import { itemOnWire, type PromptItem } from "../protocol/graph.ts";

export interface NodeMeta {
  readonly node_id: string;
  readonly display_node: string;
  readonly parent_node: string | null;
  readonly real_node_id: string;
}

/** One ended run. `messages` are start, cached and the outcome. */
export interface HistoryRecord {
  readonly item: PromptItem;
  readonly outputs: Record<string, Record<string, unknown[]>>;
  readonly meta: Record<string, NodeMeta>;
  readonly status: "success" | "error";
  readonly messages: [string, Record<string, unknown>][];
}

/** Ended runs in memory, oldest first, one per prompt id. */
export interface History {
  add(record: HistoryRecord): void;
  get(promptId: string): HistoryRecord | undefined;
  list(): readonly HistoryRecord[];
  remove(promptId: string): void;
  clear(): void;
}

// ComfyUI's own limit.
const maxRecords = 10_000;

export function createHistory(): History {
  const records = new Map<string, HistoryRecord>();
  return {
    add(record) {
      if (records.size >= maxRecords) {
        const oldest = records.keys().next().value;
        if (oldest !== undefined) records.delete(oldest);
      }
      records.set(record.item.promptId, record);
    },
    get: (promptId) => records.get(promptId),
    list: () => [...records.values()],
    remove: (promptId) => void records.delete(promptId),
    clear: () => records.clear(),
  };
}

/** As `/history` shows it. */
export function recordOnWire(record: HistoryRecord): Record<string, unknown> {
  return {
    prompt: itemOnWire(record.item),
    outputs: record.outputs,
    status: { status_str: record.status, completed: record.status === "success", messages: record.messages },
    meta: record.meta,
  };
}
