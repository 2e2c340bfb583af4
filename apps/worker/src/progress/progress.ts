import type { Graph, JobStage } from "@darkroom/contracts";

/** What a frame says about the nodes of the prompt; node ids are those of the submitted graph. */
export type ProgressFrame =
  | { readonly type: "cached"; readonly nodes: readonly string[] }
  | { readonly type: "node"; readonly node: string }
  | { readonly type: "step"; readonly node: string; readonly value: number; readonly max: number }
  | { readonly type: "nodes"; readonly nodes: readonly NodeFrame[] };

interface NodeFrame {
  readonly node: string;
  /** What counts: the node itself, or a node of the subgraph that it expanded into. */
  readonly part: string;
  readonly value: number;
  readonly max: number;
  readonly isFinished: boolean;
}

/** What people are shown: the fields of `job.progressed` that do not depend on the job. */
export interface ProgressReport {
  /** Percent, 0–100; never falls. 100 is left to the job's success, so it ends at 99. */
  readonly progress: number;
  readonly message: string;
  readonly step: number | null;
  readonly steps: number | null;
  readonly node: string | null;
  readonly nodeTitle: string | null;
  readonly nodesDone: number;
  readonly nodesTotal: number;
  readonly etaSeconds: number | null;
}

type Role = "loader" | "sampler" | "saver" | "other";

interface NodeState {
  readonly title: string;
  readonly role: Role;
  /** Its share of the time, relative to the others. */
  readonly weight: number;
  /** 0–1. */
  readonly done: number;
}

/** Immutable; {@link advance} makes the next one. */
export interface ProgressState {
  readonly nodes: Readonly<Record<string, NodeState>>;
  readonly current: string | null;
  readonly steps: { readonly node: string; readonly part: string; readonly value: number; readonly max: number } | null;
  /** The first step seen of what counts now: the step rate is measured from here. */
  readonly rateFrom: { readonly part: string; readonly value: number; readonly atMs: number } | null;
  readonly secondsPerStep: number | null;
  readonly percent: number;
}

// Sampling takes most of the time on any hardware; loading comes next; the rest is noise. Ratios, not seconds.
const weights: Readonly<Record<Role, number>> = { sampler: 20, loader: 3, saver: 1, other: 1 };

function roleOf(classType: string): Role {
  if (/^(Save|Preview)/.test(classType)) return "saver";
  if (/Loader|^Load/.test(classType)) return "loader";
  if ((/Sampler/.test(classType) && !/Select/.test(classType)) || /UpscaleWithModel/.test(classType)) return "sampler";
  return "other";
}

/** The state before anything ran. */
export function initialProgress(graph: Graph): ProgressState {
  const nodes: Record<string, NodeState> = {};
  for (const [id, node] of Object.entries(graph)) {
    const role = roleOf(node.class_type);
    nodes[id] = { title: node._meta?.title ?? node.class_type, role, weight: weights[role], done: 0 };
  }
  return { nodes, current: null, steps: null, rateFrom: null, secondsPerStep: null, percent: 0 };
}

/** The state after `frame`, which arrived at `nowMs` of any steady clock. Frames about unknown nodes change nothing. */
export function advance(state: ProgressState, frame: ProgressFrame, nowMs: number): ProgressState {
  switch (frame.type) {
    case "cached":
      return settled(frame.nodes.reduce((next, node) => withDone(next, node, 1), state));
    case "node": {
      if (state.nodes[frame.node] === undefined) return state;
      // ComfyUI runs one node at a time: the next one starting means that the one before is done.
      const before = state.current !== null && state.current !== frame.node ? withDone(state, state.current, 1) : state;
      const isSame = before.steps?.node === frame.node;
      return settled({ ...before, current: frame.node, steps: isSame ? before.steps : null });
    }
    case "step":
      return settled(withStep(state, { ...frame, part: frame.node }, nowMs));
    case "nodes":
      return settled(frame.nodes.reduce((next, node) => withNode(next, node, nowMs), state));
  }
}

function withNode(state: ProgressState, frame: NodeFrame, nowMs: number): ProgressState {
  const { node, part, isFinished } = frame;
  // A finished part of an expanded subgraph is not the whole node.
  if (isFinished) return part === node ? withDone(state, node, 1) : state;
  const isNews = state.nodes[node] !== undefined && state.current !== node;
  return withStep(isNews ? { ...state, current: node, steps: null } : state, frame, nowMs);
}

