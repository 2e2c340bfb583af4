import { DarkroomError, type Graph } from "@darkroom/contracts";
import { allowedNodes, type Database } from "@darkroom/db";
import { ownClasses } from "../graph/own-classes.ts";

/** The classes of a graph that are neither in `allowed` nor among ComfyUI's own that only compute, sorted. */
export function deniedNodes(graph: Graph, allowed: ReadonlySet<string>): string[] {
  const classes = new Set(Object.values(graph).map((node) => node.class_type));
  return [...classes].filter((name) => ownClasses.get(name)?.reason !== null && !allowed.has(name)).sort();
}

/** What admins have allowed beside those. */
export async function readAllowed(database: Database): Promise<ReadonlySet<string>> {
  return new Set((await allowedNodes(database)).map(({ node }) => node));
}

/**
 * Every graph passes here before it is stored and before each of its jobs. A graph of nothing but ComfyUI's own computing classes costs no query.
 *
 * @throws DarkroomError `WORKFLOW_INVALID` naming the nodes that may not run here
 */
export async function assertAllowed(database: Database, graph: Graph, path = "workflow"): Promise<void> {
  if (deniedNodes(graph, new Set()).length === 0) return;
  const denied = deniedNodes(graph, await readAllowed(database));
  if (denied.length === 0) return;
  const message = `This workflow uses nodes that may not run here: ${denied.join(", ")}. An admin can allow them.`;
  throw new DarkroomError("WORKFLOW_INVALID", message, {
    fields: denied.map((node) => ({ path, message: `the node ${node} is not allowed` })),
  });
}
