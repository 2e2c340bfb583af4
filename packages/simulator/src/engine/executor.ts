import { library } from "../nodes/library.ts";
import { Interrupted, type ModelKind, type NodeContext } from "../nodes/node-type.ts";
import type { HistoryRecord } from "../prompts/history.ts";
import { clientOf, type PromptItem } from "../protocol/graph.ts";
import type { Site } from "../site/site.ts";
import type { Sockets } from "../transport/sockets.ts";
import { createExecutionOrder } from "./execution-order.ts";
import { describeFailure } from "./failure-data.ts";
import { createLiveGraph } from "./live-graph.ts";
import type { NodeCache, NodeOutcome } from "./node-cache.ts";
import { Killed, type NodeFaultParts, sufferNodeFaults } from "./node-faults.ts";
import { createProgress, type Progress } from "./progress.ts";
import { type GivenInputs, gatherInputs, resolveExpansion, runNode } from "./run-node.ts";
import { createRunReport } from "./run-report.ts";

export interface ExecutorParts extends Pick<NodeFaultParts, "kill" | "untilLifted"> {
  readonly site: Site;
  readonly sockets: Sockets;
  readonly cache: NodeCache;
  readonly stepMs: () => number;
  readonly loadMs: () => number;
  readonly speed: () => number;
  /** Throws Killed once the server was killed, also after 0 ms. */
  readonly sleep: (ms: number) => Promise<void>;
  readonly useModel: (kind: ModelKind, name: string) => Promise<void>;
  /** Takes the waiting interrupt, if there is one. */
  readonly takeInterrupt: () => boolean;
  /** Which node runs now. */
  readonly onNode: (id: string) => void;
}

/** `expanded`: other nodes run in its place first, and then it is its turn again. */
type StepEnd = "done" | "expanded" | "error";

/** Runs one prompt from start to outcome, sending ComfyUI's frames in ComfyUI's order. Throws nothing but Killed. */
export async function execute(item: PromptItem, parts: ExecutorParts): Promise<HistoryRecord> {
  const { sockets, cache, site, speed } = parts;
  const { promptId, graph } = item;
  const live = createLiveGraph(graph);
  const { placeOf } = live;
  const report = createRunReport(item, { site, sockets, placeOf });
  const progress = createProgress({ promptId, clientId: clientOf(item), sockets, site, speed, placeOf });
  const outcomes = new Map<string, NodeOutcome>();
  /** What the nodes that expanded left behind: their slots hold links into the nodes that run in their place. */
  const expanded = new Map<string, NodeOutcome>();

  report.started();
  const keys = cache.begin(graph, site);
  for (const id of Object.keys(graph)) {
    const outcome = cache.get(keys.get(id) ?? null);
    if (outcome !== undefined) outcomes.set(id, outcome);
  }
  report.cached([...outcomes.keys()]);

  const order = createExecutionOrder(live.nodes, item.outputs, (id) => outcomes.has(id));
  for (let id = order.next(); id !== null; id = order.next()) {
    const end = await step(id);
    if (end === "error") return report.record();
    if (end === "done") order.done(id);
  }
  report.succeeded();
  return report.record();

  async function step(id: string): Promise<StepEnd> {
    const cached = outcomes.get(id);
    if (cached !== undefined) {
      report.shown(id, cached.ui);
      progress.finish(id);
      return "done";
    }
    const stoodIn = expanded.get(id);
    if (stoodIn !== undefined) {
      finish(id, resolveExpansion(stoodIn, outcomes));
      return "done";
    }
    return runFresh(id);
  }

  async function runFresh(id: string): Promise<StepEnd> {
    const node = live.nodes[id];
    const type = node === undefined ? undefined : library[node.class_type];
    if (node === undefined || type === undefined) throw new Error(`node ${id} was not validated`);
    const inputs: GivenInputs = gatherInputs(node, type, site, outcomes);
    try {
      progress.start(id);
      report.nodeStarted(id);
      parts.onNode(id);
      const context = nodeContext({ item, id, classType: node.class_type, parts, progress });
      // A turn of the event loop: what was sent leaves before a long computation begins.
      await parts.sleep(0);
      context.checkInterrupt();
      await sufferNodeFaults({ promptId, id, classType: node.class_type }, { ...parts, faults: site.faults });
      const onBlocked = (message: string): void => report.blocked(id, node.class_type, message);
      const { expansion, ...outcome } = await runNode(type, inputs, context, onBlocked);
      if (Object.keys(expansion).length === 0) {
        finish(id, outcome);
        return "done";
      }
      live.expand(id, expansion);
      expanded.set(id, outcome);
      order.expand(id, Object.keys(expansion), outcome.slots.flat());
      return "expanded";
    } catch (error) {
      if (error instanceof Killed) throw error;
      if (error instanceof Interrupted) report.interrupted(id, node.class_type);
      else report.failed(id, node.class_type, describeFailure(error, inputs, type, site, item));
      return "error";
    }
  }

  function finish(id: string, outcome: NodeOutcome): void {
    outcomes.set(id, outcome);
    cache.set(keys.get(id) ?? null, outcome);
    report.shown(id, outcome.ui);
    progress.finish(id);
    report.nodeFinished(id);
  }
}

interface ContextOptions {
  readonly item: PromptItem;
  readonly id: string;
  readonly classType: string;
  readonly parts: ExecutorParts;
  readonly progress: Progress;
}

function nodeContext({ item, id, classType, parts, progress }: ContextOptions): NodeContext {
  const { site, sockets } = parts;
  const clientId = clientOf(item);
  const checkInterrupt = (): void => {
    if (parts.takeInterrupt()) throw new Interrupted();
  };
  return {
    ...site,
    graph: item.graph,
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
      await sufferNodeFaults(
        { promptId: item.promptId, id, classType, step: value },
        { ...parts, faults: site.faults },
      );
      checkInterrupt();
      progress.update(id, value, max, preview);
    },
  };
}
