import { DarkroomError, type Graph, modelsOf, type RunRecord, seedsOf } from "@darkroom/contracts";
import { jobProvenance } from "@darkroom/db";
import { backendNameFor } from "../access/backend-names.ts";
import { visibleOwners } from "../access/visibility.ts";
import type { Provenance } from "../answers/index.ts";
import type { Context } from "../context.ts";

/** How a job's current attempt was, or is being, made. */
export async function provenanceOf(ctx: Context, jobId: string): Promise<Provenance> {
  const made = await jobProvenance(ctx.database, { jobId, ownerIds: visibleOwners(ctx.principal) });
  if (made === null) throw new DarkroomError("NOT_FOUND", "There is no such job.");
  const { attempt, workflow, backend, comfyVersion, run } = made;
  const { currentVersion: _, ...ofJob } = workflow;
  const graph = made.graph ?? {};
  const titled = <Item extends { node: string }>(item: Item) => ({ ...item, title: titleOf(graph, item.node) });
  return {
    jobId: made.jobId,
    attempt,
    workflow: ofJob,
    backend: backendNameFor(ctx.principal, backend),
    comfyVersion,
    seeds: seedsOf(graph).map(titled),
    models: modelsOf(graph).map((model) => ({ ...titled(model), hash: null })),
    nodes: nodesOf(graph, run),
    modelLoadMs: run?.modelLoadMs ?? null,
    samplingMs: run?.samplingMs ?? null,
    totalMs: run?.totalMs ?? null,
    isCold: run?.isCold ?? null,
    isWhole: run?.isWhole ?? false,
    graph: made.graph,
    positions: made.positions,
  };
}

const titleOf = (graph: Graph, node: string): string => graph[node]?._meta?.title ?? graph[node]?.class_type ?? node;

/** The graph's nodes in the order in which they ran, then the cached ones, then those of which nothing is known. */
function nodesOf(graph: Graph, run: RunRecord | null): Provenance["nodes"] {
  const tookMs = new Map(run?.nodes.map(({ node, ms }) => [node, ms]));
  const cached = new Set(run?.cached);
  const others = Object.keys(graph).filter((node) => !tookMs.has(node));
  const inOrder = [
    ...tookMs.keys(),
    ...others.filter((node) => cached.has(node)),
    ...others.filter((node) => !cached.has(node)),
  ];
  return inOrder.map((node) => ({
    node,
    title: titleOf(graph, node),
    classType: graph[node]?.class_type ?? null,
    ms: tookMs.get(node) ?? null,
    isCached: cached.has(node) && !tookMs.has(node),
  }));
}
