"use client";

import { t } from "../../../../language/say.ts";
import { workflowText } from "../../../../language/workflow-text.ts";
import "@xyflow/react/dist/base.css";
import type { Graph, JobView } from "@darkroom/contracts";
import { isTerminal } from "@darkroom/contracts";
import {
  Background,
  ControlButton,
  Controls,
  Handle,
  type Node,
  Position,
  ReactFlow,
  type ReactFlowInstance,
} from "@xyflow/react";
import { Maximize } from "lucide-react";
import { useEffect, useMemo, useRef } from "react";
import { formatMs } from "../../../../format.ts";
import type { Provenance } from "../../../../trpc/hooks/jobs/use-provenance.ts";
import { cx } from "../../../../ui/class-names.ts";
import { NODE, placeGraph } from "./graph-layout.ts";
import { type NodeState, nodeStates, titleOf } from "./node-states.ts";

interface NodeData extends Record<string, unknown> {
  readonly title: string;
  readonly classType: string;
  readonly state: NodeState;
  /** What it took, or how far it is, in words; empty if nothing is known. */
  readonly note: string;
}

const looks: Readonly<Record<NodeState, string>> = {
  waiting: "border-line opacity-70",
  running: "border-safelight shadow-print",
  done: "border-good/70",
  cached: "border-line border-dashed",
  unknown: "border-line",
};

/** The graph that is run, with what each node is doing or took. */
export function WorkflowGraph({ job, made, graph }: { job: JobView; made: Provenance; graph: Graph }) {
  const placed = useMemo(() => placeGraph(graph, made.positions), [graph, made.positions]);
  const isOver = isTerminal(job.state);
  const states = nodeStates(graph, { nodes: made.nodes, progress: job.progress, isOver });
  const tookMs = new Map(made.nodes.map(({ node, ms }) => [node, ms]));
  const said = (id: string): string => workflowText(job.workflow.slug, titleOf(graph, id));
  const nodes = placed.nodes.map(({ id, x, y }): Node<NodeData> => {
    const state = states.get(id) ?? "unknown";
    const note = noteOf(state, tookMs.get(id) ?? null, job);
    const title = said(id);
    return {
      id,
      type: "step",
      position: { x, y },
      ...NODE,
      ariaLabel: `${title}${note === "" ? "" : `: ${note}`}`,
      data: { title, classType: graph[id]?.class_type ?? "", state, note },
    };
  });
  const edges = placed.links.map(({ from, to }) => ({
    id: `${from} ${to}`,
    source: from,
    target: to,
    ariaLabel: t`From ${said(from)} to ${said(to)}`,
    animated: states.get(to) === "running",
  }));
  const box = useRef<HTMLDivElement>(null);
  const flow = useRef<Pick<ReactFlowInstance<Node<NodeData>>, "fitView"> | null>(null);
  useEffect(() => {
    // After the library has measured the new size.
    const fit = (): void => void setTimeout(() => void flow.current?.fitView(), 100);
    document.addEventListener("fullscreenchange", fit);
    return () => document.removeEventListener("fullscreenchange", fit);
  }, []);
  const toggle = (): Promise<void> | undefined =>
    document.fullscreenElement === null ? box.current?.requestFullscreen() : document.exitFullscreen();
  return (
    <div
      ref={box}
      className="h-80 overflow-hidden rounded-xl border bg-mat [--xy-attribution-background-color:transparent] [--xy-controls-button-background-color:var(--raised)] [--xy-controls-button-color:var(--ink)] [--xy-edge-stroke:var(--edge)]"
    >
      <ReactFlow
        onInit={(made) => {
          flow.current = made;
        }}
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        ariaLabelConfig={labels()}
        fitView
        minZoom={0.1}
        nodesDraggable={false}
        nodesConnectable={false}
        edgesFocusable={false}
        preventScrolling={false}
        zoomOnScroll={false}
      >
        <Background color="var(--line)" />
        <Controls showInteractive={false}>
          {document.fullscreenEnabled && (
            <ControlButton
              title={t`Full screen`}
              aria-label={t`Full screen`}
              onClick={() => void toggle()?.catch(() => undefined)}
            >
              <Maximize aria-hidden className="fill-none!" />
            </ControlButton>
          )}
        </Controls>
      </ReactFlow>
    </div>
  );
}

/** What the library says. */
const labels = () => ({
  // Nothing can be moved or removed here, whatever the library would say of it.
  "node.a11yDescription.default": t`A node of the workflow.`,
  "node.a11yDescription.keyboardDisabled": t`A node of the workflow.`,
  "edge.a11yDescription.default": t`A link between two nodes.`,
  "controls.ariaLabel": t`Control Panel`,
  "controls.zoomIn.ariaLabel": t`Zoom In`,
  "controls.zoomOut.ariaLabel": t`Zoom Out`,
  "controls.fitView.ariaLabel": t`Fit View`,
});

function noteOf(state: NodeState, ms: number | null, { progress }: JobView): string {
  if (state === "cached") return t`cached`;
  if (state === "running")
    return progress?.step != null && progress.steps != null ? t`step ${progress.step}/${progress.steps}` : t`running`;
  return ms === null ? "" : formatMs(ms);
}

function Step({ data: { title, classType, state, note } }: { data: NodeData }) {
  return (
    <div
      className={cx("flex size-full flex-col justify-center rounded-lg border bg-surface px-3 text-left", looks[state])}
    >
      <Handle type="target" position={Position.Left} className="invisible" />
      <p className="truncate text-sm font-medium">{title}</p>
      <p className="flex justify-between gap-2 text-xs text-faint">
        <span className="truncate">{classType}</span>
        <span className={cx("shrink-0 tabular-nums", state === "running" && "text-safelight")}>{note}</span>
      </p>
      <Handle type="source" position={Position.Right} className="invisible" />
    </div>
  );
}

/** Outside the component: another object would make every node anew with each step. */
const nodeTypes = { step: Step };
