import type { ComfyEvent, HistoryEntry } from "@darkroom/comfyui";
import type { Graph, RunRecord } from "@darkroom/contracts";

/** Notes from a prompt's frames what its run took. */
export interface RunRecorder {
  event(event: ComfyEvent): void;
  /** What is known now, completed by ComfyUI's own entry of the run; null if nothing was heard and there is none. */
  record(entry: HistoryEntry | null): RunRecord | null;
}

/** The node that runs now, as `executing` told. */
interface Span {
  /** As the frame names it: inside an expanded subgraph not a node of ours. */
  readonly node: string;
  /** The node that people placed. */
  readonly placed: string;
  readonly beganAt: number;
  first: Step | null;
  last: Step | null;
}

interface Step {
  readonly value: number;
  readonly at: number;
}

/** `graph` is the workflow's; `now` any steady clock in milliseconds. */
export function createRunRecorder(graph: Graph, now: () => number = () => performance.now()): RunRecorder {
  const tookMs = new Map<string, number>();
  let cached: readonly string[] | null = null;
  let beganAt: number | null = null;
  let endedAt: number | null = null;
  let hasGap = false;
  let open: Span | null = null;
  let loadMs: number | null = null;
  let samplingMs: number | null = null;

  const isLoader = (node: string): boolean => /Loader/.test(graph[node]?.class_type ?? "");
  const isSaver = (node: string): boolean => /^(Save|Preview)/.test(graph[node]?.class_type ?? "");

  function step(node: string | null, value: number, max: number): void {
    if (open === null || open.node !== node || !(max > 1) || value <= (open.last?.value ?? 0)) return;
    open.last = { value, at: now() };
    open.first ??= open.last;
  }

  function close(): void {
    if (open === null) return;
    const { placed, first, last } = open;
    const ms = now() - open.beganAt;
    if (graph[placed] !== undefined) tookMs.set(placed, (tookMs.get(placed) ?? 0) + ms);
    if (isLoader(placed)) loadMs = (loadMs ?? 0) + ms;
    else if (first !== null && last !== null && !isSaver(placed)) {
      const waitMs = Math.min(ms, waitOf(open.beganAt, first, last));
      loadMs = (loadMs ?? 0) + waitMs;
      samplingMs = (samplingMs ?? 0) + ms - waitMs;
    }
    open = null;
  }

  return {
    event(event) {
      switch (event.type) {
        case "cached":
          cached = event.nodes;
          beganAt = now();
          return;
        case "node":
          close();
          open = { node: event.node, placed: event.displayNode, beganAt: now(), first: null, last: null };
          return;
        case "progress":
          step(event.node, event.value, event.max);
          return;
        case "progress-state":
          for (const { node, value, max } of event.nodes) step(node, value, max);
          return;
        case "error":
          // A blocked output is told as an error, and the run goes on.
          if (event.blocked) return;
          break;
        case "disconnected":
          hasGap = true;
          open = null;
          return;
        case "success":
        case "interrupted":
        case "end":
          break;
        default:
          return;
      }
      close();
      endedAt ??= now();
    },
    record(entry) {
      if (entry === null && cached === null && tookMs.size === 0) return null;
      // Its end can be read over HTTP before its frame arrives: then the last node has just ended.
      if (entry !== null && endedAt === null) close();
      const isHeard = endedAt !== null || (entry !== null && Object.keys(graph).every(isAccountedFor));
      const isWhole = cached !== null && isHeard && !hasGap;
      const known = cached ?? cachedIn(entry);
      const heardMs = beganAt === null || endedAt === null ? null : endedAt - beganAt;
      return {
        nodes: [...tookMs].map(([node, ms]) => ({ node, ms: Math.round(ms) })),
        cached: (known ?? []).filter((node) => graph[node] !== undefined),
        modelLoadMs: rounded(loadMs),
        samplingMs: rounded(samplingMs),
        totalMs: rounded(durationIn(entry) ?? heardMs),
        isCold: isCold(known, isWhole),
        isWhole,
      };
    },
  };

  function isAccountedFor(node: string): boolean {
    return tookMs.has(node) || cached?.includes(node) === true;
  }

  function isCold(known: readonly string[] | null, isWhole: boolean): boolean | null {
    const loaders = Object.keys(graph).filter(isLoader);
    if (loaders.length === 0 || known === null) return null;
    return loaders.some((node) => (isWhole ? tookMs.has(node) : !known.includes(node)));
  }
}

/**
 * How long a node waited before its first step, beyond the time of a step: then it moved its model to where it computes.
 * Nothing is known of a node that told of one step only.
 */
function waitOf(beganAt: number, first: Step, last: Step): number {
  const steps = last.value - first.value;
  if (steps <= 0) return 0;
  return Math.max(0, first.at - beganAt - (first.value * (last.at - first.at)) / steps);
}

const rounded = (ms: number | null): number | null => (ms === null ? null : Math.round(ms));

function dataIn(entry: HistoryEntry | null, type: string): Readonly<Record<string, unknown>> | null {
  const data = entry?.messages.find((message) => message.type === type)?.data;
  return typeof data === "object" && data !== null ? (data as Record<string, unknown>) : null;
}

function cachedIn(entry: HistoryEntry | null): string[] | null {
  const nodes = dataIn(entry, "execution_cached")?.nodes;
  return Array.isArray(nodes) ? nodes.map(String) : null;
}

function durationIn(entry: HistoryEntry | null): number | null {
  const from = dataIn(entry, "execution_start")?.timestamp;
  const to = dataIn(entry, "execution_success")?.timestamp;
  return typeof from === "number" && typeof to === "number" ? Math.max(0, to - from) : null;
}
