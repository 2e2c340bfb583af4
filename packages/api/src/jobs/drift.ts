import { type Capability, DarkroomError, type Graph, lacking, modelsOf } from "@darkroom/contracts";
import { type JobProvenance, jobProvenance, type LiveCatalog, liveCatalogs } from "@darkroom/db";
import { visibleOwners } from "../access/visibility.ts";
import type { Difference, Drift } from "../answers/index.ts";
import type { Context } from "../context.ts";
import { lacksInWords } from "../workflows/capability.ts";

/** What is not as it was when the job was made, so that running it again may give another picture, or none. */
export async function driftOf(ctx: Context, jobId: string): Promise<Drift> {
  const [made, backends] = await Promise.all([
    jobProvenance(ctx.database, { jobId, ownerIds: visibleOwners(ctx.principal) }),
    liveCatalogs(ctx.database),
  ]);
  if (made === null) throw new DarkroomError("NOT_FOUND", "There is no such job.");
  return { differences: differences(made, backends), comparedWith: backends.length };
}

/** Compares with the backends that could run it; with what comes closest if none can. */
export function differences(
  made: Pick<JobProvenance, "graph" | "capability" | "comfyVersion" | "workflow">,
  backends: readonly LiveCatalog[],
): Difference[] {
  const needs = made.graph === null ? made.capability : needsOf(made.graph);
  const perBackend = backends
    .map((backend) => ({ version: backend.version, lacks: lacking(backend.catalog, needs) }))
    .sort((a, b) => a.lacks.length - b.lacks.length);
  const [best] = perBackend;
  const lacks = best?.lacks ?? [];
  const words = lacksInWords(lacks, { graph: made.graph ?? {}, server: best ?? null });
  const able = perBackend.filter((backend) => backend.lacks.length === 0);
  const { currentVersion, version } = made.workflow;
  const isOld = currentVersion !== null && currentVersion > version;
  return [
    ...lacks.map(
      ({ kind }, index): Difference => ({
        kind: kind === "node" ? "node-gone" : "model-gone",
        message: words[index] ?? "",
      }),
    ),
    ...otherVersions(made.comfyVersion, able),
    ...(isOld ? [newerWorkflow(version, currentVersion)] : []),
  ];
}

function otherVersions(then: string | null, able: readonly { readonly version: string | null }[]): Difference[] {
  if (then === null) return [];
  const known = new Set(able.flatMap(({ version }) => (version === null ? [] : [version])));
  const others = [...known].filter((version) => version !== then).sort();
  if (others.length === 0) return [];
  const now = known.has(then) ? "may run on" : "would run on";
  return [
    { kind: "comfy-version", message: `It was made with ComfyUI ${then} and ${now} ${others.join(" or ")} now.` },
  ];
}

const newerWorkflow = (version: number, current: number): Difference => ({
  kind: "workflow-version",
  message: `The workflow has a newer version, ${current}. Run again uses version ${version}, as before.`,
});

/** What a graph needs: also the models that the workflow's author chose, which no parameter names. */
function needsOf(graph: Graph): Capability {
  return {
    nodes: [...new Set(Object.values(graph).map((node) => node.class_type))].sort(),
    models: modelsOf(graph).map(({ node, input, file }) => `${graph[node]?.class_type}.${input}=${file}`),
  };
}
