import { inputSpecs, library } from "../nodes/library.ts";
import type { InputSpec, NodeType } from "../nodes/node-type.ts";
import type { Graph, GraphNode } from "../protocol/graph.ts";
import type { Site } from "../site/site.ts";

/** One entry of `node_errors[id].errors`. */
export interface Reason {
  readonly type: string;
  readonly message: string;
  readonly details: string;
  readonly extra_info: Record<string, unknown>;
}

export interface Verdict {
  readonly valid: boolean;
  readonly reasons: readonly Reason[];
}

/** What Python would have thrown while validating. */
class PythonError extends Error {
  readonly pythonName: string;

  constructor(pythonName: string, message: string) {
    super(message);
    this.pythonName = pythonName;
  }
}

/**
 * ComfyUI's `validate_inputs` for one output and all that leads to it: same order, same texts, same quirks. It also
 * converts: a numeric string becomes the number that the node will get.
 */
export function validateOutput(graph: Graph, id: string, site: Site, verdicts: Map<string, Verdict>): Verdict {
  const cycle = findCycle(graph, id);
  if (cycle === null) return validateNode(graph, id, site, verdicts);
  const path = [...cycle, cycle[0] ?? ""].map((node) => `${node} (${graph[node]?.class_type})`).join(" -> ");
  for (const node of cycle) {
    const reason = {
      type: "dependency_cycle",
      message: "Dependency cycle detected",
      details: path,
      extra_info: { node_id: node, cycle_nodes: cycle },
    };
    if (site.dialect.namesCycles) verdicts.set(node, { valid: false, reasons: [reason] });
  }
  return { valid: false, reasons: [] };
}

function validateNode(graph: Graph, id: string, site: Site, verdicts: Map<string, Verdict>): Verdict {
  const known = verdicts.get(id);
  if (known !== undefined) return known;
  const node = graph[id];
  if (node === undefined) throw new PythonError("KeyError", `'${id}'`);
  if (node.inputs === undefined) throw new PythonError("KeyError", "'inputs'");
  const type = library[node.class_type];
  if (type === undefined) throw new PythonError("KeyError", `'${node.class_type}'`);

  const reasons: Reason[] = [];
  let valid = true;
  for (const [name, spec, required] of inputSpecs(type.inputs(site))) {
    const value = node.inputs[name];
    if (value === undefined) {
      if (required)
        reasons.push(reasonOf("required_input_missing", "Required input is missing", name, { input_name: name }));
    } else if (Array.isArray(value)) {
      const linked = validateLink(graph, name, value, spec, site, verdicts);
      if (linked === false) valid = false;
      else if (linked !== true) reasons.push(linked);
    } else {
      const reason = validateValue(node, name, spec, type);
      if (reason !== null) reasons.push(reason);
    }
  }
  if (reasons.length === 0 && type.validate !== undefined) {
    const { input, check } = type.validate;
    const refusal = check(node.inputs[input], site);
    if (refusal !== null) {
      const details = `${input} - ${refusal}`;
      reasons.push(
        reasonOf("custom_validation_failed", "Custom validation failed for node", details, { input_name: input }),
      );
    }
  }
  const verdict = { valid: valid && reasons.length === 0, reasons };
  verdicts.set(id, verdict);
  return verdict;
}

/** True: fine. False: something further up is wrong, and said there. */
function validateLink(
  graph: Graph,
  name: string,
  link: unknown[],
  spec: InputSpec,
  site: Site,
  verdicts: Map<string, Verdict>,
): boolean | Reason {
  const config = configOf(spec);
  if (link.length !== 2) {
    const message = "Bad linked input, must be a length-2 list of [node_id, slot_index]";
    return reasonOf("bad_linked_input", message, name, {
      input_name: name,
      input_config: config,
      received_value: link,
    });
  }
  const from = String(link[0]);
  const source = graph[from];
  if (source === undefined) throw new PythonError("KeyError", `'${from}'`);
  const received = library[source.class_type]?.outputs[Number(link[1])];
  if (received === undefined) throw new PythonError("IndexError", "tuple index out of range");
  const wanted = typeof spec[0] === "string" ? spec[0] : "COMBO";
  if (wanted !== "*" && received !== "*" && received !== wanted) {
    const details = `${name}, received_type(${received}) mismatch input_type(${wanted})`;
    return reasonOf("return_type_mismatch", "Return type mismatch between linked nodes", details, {
      input_name: name,
      input_config: config,
      received_type: received,
      linked_node: link,
    });
  }
  try {
    return validateNode(graph, from, site, verdicts).valid;
  } catch (error) {
    if (!(error instanceof PythonError)) throw error;
    const reason = reasonOf(
      "exception_during_inner_validation",
      "Exception when validating inner node",
      error.message,
      {
        input_name: name,
        input_config: config,
        exception_message: error.message,
        exception_type: error.pythonName,
        traceback: ['  File "/comfyui/execution.py", line 955, in validate_inputs\n'],
        linked_node: link,
      },
    );
    verdicts.set(from, { valid: false, reasons: [reason] });
    return false;
  }
}

