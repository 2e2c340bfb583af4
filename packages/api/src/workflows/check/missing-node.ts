import { closestTo, type Finding, type Graph } from "@darkroom/contracts";
import { missingNodeText } from "../missing.ts";
import { finding } from "./finding.ts";

/**
 * That a server lacks the class of a node.
 *
 * @param server its version, null if it has not told, and the classes that it has
 */
export function missingNode(
  graph: Graph,
  nodeId: string,
  server: { readonly version: string | null; readonly classes: readonly string[] },
): Finding {
  const node = graph[nodeId];
  const classType = node?.class_type ?? "";
  const closest = closestTo(classType, server.classes).slice(0, 3);
  const message = missingNodeText(classType, { pack: node?._meta?.pack, version: server.version });
  return finding("NODE_MISSING", message, { graph, nodeId, closest });
}
