import { NodeFailure, type NodeType } from "../nodes/node-type.ts";
import type { PromptItem } from "../protocol/graph.ts";
import { toPythonJson } from "../protocol/python-json.ts";
import type { Site } from "../site/site.ts";
import type { GivenInputs } from "./run-node.ts";

/** What `execution_error` says of an exception and of what the node was given. */
export function describeFailure(
  error: unknown,
  inputs: GivenInputs,
  type: NodeType,
  site: Site,
  item: PromptItem,
): Record<string, unknown> {
  const failure =
    error instanceof NodeFailure
      ? error
      : new NodeFailure("RuntimeError", error instanceof Error ? error.message : String(error));
  const given = { ...inputs, ...hiddenInputs(type, site, item) };
  return {
    exception_message: `${failure.message}\n${failure.advice}`,
    exception_type: failure.pythonName,
    traceback: ['  File "/comfyui/execution.py", line 545, in execute\n'],
    current_inputs: Object.fromEntries(Object.entries(given).map(([name, values]) => [name, values.map(formatValue)])),
    current_outputs: Object.keys(item.graph),
  };
}

/** What ComfyUI passes besides the declared inputs, as it prints it. */
function hiddenInputs(type: NodeType, site: Site, { graph, extraData }: PromptItem): GivenInputs {
  const given: Record<string, unknown> = {
    PROMPT: pythonText(graph),
    EXTRA_PNGINFO: extraData.extra_pnginfo === undefined ? null : pythonText(extraData.extra_pnginfo),
  };
  return Object.fromEntries(
    // A node of the newer interface names them in a list and gets them another way.
    Object.entries(type.inputs(site).hidden ?? {}).flatMap(([name, kind]) =>
      typeof kind === "string" ? [[name, [given[kind]]]] : [],
    ),
  );
}

function pythonText(value: unknown): string {
  return toPythonJson(value).replaceAll('"', "'");
}

/** Plain values as they are, the rest as Python would print it. */
function formatValue(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if ("pictures" in value)
    return "<comfy_api.latest._input_impl.video_types.VideoFromComponents object at 0x7f0000000000>";
  return "tensor([[[[0.0000, 0.0000, 0.0000]]]])";
}
