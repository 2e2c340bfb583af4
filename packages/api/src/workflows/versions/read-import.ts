import { type Finding, type Graph, type Positions, type SharedWorkflow, sharedWorkflowOf } from "@darkroom/contracts";
import type { DescribedBackend } from "@darkroom/db";
import {
  convertWorkflow,
  fillDefaults,
  isEditorWorkflow,
  type NodeLayouts,
  noteDynamicTexts,
  restoredId,
  restoreGraph,
  unwrapWorkflow,
} from "@darkroom/workflow-format";
import { listed } from "../../words.ts";
import { finding } from "../check/finding.ts";
import { invalid, parseGiven, readGraph, remarksIn } from "../graph/read-graph.ts";

/** What was brought, as a graph that a server runs, and what is to be said of reading it. */
export interface ReadImport {
  readonly graph: Graph;
  readonly findings: readonly Finding[];
  /** The form that the file brings with it, as `workflow.export` wrote it; null: it brings none. */
  readonly shared: SharedWorkflow | null;
  /** Where the file draws the nodes; null: it does not say. */
  readonly positions: Positions | null;
}

/**
 * A workflow in API format, or a file of ComfyUI's editor read with the classes of the live backends; each as text or parsed,
 * also inside the body of a request.
 * Only text keeps the digits of numbers beyond 2^53.
 *
 * @throws DarkroomError `WORKFLOW_INVALID` for what is neither, and for a file of the editor while no backend is known
 */
export function readImport(given: unknown, backends: readonly DescribedBackend[]): ReadImport {
  const value = unwrapWorkflow(parseGiven(given));
  const layouts = layoutsOf(backends);
  if (!isEditorWorkflow(value)) {
    const { graph, filled } = fillDefaults(readGraph(value), layouts);
    const findings = [...filled.map((one) => defaulted(graph, one)), ...leftOut(remarksIn(value))];
    return { graph: noteDynamicTexts(graph, layouts), findings, shared: null, positions: null };
  }
  if (Object.keys(layouts).length === 0) {
    throw invalid(
      "This is a file of ComfyUI's editor. It is read with the nodes that a ComfyUI server describes, and no connected server has described its nodes yet. Connect one and import again, or choose File → Export (API) in ComfyUI and import that file.",
    );
  }
  const { graph, findings, positions } = convertWorkflow(value, layouts);
  if (Object.keys(graph).length === 0) {
    throw invalid(
      "No node of this file runs: all are muted, bypassed or notes. Open it in ComfyUI and look at it there.",
    );
  }
  const shared = sharedWorkflowOf(value);
  const restored = shared === null ? graph : restoreGraph(graph, shared);
  // As everything that is imported: bounded, and in the form that is stored.
  const read = noteDynamicTexts(readGraph(restored), layouts);
  return { graph: read, findings, shared, positions: positions && restoredPositions(positions, graph, shared) };
}

function restoredPositions(positions: Positions, graph: Graph, shared: SharedWorkflow | null): Positions {
  if (shared === null) return positions;
  const idOf = restoredId(graph, shared);
  return Object.fromEntries(Object.entries(positions).map(([number, position]) => [idOf(number), position]));
}

function leftOut(remarks: readonly string[]): Finding[] {
  if (remarks.length === 0) return [];
  const names = listed(remarks.map((name) => name.slice(0, 80)));
  const message = `Among the nodes stands what is none, and is left out: ${names}. ComfyUI would refuse the file for it.`;
  return [finding("NODE_LEFT_OUT", message, { severity: "note" })];
}

function defaulted(graph: Graph, { nodeId, field, value }: { nodeId: string; field: string; value: unknown }): Finding {
  const message = `${field} is new in ${graph[nodeId]?.class_type} since this file was exported. It has its default, ${JSON.stringify(value)}, as in ComfyUI.`;
  return finding("INPUT_DEFAULTED", message, { graph, nodeId, field, severity: "note" });
}

/** The classes of all live backends; where they differ, the first is believed. */
export function layoutsOf(backends: readonly DescribedBackend[]): NodeLayouts {
  const layouts = backends.flatMap(({ info }) =>
    Object.entries(info ?? {}).flatMap(([className, { layout }]) =>
      layout === undefined ? [] : [[className, layout] as const],
    ),
  );
  return Object.fromEntries(layouts.reverse());
}
