import { closestTo, type Finding, type Graph } from "@darkroom/contracts";
import { ownClasses } from "../graph/own-classes.ts";
import { finding } from "./finding.ts";

/**
 * That a server lacks a class, and how to get it: a newer ComfyUI for one of its own, else the node pack that the file names.
 *
 * @param server its version, null if it has not told, and the classes that it has
 */
export function missingNode(
  graph: Graph,
  nodeId: string,
  server: { readonly version: string | null; readonly classes: readonly string[] },
): Finding {
  const classType = graph[nodeId]?.class_type ?? "";
  const closest = closestTo(classType, server.classes).slice(0, 3);
  const message = `The node ${classType} is not installed. ${wayOut(classType, graph[nodeId]?._meta?.pack, server.version)}`;
  return finding("NODE_MISSING", message, { graph, nodeId, closest });
}

function wayOut(classType: string, pack: string | undefined, version: string | null): string {
  const own = ownClasses.get(classType);
  if (own !== undefined) {
    const has = version === null ? "" : `, and this server has ${version}`;
    const isOlder = version === null || isBefore(version, own.since);
    return isOlder
      ? `It comes with ComfyUI ${own.since}${has}: update ComfyUI on the server.`
      : `It comes with ComfyUI ${own.since}${has}: it failed to load or is switched off there. Look at what the server printed when it started, or update ComfyUI.`;
  }
  const name = pack === undefined ? "the custom node pack it comes from" : `the node pack “${pack}” that it comes from`;
  const search = pack === undefined ? " (ComfyUI-Manager names it)" : "";
  return `Install ${name} on the server${search}, or replace it.`;
}

/** Compares versions by their numbers. */
function isBefore(version: string, other: string): boolean {
  const [ours, theirs] = [version, other].map((text) => (text.match(/\d+/g) ?? []).map(Number));
  for (let at = 0; at < 3; at += 1) {
    const difference = (ours?.[at] ?? 0) - (theirs?.[at] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