function withDone(state: ProgressState, id: string, done: number): ProgressState {
  const node = state.nodes[id];
  if (node === undefined || done <= node.done) return state;
  return { ...state, nodes: { ...state.nodes, [id]: { ...node, done: Math.min(1, done) } } };
}

function withStep(
  state: ProgressState,
  { node: id, part, value, max }: { node: string; part: string; value: number; max: number },
  nowMs: number,
): ProgressState {
  const node = state.nodes[id];
  // A node that counts to one does not count: it says that it began. A saver counts its files, and some from zero.
  if (node === undefined || node.role === "saver" || !(max > 1) || !(value >= 0)) return state;
  const reached = Math.min(value, max);
  if (state.steps?.part === part && state.steps.max === max && reached <= state.steps.value) return state;
  // Whatever counts steps is where the time goes, also a custom node whose name says nothing.
  const weight = Math.max(node.weight, weights.sampler);
  // A part that has counted to its end leaves the node running, for others may follow.
  const share = Math.min(reached / max, part === id ? 1 : 0.99);
  const counted = withDone({ ...state, nodes: { ...state.nodes, [id]: { ...node, weight } } }, id, share);
  const from = state.rateFrom?.part === part && state.rateFrom.value <= reached ? state.rateFrom : null;
  const rateFrom = from ?? { part, value: reached, atMs: nowMs };
  const elapsed = reached - rateFrom.value;
  return {
    ...counted,
    current: id,
    steps: { node: id, part, value: reached, max },
    rateFrom,
    secondsPerStep: elapsed > 0 ? (nowMs - rateFrom.atMs) / 1000 / elapsed : from && state.secondsPerStep,
  };
}

const total = (state: ProgressState): number => Object.values(state.nodes).reduce((sum, { weight }) => sum + weight, 0);

const remaining = (state: ProgressState): number =>
  Object.values(state.nodes).reduce((sum, { weight, done }) => sum + weight * (1 - done), 0);

function settled(state: ProgressState): ProgressState {
  const all = total(state);
  const percent = all === 0 ? 0 : Math.min(99, Math.floor((100 * (all - remaining(state))) / all));
  return percent > state.percent ? { ...state, percent } : state;
}

/** The stage that the nodes running now belong to; null before any node ran. */
export function stageOf(state: ProgressState): Exclude<JobStage, "preparing"> | null {
  const node = state.current === null ? undefined : state.nodes[state.current];
  if (node === undefined) return null;
  if (node.role === "sampler" || state.steps?.node === state.current) return "sampling";
  // Encoding a text comes before the sampler and belongs to loading; decoding its latent does not. A preview of the
  // given picture may come early too: saving is what comes after the last sampler.
  const isBeforeSampler = Object.values(state.nodes).some(({ role, done }) => role === "sampler" && done < 1);
  if (isBeforeSampler || node.role === "loader") return "loading";
  return node.role === "saver" ? "saving" : "sampling";
}

/** What to tell people now. */
export function reportOf(state: ProgressState): ProgressReport {
  const node = state.current === null ? undefined : state.nodes[state.current];
  const steps = state.steps?.node === state.current ? state.steps : null;
  const ids = Object.values(state.nodes);
  return {
    progress: state.percent,
    message: messageOf(node, steps),
    step: steps === null ? null : Math.floor(steps.value),
    steps: steps === null ? null : Math.floor(steps.max),
    node: state.current,
    nodeTitle: node?.title ?? null,
    nodesDone: ids.filter(({ done }) => done >= 1).length,
    nodesTotal: ids.length,
    etaSeconds: etaOf(state, steps),
  };
}

function messageOf(node: NodeState | undefined, steps: ProgressState["steps"]): string {
  if (node === undefined) return "Starting";
  if (steps !== null) return `Step ${Math.floor(steps.value)}/${Math.floor(steps.max)}`;
  switch (node.role) {
    case "loader":
      return /image/i.test(node.title) ? "Loading image" : "Loading model";
    case "sampler":
      return "Sampling";
    case "saver":
      return "Saving";
    case "other":
      return node.title;
  }
}

/** The step rate, stretched over what is left of the graph: one unit of weight costs what the sampler's do. */
function etaOf(state: ProgressState, steps: ProgressState["steps"]): number | null {
  const node = steps === null ? undefined : state.nodes[steps.node];
  if (steps === null || node === undefined || state.secondsPerStep === null) return null;
  const secondsPerWeight = (state.secondsPerStep * steps.max) / node.weight;
  return Math.round(10 * remaining(state) * secondsPerWeight) / 10;
}
