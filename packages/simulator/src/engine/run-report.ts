import type { HistoryRecord, NodeMeta } from "../prompts/history.ts";
import { clientOf, type PromptItem } from "../protocol/graph.ts";
import type { Site } from "../site/site.ts";
import type { NodePlace, Sockets } from "../transport/sockets.ts";

/** Tells a prompt's client how its run goes, and keeps what the history shows of it. */
export interface RunReport {
  started(): void;
  /** Which nodes need not run. */
  cached(ids: readonly string[]): void;
  nodeStarted(id: string): void;
  /** Every later error or interrupt lists it as executed. */
  nodeFinished(id: string): void;
  /** What an output node made; null: it shows nothing. */
  shown(id: string, ui: Record<string, unknown[]> | null): void;
  /** A blocked input kept the node from running. ComfyUI tells it as an error and goes on. */
  blocked(id: string, type: string, message: string): void;
  /** Told to everyone, unlike all else: ComfyUI does not say whose prompt was interrupted. */
  interrupted(id: string, type: string): void;
  failed(id: string, type: string, failure: Record<string, unknown>): void;
  succeeded(): void;
  record(): HistoryRecord;
}

export interface RunReportParts {
  readonly site: Site;
  readonly sockets: Sockets;
  readonly placeOf: (id: string) => NodePlace;
}

export function createRunReport(item: PromptItem, { site, sockets, placeOf }: RunReportParts): RunReport {
  const { promptId } = item;
  const clientId = clientOf(item);
  const outputs: HistoryRecord["outputs"] = {};
  const meta: Record<string, NodeMeta> = {};
  const messages: HistoryRecord["messages"] = [];
  const executed: string[] = [];
  let status: HistoryRecord["status"] = "success";

  /** Kept in the history, with its time, whether or not there is a client to send it to. */
  function tell(type: string, data: Record<string, unknown>, toAll = false): void {
    const message = { ...data, timestamp: site.clock.now() };
    messages.push([type, message]);
    if (clientId !== null || toAll) sockets.send(type, message, clientId);
  }

  function tellClient(type: string, data: Record<string, unknown>): void {
    if (clientId !== null) sockets.send(type, data, clientId);
  }

  const about = (id: string, type: string) => ({ prompt_id: promptId, node_id: id, node_type: type, executed });

  return {
    started: () => tell("execution_start", { prompt_id: promptId }),
    cached: (ids) => tell("execution_cached", { nodes: ids, prompt_id: promptId }),
    nodeStarted(id) {
      tellClient("executing", { node: id, display_node: placeOf(id).display, prompt_id: promptId });
    },
    nodeFinished: (id) => void executed.push(id),
    shown(id, ui) {
      if (ui === null) return;
      const { display, parent, real } = placeOf(id);
      outputs[id] = ui;
      meta[id] = { node_id: id, display_node: display, parent_node: parent, real_node_id: real };
      tellClient("executed", { node: id, display_node: display, output: ui, prompt_id: promptId });
    },
    blocked(id, type, message) {
      tellClient("execution_error", {
        ...about(id, type),
        exception_message: `Execution Blocked: ${message}`,
        exception_type: "ExecutionBlocked",
        traceback: [],
        current_inputs: [],
        current_outputs: [],
      });
    },
    interrupted(id, type) {
      status = "error";
      tell("execution_interrupted", about(id, type), true);
    },
    failed(id, type, failure) {
      status = "error";
      tell("execution_error", { ...about(id, type), ...failure });
    },
    succeeded: () => tell("execution_success", { prompt_id: promptId }),
    record: () => ({ item, outputs, meta, status, messages }),
  };
}
