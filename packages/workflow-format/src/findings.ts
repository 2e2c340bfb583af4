import type { Finding, FindingCode } from "@darkroom/contracts";
import type { LossReason } from "./links/resolve.ts";
import type { EditorNode } from "./read/editor-workflow.ts";
import { MOST_NODES, type Unexpanded } from "./scopes/expand.ts";
import { pathOf, type Scope } from "./scopes/scope.ts";

/** A node where it stands. */
export interface Standing {
  readonly scope: Scope;
  readonly node: EditorNode;
}

/** A node whose class no connected server has, so that the file's values have no names. */
export function unreadable(standing: Standing, hasNames: boolean): Finding {
  const { node } = standing;
  const wayOut = `${source(node)} on a server and import again, or replace the node in ComfyUI.`;
  const state = hasNames
    ? "Its values were taken by the names that the file has."
    : "The file has its values without names, and they are missing here.";
  return finding(
    "NODE_UNREADABLE",
    "error",
    standing,
    `${named(standing)}: no connected server has “${node.type}”. ${state} ${wayOut}`,
  );
}

/** A node of an unknown class that nothing is linked to: most are notes of a pack. */
export function unlinked(standing: Standing): Finding {
  const message = `${named(standing)}: no connected server has “${standing.node.type}”, and nothing is linked to it. It is left out; if it matters, install its node pack on a server and import again.`;
  return finding("NODE_LEFT_OUT", "warning", standing, message);
}

/** A node that feeds others without links when ComfyUI's page exports. */
export function broadcasting(standing: Standing): Finding {
  const message = `${named(standing)}: it feeds inputs without links when ComfyUI's own page exports, and the file does not say which. Link them in ComfyUI, or choose Export (API) there and import that file.`;
  return finding("NODE_LEFT_OUT", "error", standing, message);
}

/** A node that stands for a graph which could not be put in its place. */
export function unexpandedFinding({ scope, node, why }: Unexpanded): Finding {
  const standing = { scope, node };
  const reasons = {
    "undeclared group": "it is a group node, and the file does not say what is in the group. Ungroup it in ComfyUI",
    "undeclared subgraph":
      "it stands for a subgraph that is not in the file. Open the workflow that has it in ComfyUI, save that,",
    "contains itself": "its subgraph contains itself. Take it out of itself in ComfyUI",
    "too large": `with what is inside it the workflow has more than ${MOST_NODES} nodes. Unpack fewer subgraphs into one another in ComfyUI`,
  };
  return finding("NODE_UNREADABLE", "error", standing, `${named(standing)}: ${reasons[why]} and import again.`);
}

/** An input whose link leads nowhere. */
export function lost(standing: Standing, field: string, why: LossReason, at: string): Finding {
  const where = at === pathOf(standing.scope, standing.node) ? "" : ` at node ${at}`;
  const reasons = {
    "link missing": "the file has no link of the number that the input names",
    "node missing": "the file has no node that the link comes from",
    bypass: "it comes through a bypassed node that has no input of a fitting type",
    name: "no Set node has the name that the Get node asks for",
    loop: "its links run in a circle",
    "slot missing": "what is inside has no input of that name",
  };
  const message = `${named(standing)}: the link to “${field}” ends${where}: ${reasons[why]}. ComfyUI leaves such an input empty too; link it anew there if it is needed.`;
  // A bypassed loader at an optional input is how people switch that input off.
  return finding("LINK_LOST", why === "bypass" ? "note" : "warning", standing, message, field);
}

/** Links of the file that lead to a node which names none of them, as programs write them that do not know the format. */
export function unnamedLinks(standing: Standing, count: number): Finding {
  const message = `${named(standing)}: the file has links to it (${count}), and no input of it names one. ComfyUI does not send such links; link the node anew there.`;
  return finding("LINK_LOST", "warning", standing, message);
}

/** Required inputs that the class has and the file has no value for. */
export function defaulted(standing: Standing, fields: readonly string[]): Finding {
  const list = fields.map((field) => `“${field}”`).join(", ");
  const message = `${named(standing)}: the file has no value for ${list}; ${fields.length === 1 ? "it has" : "they have"} the default of “${standing.node.type}”, as in ComfyUI.`;
  return finding("INPUT_DEFAULTED", "note", standing, message, fields[0]);
}

function finding(
  code: FindingCode,
  severity: Finding["severity"],
  standing: Standing,
  message: string,
  field?: string,
): Finding {
  const nodeId = pathOf(standing.scope, standing.node);
  return {
    id: [code, nodeId, ...(field === undefined ? [] : [field])].join(":"),
    code,
    severity,
    message,
    nodeId,
    nodeTitle: standing.node.title ?? standing.node.type,
    classType: standing.node.type,
    field: field ?? null,
    parameter: null,
    closest: [],
    backends: [],
    acceptable: true,
  };
}

/** `“Upscale” (node 4:12, in Refine › Details)`. */
function named({ scope, node }: Standing): string {
  const place = scope.place.length === 0 ? "" : `, in ${scope.place.join(" › ")}`;
  return `“${node.title ?? node.type}” (node ${pathOf(scope, node)}${place})`;
}

/** What has to be done on a server for a class that none has. */
function source(node: EditorNode): string {
  if (isCore(node)) {
    const { ver } = node.properties;
    const since = typeof ver === "string" ? ` (the file was saved with ${ver})` : "";
    return `It comes with ComfyUI${since}: update ComfyUI`;
  }
  const pack = packOf(node);
  return `Install ${pack === null ? "the node pack that it comes from" : `the node pack “${pack}”`}`;
}

function isCore({ properties }: EditorNode): boolean {
  return properties.cnr_id === "comfy-core";
}

/** The node pack that the file says a class is from; null for ComfyUI's own, and where it does not say. */
export function packOf(node: EditorNode): string | null {
  const { cnr_id: id, aux_id: aux } = node.properties;
  const pack = id ?? aux;
  return typeof pack === "string" && pack !== "" && !isCore(node) ? pack : null;
}