function validateValue(node: GraphNode, name: string, spec: InputSpec, type: NodeType): Reason | null {
  const [kind, options = {}] = spec;
  const given = node.inputs[name];
  const info = { input_name: name, input_config: configOf(spec), received_value: given };
  const converted = convert(given, kind);
  if (converted === null) {
    const message = `Failed to convert an input value to a ${String(kind)} value`;
    const exception =
      kind === "FLOAT"
        ? `could not convert string to float: '${String(given)}'`
        : `invalid literal for int() with base 10: '${String(given)}'`;
    return reasonOf("invalid_input_type", message, `${name}, ${String(given)}, ${exception}`, {
      ...info,
      exception_message: exception,
    });
  }
  node.inputs[name] = converted.value;
  if (type.validate?.input === name) return null;
  const value = converted.value;
  if (isNumeric(value) && isNumeric(options.min) && value < options.min) {
    const message = `Value ${value} smaller than min of ${options.min}`;
    return reasonOf("value_smaller_than_min", message, name, { ...info, received_value: value });
  }
  if (isNumeric(value) && isNumeric(options.max) && value > options.max) {
    const message = `Value ${value} bigger than max of ${options.max}`;
    return reasonOf("value_bigger_than_max", message, name, { ...info, received_value: value });
  }
  const choices = choicesOf(spec);
  if (choices === null || choices.includes(String(value))) return null;
  const long = choices.length > 20;
  const list = long ? `(list of length ${choices.length})` : `[${choices.map((choice) => `'${choice}'`).join(", ")}]`;
  const details = `${name}: '${String(value)}' not in ${list}`;
  return reasonOf("value_not_in_list", "Value not in list", details, long ? { ...info, input_config: null } : info);
}

/** The forms of a choice that ComfyUI checks; null where any value will do. */
function choicesOf([kind, options = {}]: InputSpec): readonly string[] | null {
  if (typeof kind !== "string") return kind;
  if (!Array.isArray(options.options)) return null;
  if (kind === "COMBO") return options.options;
  return kind === "COMFY_DYNAMICCOMBO_V3" ? options.options.map(({ key }: { key: string }) => key) : null;
}

/** As Python's `int`, `float`, `str` and `bool` would; null if they throw. */
function convert(value: unknown, kind: InputSpec[0]): { value: unknown } | null {
  if (kind === "INT" || kind === "FLOAT") {
    const number =
      typeof value === "boolean" ? Number(value) : typeof value === "string" ? numberIn(value, kind) : value;
    if (!isNumeric(number) || Number.isNaN(number)) return null;
    return { value: kind === "INT" && typeof number === "number" ? Math.trunc(number) : number };
  }
  if (kind === "STRING") return { value: typeof value === "string" ? value : String(value) };
  if (kind === "BOOLEAN") return { value: typeof value === "string" ? value.toLowerCase() === "true" : Boolean(value) };
  return { value };
}

function numberIn(text: string, kind: "INT" | "FLOAT"): number | bigint {
  const pattern = kind === "INT" ? /^\s*[+-]?\d+\s*$/ : /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i;
  if (!pattern.test(text)) return Number.NaN;
  return kind === "INT" && !Number.isSafeInteger(Number(text)) ? BigInt(text) : Number(text);
}

/** Some bounds exceed what a JavaScript number holds exactly. */
function isNumeric(value: unknown): value is number | bigint {
  return typeof value === "number" || typeof value === "bigint";
}

function configOf(spec: InputSpec): unknown[] {
  return [spec[0], spec[1] ?? {}];
}

function reasonOf(type: string, message: string, details: string, extra_info: Record<string, unknown>): Reason {
  return { type, message, details, extra_info };
}

/** The first ring of links found upstream of `start`, in the order of the links; null if there is none. */
function findCycle(graph: Graph, start: string): string[] | null {
  const path: string[] = [];
  const cleared = new Set<string>();
  function visit(id: string): string[] | null {
    const at = path.indexOf(id);
    if (at >= 0) return path.slice(at);
    if (cleared.has(id)) return null;
    path.push(id);
    for (const value of Object.values(graph[id]?.inputs ?? {})) {
      const cycle = Array.isArray(value) && value.length === 2 ? visit(String(value[0])) : null;
      if (cycle !== null) return cycle;
    }
    path.pop();
    cleared.add(id);
    return null;
  }
  return visit(start);
}
