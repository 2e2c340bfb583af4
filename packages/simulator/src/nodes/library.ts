import type { Site } from "../site/site.ts";
import { audioNodes } from "./audio-nodes.ts";
import { described, describedNodes } from "./described-nodes.ts";
import { fileNodes } from "./file-nodes.ts";
import { imageNodes } from "./image-nodes.ts";
import { meshNodes } from "./mesh-nodes.ts";
import { modelNodes } from "./model-nodes.ts";
import { type NodeFacts, nodeFacts } from "./node-facts.ts";
import type { NodeLibrary, NodeType } from "./node-type.ts";
import { probeNodes } from "./probe-nodes.ts";
import { samplingNodes } from "./sampling.ts";
import { textNodes } from "./text-nodes.ts";
import { videoNodes } from "./video-nodes.ts";

export const library: NodeLibrary = {
  ...describedNodes,
  ...modelNodes,
  ...samplingNodes,
  ...imageNodes,
  ...fileNodes,
  ...videoNodes,
  ...audioNodes,
  ...meshNodes,
  ...textNodes,
  ...probeNodes,
};

/** A class as `object_info` describes it. */
export function describeNode(name: string, node: NodeType, site: Site): Record<string, unknown> {
  const inputs = node.inputs(site);
  const facts = nodeFacts[name] ?? factsOf(name);
  return {
    input: inputs,
    input_order: Object.fromEntries(Object.entries(inputs).map(([group, specs]) => [group, Object.keys(specs)])),
    is_input_list: described[name]?.is_input_list === true,
    output: node.outputs,
    output_is_list: node.outputIsList ?? node.outputs.map(() => false),
    output_name: node.outputNames ?? node.outputs,
    name,
    display_name: node.displayName ?? name,
    description: node.description ?? "",
    python_module: facts.module ?? (name.startsWith("Probe") ? "custom_nodes.wire_probe" : "nodes"),
    category: node.category,
    output_node: node.outputNode === true,
    has_intermediate_output: false,
    search_aliases: facts.searchAliases ?? [],
    ...(facts.outputTooltips === undefined ? {} : { output_tooltips: facts.outputTooltips }),
    ...(facts.essentials === undefined ? {} : { essentials_category: facts.essentials }),
    ...(facts.experimental === true ? { experimental: true } : {}),
    ...(facts.v3 === true ? newerFields(node, facts) : {}),
  };
}

function factsOf(name: string): NodeFacts {
  const { python_module: module, v3, deprecated } = described[name] ?? {};
  return module === undefined ? {} : { module, v3: v3 === true, deprecated: deprecated === true };
}

/** What the newer interface says of each of its classes. */
function newerFields(node: NodeType, facts: NodeFacts): Record<string, unknown> {
  return {
    output_tooltips: facts.outputTooltips ?? node.outputs.map(() => null),
    output_matchtypes: null,
    deprecated: facts.deprecated === true,
    experimental: facts.experimental === true,
    dev_only: false,
    api_node: false,
    price_badge: null,
    essentials_category: facts.essentials ?? null,
  };
}
