import type { Finding, NodeFacts, NodeInput } from "@darkroom/contracts";
import { linkOf } from "../graph/links.ts";
import type { At } from "./check-value.ts";
import { finding } from "./finding.ts";

/**
 * Whether an input's list is a link that leads to a node; null if it does. ComfyUI takes every list for a link where its class declares
 * the input. In inputs that it does not declare it follows only what looks like one, when the graph runs.
 */
export function brokenLink(value: readonly unknown[], isDeclared: boolean, at: At): Finding | null {
  const { graph, field } = at;
  const link = linkOf(value);
  if (link === null) {
    if (!isDeclared) return null;
    const message = `The input ${field} holds a list that is no link. A list that is a value is written as {"__value__": […]}; a link is a node's id and the number of its output. Export the workflow again from ComfyUI.`;
    return finding("LINK_BROKEN", message, at);
  }
  if (graph[link.from] !== undefined) return null;
  const message = `The input ${field} is linked to node ${link.from}, which is not in the graph. Was it muted or deleted? Reconnect it in ComfyUI and export again.`;
  return finding("LINK_BROKEN", message, at);
}

/** Whether what a link brings is what the input takes; nothing is said of classes that the server does not describe. */
export function checkLinkType(
  value: readonly unknown[],
  input: NodeInput,
  { info, allowed }: { info: Readonly<Record<string, NodeFacts>>; allowed: readonly unknown[] | null },
  at: At,
): Finding | null {
  const link = linkOf(value);
  const source = link === null ? undefined : at.graph[link.from];
  const outputs = source === undefined ? undefined : info[source.class_type]?.outputs;
  if (link === null || source === undefined || outputs === undefined) return null;
  // Python counts from the end below 0.
  const given = outputs.at(link.slot);
  if (given === undefined) {
    const message = `The input ${at.field} is linked to output ${link.slot + 1} of ${source.class_type}, which has ${outputs.length}. The node has changed since: reconnect it in ComfyUI.`;
    return finding("LINK_TYPE", message, at);
  }
  if (fits(given, input, allowed)) return null;
  const message = `The input ${at.field} takes ${input.type}, and is linked to ${given} of ${source.class_type}.`;
  return finding("LINK_TYPE", message, at);
}

const anything = "*";

/**
 * One type in common is enough, `*` is any, and what the newer generic types carry is told when the graph runs (ComfyUI 0.33.0). A list of
 * choices in place of a type is fed by the same list, and takes nothing else; a `COMBO` is fed by any list.
 */
function fits(given: string, input: NodeInput, allowed: readonly unknown[] | null): boolean {
  if ([given, input.type].some((type) => type === anything || type.startsWith("COMFY_"))) return true;
  if (given.startsWith("[")) return input.listed === true ? isSameList(given, allowed) : input.type === "COMBO";
  if (input.listed === true) return false;
  const types = typesOf(input.type);
  const offered = typesOf(given);
  return types.includes(anything) || offered.some((type) => type === anything || types.includes(type));
}

/** True too if the list is not known: lists of uploads are not stored, because they change with every file. */
function isSameList(given: string, allowed: readonly unknown[] | null): boolean {
  return allowed === null || given === JSON.stringify(allowed);
}

function typesOf(type: string): string[] {
  return type.split(",").map((one) => one.trim());
}
