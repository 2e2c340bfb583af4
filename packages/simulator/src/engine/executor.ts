import type { FaultOf } from "../faults/fault.ts";
import { library } from "../nodes/library.ts";
import { Interrupted, type ModelKind, type NodeContext, NodeFailure, outOfMemory } from "../nodes/node-type.ts";
import type { HistoryRecord, NodeMeta } from "../prompts/history.ts";
import { clientOf, type Graph, type PromptItem } from "../protocol/graph.ts";
import type { Site } from "../site/site.ts";
import type { NodePlace, Sockets } from "../transport/sockets.ts";
import { createExecutionOrder } from "./execution-order.ts";
import { describeFailure } from "./failure-data.ts";
import type { NodeCache, NodeOutcome } from "./node-cache.ts";
import { createProgress } from "./progress.ts";
import { type GivenInputs, gatherInputs, resolveExpansion, runNode } from "./run-node.ts";

export interface ExecutorParts {
  readonly site: Site;
  readonly sockets: Sockets;
  readonly cache: NodeCache;
  readonly stepMs: () => number;
  readonly loadMs: () => number;
  readonly speed: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly useModel: (kind: ModelKind, name: string) => Promise<void>;
  /** Takes the waiting interrupt, if there is one. */
  readonly takeInterrupt: () => boolean;
  /** Waits for the end of a fault, or of the server; with `interruptible` for an interrupt too. */
  readonly untilLifted: (lifted: Promise<void>, interruptible: boolean) => Promise<void>;
  /** Ends the process. */
  readonly kill: () => void;
  /** Which node runs now; null between nodes. */
  readonly onNode: (id: string | null) => void;
}

/** The server was killed while this ran. */
export class Killed extends Error {}

type StepEnd = "done" | "expanded" | "error";

