import { library } from "../nodes/library.ts";
import type { Dialect } from "../protocol/dialect.ts";
import type { Graph } from "../protocol/graph.ts";
import type { Site } from "../site/site.ts";

import { PythonError } from "./python-values.ts";
import { type Reason, type Verdict, validateOutput } from "./validate-node.ts";

export interface PromptError {
  readonly type: string;
  readonly message: string;
  readonly details: string;
  readonly extra_info: Record<string, unknown>;
}

export type NodeErrors = Record<string, { errors: readonly Reason[]; dependent_outputs: string[]; class_type: string }>;

export type Validation =
  | { readonly ok: true; readonly outputs: string[]; readonly nodeErrors: NodeErrors }
  | { readonly ok: false; readonly error: PromptError; readonly nodeErrors: NodeErrors };

/**
 * ComfyUI's `validate_prompt`. One valid output is enough: the others are reported in `nodeErrors` and do not run.
 * `outputOrder` says in which order outputs are looked at, and later run. Throws for what makes the real server answer 500.
 */
export function validatePrompt(
  graph: Graph,
  site: Site,
  targets: readonly string[] | null,
  outputOrder: (ids: string[]) => string[],
): Validation {
  const outputs: string[] = [];
  for (const [id, node] of Object.entries(graph)) {
    if (typeof node !== "object" || node === null) throw new TypeError("argument of type 'NoneType' is not iterable");
    const title = node._meta?.title ?? null;
    const missing = missingType(id, node.class_type, title, site.dialect);
    if (missing !== null) return { ok: false, error: missing, nodeErrors: {} };
    if (library[node.class_type]?.outputNode === true && (targets === null || targets.includes(id))) outputs.push(id);
  }
  if (outputs.length === 0) {
    return { ok: false, error: errorOf("prompt_no_outputs", "Prompt has no outputs"), nodeErrors: {} };
  }

  const verdicts = new Map<string, Verdict>();
  const nodeErrors: NodeErrors = {};
  const good: string[] = [];
  const ownReasons: Reason[] = [];
  for (const output of outputOrder(outputs)) {
    const verdict = tryOutput(graph, output, site, verdicts);
    if (verdict.valid) {
      good.push(output);
      continue;
    }
    ownReasons.push(...verdict.reasons);
    // All that is wrong so far counts against this output, even what does not lead to it.
    for (const [id, { valid, reasons }] of verdicts) {
      if (valid || reasons.length === 0) continue;
      const class_type = graph[id]?.class_type ?? "";
      nodeErrors[id] ??= { errors: reasons, dependent_outputs: [], class_type };
      nodeErrors[id].dependent_outputs.push(output);
    }
  }
  if (good.length > 0) return { ok: true, outputs: good, nodeErrors };
  const details = ownReasons.map((reason) => `${reason.message}: ${reason.details}`).join("\n");
  const error = errorOf("prompt_outputs_failed_validation", "Prompt outputs failed validation", details);
  return { ok: false, error, nodeErrors };
}

/** What is thrown at the output node itself is said of it. */
function tryOutput(graph: Graph, output: string, site: Site, verdicts: Map<string, Verdict>): Verdict {
  try {
    return validateOutput(graph, output, site, verdicts);
  } catch (error) {
    if (!(error instanceof PythonError)) throw error;
    const extra = { exception_type: error.pythonName, traceback: [] };
    const reason = errorOf("exception_during_validation", "Exception when validating node", error.message, extra);
    const verdict = { valid: false, reasons: [reason] };
    verdicts.set(output, verdict);
    return verdict;
  }
}

function missingType(
  id: string,
  classType: string | undefined,
  title: string | null,
  { unknownClass }: Dialect,
): PromptError | null {
  if (classType !== undefined && Object.hasOwn(library, classType)) return null;
  const details = `Node ID '#${id}'`;
  if (unknownClass === "invalid_prompt") {
    const problem =
      classType === undefined ? "a node is missing the class_type property." : `node ${classType} does not exist.`;
    return errorOf("invalid_prompt", `Cannot execute because ${problem}`, details);
  }
  if (classType === undefined) {
    const message = `Node 'ID #${id}' has no class_type. The workflow may be corrupted or a custom node is missing.`;
    return errorOf("missing_node_type", message, details, { node_id: id, class_type: null, node_title: null });
  }
  const message = `Node '${title ?? classType}' not found. The custom node may not be installed.`;
  const extra = { node_id: id, class_type: classType, node_title: title ?? classType };
  return errorOf("missing_node_type", message, details, extra);
}

/** An error in the shape of ComfyUI's answers. */
export function errorOf(
  type: string,
  message: string,
  details = "",
  extra_info: Record<string, unknown> = {},
): PromptError {
  return { type, message, details, extra_info };
}
