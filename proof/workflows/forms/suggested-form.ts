import { nodeCatalog, nodeInfo } from "@darkroom/comfyui";
import type { Graph, WorkflowDefinition } from "@darkroom/contracts";
import type { DescribedBackend } from "@darkroom/db";
import { readLayouts } from "@darkroom/workflow-format";
import { draftOfGraph } from "../../../packages/api/src/workflows/versions/import-workflow.ts";
import { readImport } from "../../../packages/api/src/workflows/versions/read-import.ts";
import { type Fault, judgeForm } from "./judge.ts";
import type { WantedGraph } from "./wants.ts";

/** Most graphs share their `object_info`, and describing its classes takes longer than judging a form. */
const described = new Map<unknown, DescribedBackend>();

/** A backend that has the classes of an `object_info`, as a worker reports one. */
export function backendOf(objectInfo: unknown): DescribedBackend {
  const backend = described.get(objectInfo) ?? newBackend(objectInfo);
  described.set(objectInfo, backend);
  return backend;
}

function newBackend(objectInfo: unknown): DescribedBackend {
  const layouts = readLayouts(objectInfo);
  const info = Object.fromEntries(
    Object.entries(nodeInfo(objectInfo)).map(([name, facts]) => {
      const layout = layouts[name];
      return [name, layout === undefined ? facts : { ...facts, layout }];
    }),
  );
  return { backendId: "b1", version: "0.33.0", catalogHash: "c1", catalog: nodeCatalog(objectInfo), info };
}

/** What `workflow.import` makes of a graph. */
export function suggestedDefinition(graph: Graph, backend: DescribedBackend): WorkflowDefinition {
  const site = { backends: [backend], allowed: new Set(Object.keys(backend.catalog)) };
  return draftOfGraph({ slug: "judged", name: "Judged", graph }, site).definition;
}

/** What is wrong with the form that is suggested for the graph. */
export function judgeGraph({ given, objectInfo, wants }: WantedGraph): Fault[] {
  const backend = backendOf(objectInfo);
  const { graph } = readImport(given, [backend]);
  return judgeForm(graph, suggestedDefinition(graph, backend), wants);
}