/** Runs one prompt from start to outcome, sending ComfyUI's frames in ComfyUI's order. Throws nothing but Killed. */
export async function execute(item: PromptItem, parts: ExecutorParts): Promise<HistoryRecord> {
  const { sockets, cache, site } = parts;
  const { promptId, graph } = item;
  const clientId = clientOf(item);
  /** The graph, and the nodes that some of its nodes expand into. */
  const live: Record<string, Graph[string]> = { ...graph };
  const places = new Map<string, NodePlace>();
  const expanded = new Map<string, NodeOutcome>();
  const placeOf = (id: string): NodePlace => places.get(id) ?? { display: id, parent: null, real: id };
  const progress = createProgress({ promptId, clientId, sockets, site, speed: parts.speed, placeOf });
  const outputs: HistoryRecord["outputs"] = {};
  const meta: Record<string, NodeMeta> = {};
  const messages: HistoryRecord["messages"] = [];
  const executed: string[] = [];
  const outcomes = new Map<string, NodeOutcome>();

  function tell(type: string, data: Record<string, unknown>, toAll = false): void {
    const message = { ...data, timestamp: site.clock.now() };
    messages.push([type, message]);
    if (clientId !== null || toAll) sockets.send(type, message, clientId);
  }

  function tellClient(type: string, data: Record<string, unknown>): void {
    if (clientId !== null) sockets.send(type, data, clientId);
  }

  function show(id: string, ui: Record<string, unknown[]> | null): void {
    if (ui === null) return;
    const { display, parent, real } = placeOf(id);
    outputs[id] = ui;
    meta[id] = { node_id: id, display_node: display, parent_node: parent, real_node_id: real };
    tellClient("executed", { node: id, display_node: display, output: ui, prompt_id: promptId });
  }

  function finish(id: string, outcome: NodeOutcome): void {
    outcomes.set(id, outcome);
    cache.set(keys.get(id) ?? null, outcome);
    show(id, outcome.ui);
    progress.finish(id);
    executed.push(id);
  }

  async function step(id: string): Promise<StepEnd> {
    const cached = outcomes.get(id);
    if (cached !== undefined) {
      show(id, cached.ui);
      progress.finish(id);
      return "done";
    }
    const stoodIn = expanded.get(id);
    if (stoodIn !== undefined) {
      finish(id, resolveExpansion(stoodIn, outcomes));
      return "done";
    }
    const node = live[id];
    const type = node === undefined ? undefined : library[node.class_type];
    if (node === undefined || type === undefined) throw new Error(`node ${id} was not validated`);
    const inputs: GivenInputs = gatherInputs(node, type, site, outcomes);
    try {
      progress.start(id);
      tellClient("executing", { node: id, display_node: placeOf(id).display, prompt_id: promptId });
      parts.onNode(id);
      const context = contextOf(id, node.class_type);
      // Sees to it that frames leave before a long computation begins.
      await parts.sleep(0);
      context.checkInterrupt();
      await suffer(id, node.class_type);
      const blocked = (message: string): void =>
        tellClient("execution_error", blockedData(id, node.class_type, message));
      const { expansion, ...outcome } = await runNode(type, inputs, context, blocked);
      if (Object.keys(expansion).length > 0) {
        expand(id, expansion, outcome);
        return "expanded";
      }
      finish(id, outcome);
      return "done";
    } catch (error) {
      if (error instanceof Killed) throw error;
      const about = { prompt_id: promptId, node_id: id, node_type: node.class_type, executed };
      if (error instanceof Interrupted) tell("execution_interrupted", about, true);
      else tell("execution_error", { ...about, ...describeFailure(error, inputs, type, site, item) });
      return "error";
    }
  }

  function expand(id: string, expansion: Graph, outcome: NodeOutcome): void {
    const { display, real } = placeOf(id);
    for (const [inner, node] of Object.entries(expansion)) {
      live[inner] = node;
      places.set(inner, { display, parent: id, real });
    }
    expanded.set(id, outcome);
    order.expand(id, Object.keys(expansion), outcome.slots.flat());
  }

  /** Lets the faults strike that wait for this node, or for this step of it. */
  async function suffer(id: string, classType: string, atStep?: number): Promise<void> {
    const fits = (fault: FaultOf<"stall" | "outOfMemory" | "exception" | "kill">): boolean =>
      (fault.promptId === undefined || fault.promptId === promptId) &&
      (fault.node === undefined || fault.node === id || fault.node === classType) &&
      fault.step === atStep;
    if (site.faults.strike("kill", fits) !== null) {
      parts.kill();
      throw new Killed();
    }
    const stall = site.faults.strike("stall", fits);
    if (stall !== null) {
      await parts.untilLifted(stall.lifted, stall.fault.interruptible);
      await parts.sleep(0);
    }
    if (site.faults.strike("outOfMemory", fits) !== null) throw outOfMemory("Allocation on device ");
    const exception = site.faults.strike("exception", fits);
    if (exception !== null) throw new NodeFailure(exception.fault.type, exception.fault.message);
  }

  function contextOf(id: string, classType: string): NodeContext {
    const checkInterrupt = (): void => {
      if (parts.takeInterrupt()) throw new Interrupted();
    };
    return {
      dialect: site.dialect,
      clock: site.clock,
      random: site.random,
      faults: site.faults,
      folders: site.folders,
      models: site.models,
      graph,
      extraData: item.extraData,
      expansionPrefix: `${id}.`,
      stepMs: parts.stepMs,
      loadMs: parts.loadMs,
      sleep: parts.sleep,
      useModel: parts.useModel,
      checkInterrupt,
      say: (text) => {
        if (clientId !== null) sockets.sendText(id, text, clientId);
      },
      async progress(value, max, preview) {
        await suffer(id, classType, value);
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

  const order = createExecutionOrder(live, item.outputs, (id) => outcomes.has(id));
  let status: HistoryRecord["status"] = "success";
  for (let id = order.next(); id !== null && status === "success"; id = order.next()) {
    const end = await step(id);
    if (end === "error") status = "error";
    if (end === "done") order.done(id);
  }
  if (status === "success") tell("execution_success", { prompt_id: promptId });
  return { item, outputs, meta, status, messages };
}
