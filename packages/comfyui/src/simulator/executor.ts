import { createExecutionOrder } from "./execution-order.ts";
import { clientOf, type PromptItem } from "./graph.ts";
import type { HistoryRecord, NodeMeta } from "./history.ts";
import type { NodeCache, NodeOutcome } from "./node-cache.ts";
import { library } from "./nodes/library.ts";
import { Interrupted, type NodeContext, NodeFailure, type NodeSite, type NodeType } from "./nodes/node-type.ts";
import { createProgress } from "./progress.ts";
import { toPythonJson } from "./python-json.ts";
import { type GivenInputs, gatherInputs, runNode } from "./run-node.ts";
import type { Sockets } from "./sockets.ts";

export interface ExecutorParts {
  readonly site: NodeSite;
  readonly sockets: Sockets;
  readonly cache: NodeCache;
  readonly stepMs: () => number;
  readonly loadMs: () => number;
  readonly speed: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly useModel: (name: string) => Promise<void>;
  /** Takes the waiting interrupt, if there is one. */
  readonly takeInterrupt: () => boolean;
  /** Which node runs now; null between nodes. */
  readonly onNode: (id: string | null) => void;
}

/** Runs one prompt from start to outcome, sending ComfyUI's frames in ComfyUI's order. Never throws for what a node does. */
export async function execute(item: PromptItem, parts: ExecutorParts): Promise<HistoryRecord> {
  const { sockets, cache, site } = parts;
  const { promptId, graph } = item;
  const clientId = clientOf(item);
  const progress = createProgress(promptId, clientId, sockets, parts.speed);
  const outputs: HistoryRecord["outputs"] = {};
  const meta: Record<string, NodeMeta> = {};
  const messages: HistoryRecord["messages"] = [];
  const executed: string[] = [];
  const outcomes = new Map<string, NodeOutcome>();

  function tell(type: string, data: Record<string, unknown>, toAll = false): void {
    const message = { ...data, timestamp: Date.now() };
    messages.push([type, message]);
    if (clientId !== null || toAll) sockets.send(type, message, clientId);
  }

  function tellClient(type: string, data: Record<string, unknown>): void {
    if (clientId !== null) sockets.send(type, data, clientId);
  }

  function show(id: string, ui: Record<string, unknown[]> | null): void {
    if (ui === null) return;
    outputs[id] = ui;
    meta[id] = { node_id: id, display_node: id, parent_node: null, real_node_id: id };
    tellClient("executed", { node: id, display_node: id, output: ui, prompt_id: promptId });
  }

  async function step(id: string): Promise<HistoryRecord["status"] | null> {
    const cached = outcomes.get(id);
    if (cached !== undefined) {
      show(id, cached.ui);
      progress.finish(id);
      return null;
    }
    const node = graph[id];
    const type = node === undefined ? undefined : library[node.class_type];
    if (node === undefined || type === undefined) throw new Error(`node ${id} was not validated`);
    const inputs: GivenInputs = gatherInputs(node, type, site, outcomes);
    try {
      progress.start(id);
      tellClient("executing", { node: id, display_node: id, prompt_id: promptId });
      parts.onNode(id);
      const context = contextOf(id);
      // Sees to it that frames leave before a long computation begins.
      await parts.sleep(0);
      context.checkInterrupt();
      const blocked = (message: string): void =>
        tellClient("execution_error", blockedData(id, node.class_type, message));
      const outcome = await runNode(type, inputs, context, blocked);
      outcomes.set(id, outcome);
      cache.set(keys.get(id) ?? null, outcome);
      show(id, outcome.ui);
      progress.finish(id);
      executed.push(id);
      return null;
    } catch (error) {
      const about = { prompt_id: promptId, node_id: id, node_type: node.class_type, executed };
      if (error instanceof Interrupted) tell("execution_interrupted", about, true);
      else
        tell("execution_error", {
          ...about,
          ...failureData(error, { ...inputs, ...hiddenInputs(type, site, item) }, Object.keys(graph)),
        });
      return "error";
    } finally {
      parts.onNode(null);
    }
  }

  function contextOf(id: string): NodeContext {
    const checkInterrupt = (): void => {
      if (parts.takeInterrupt()) throw new Interrupted();
    };
    return {
      ...site,
      graph,
      extraData: item.extraData,
      stepMs: parts.stepMs,
      loadMs: parts.loadMs,
      sleep: parts.sleep,
      useModel: parts.useModel,
      checkInterrupt,
      progress(value, max, preview) {
        checkInterrupt();
        progress.update(id, value, max, preview);
      },
    };
  }

  function blockedData(id: string, type: string, message: string): Record<string, unknown> {
    return {
      prompt_id: promptId,
      node_id: id,
      node_type: type,
      executed,
      exception_message: `Execution Blocked: ${message}`,
      exception_type: "ExecutionBlocked",
      traceback: [],
      current_inputs: [],
      current_outputs: [],
    };
  }

  tell("execution_start", { prompt_id: promptId });
  const keys = cache.begin(graph, site);
  const cachedIds: string[] = [];
  for (const id of Object.keys(graph)) {
    const outcome = cache.get(keys.get(id) ?? null);
    if (outcome === undefined) continue;
    outcomes.set(id, outcome);
    cachedIds.push(id);
  }
  tell("execution_cached", { nodes: cachedIds, prompt_id: promptId });

  const order = createExecutionOrder(graph, item.outputs, (id) => outcomes.has(id));
  let status: HistoryRecord["status"] = "success";
  for (let id = order.next(); id !== null; id = order.next()) {
    const ended = await step(id);
    if (ended !== null) {
      status = ended;
      break;
    }
    order.done(id);
  }
  if (status === "success") tell("execution_success", { prompt_id: promptId });
  return { item, outputs, meta, status, messages };
}

function failureData(error: unknown, inputs: GivenInputs, ids: string[]): Record<string, unknown> {
  const failure =
    error instanceof NodeFailure
      ? error
      : new NodeFailure("RuntimeError", error instanceof Error ? error.message : String(error));
  return {
    exception_message: `${failure.message}\n${failure.advice}`,
    exception_type: failure.pythonName,
    traceback: ['  File "/comfyui/execution.py", line 545, in execute\n'],
    current_inputs: Object.fromEntries(
      Object.entries(inputs).map(([name, values]) => [name, values.map((value) => formatValue(value))]),
    ),
    current_outputs: ids,
  };
}

/** What ComfyUI passes besides the declared inputs, as it prints it. */
function hiddenInputs(type: NodeType, site: NodeSite, { graph, extraData }: PromptItem): GivenInputs {
  const given: Record<string, unknown> = {
    PROMPT: pythonText(graph),
    EXTRA_PNGINFO: extraData.extra_pnginfo === undefined ? null : pythonText(extraData.extra_pnginfo),
  };
  return Object.fromEntries(
    Object.entries(type.inputs(site).hidden ?? {}).map(([name, kind]) => [name, [given[kind]]]),
  );
}

function pythonText(value: unknown): string {
  return toPythonJson(value).replaceAll('"', "'");
}

/** Plain values as they are, the rest as Python would print it. */
function formatValue(value: unknown): unknown {
  return typeof value === "object" && value !== null ? "tensor([[[[0.0000, 0.0000, 0.0000]]]])" : value;
}
