import { declaredInputs } from "../nodes/declared-inputs.ts";
import { library } from "../nodes/library.ts";
import type { InputSpec, NodeType } from "../nodes/node-type.ts";
import type { Graph, GraphNode } from "../protocol/graph.ts";
import type { Site } from "../site/site.ts";
import { convert, isAmong, isLess, PythonError, pythonRepr, pythonText, pythonType } from "./python-values.ts";

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

/**
 * ComfyUI's `validate_inputs` for one output and all that leads to it: same order, same texts, same quirks. It also
 * converts: a numeric string becomes the number that the node will get.
 */
export function validateOutput(graph: Graph, id: string, site: Site, verdicts: Map<string, Verdict>): Verdict {
  const cycle = findCycle(graph, id, site);
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
  for (const [name, spec, required] of declaredInputs(type.inputs(site), node.inputs)) {
    const value = node.inputs[name];
    if (value === undefined) {
      // The newer interface names an input of an option by its last name alone.
      const short = name.split(".").at(-1) ?? name;
      if (required)
        reasons.push(reasonOf("required_input_missing", "Required input is missing", short, { input_name: name }));
    } else if (Array.isArray(value)) {
      const linked = validateLink(graph, name, value, spec, site, verdicts);
      if (linked === false) valid = false;
      else if (linked !== true) reasons.push(linked);
    } else {
      const reason = validateValue(node, name, spec, { type, site });
      if (reason !== null) reasons.push(reason);
    }
  }
  const refusal = validateItself(node, type, site);
  if (refusal !== null) reasons.push(refusal);
  const verdict = { valid: valid && reasons.length === 0, reasons };
  verdicts.set(id, verdict);
  return verdict;
}

/** The class's own `VALIDATE_INPUTS`, which is called whatever was wrong before it, and with None for what is linked. */
function validateItself(node: GraphNode, { validate }: NodeType, site: Site): Reason | null {
  if (validate === undefined) return null;
  const { input, check } = validate;
  const value = node.inputs[input];
  if (value === undefined) {
    const message = `${node.class_type}.VALIDATE_INPUTS() missing 1 required positional argument: '${input}'`;
    throw new PythonError("TypeError", message);
  }
  if (typeof value !== "string") {
    const type = pythonType(Array.isArray(value) ? null : value);
    throw new PythonError("AttributeError", `'${type}' object has no attribute 'endswith'`);
  }
  const refusal = check(value, site);
  if (refusal === null) return null;
  const details = `${input} - ${refusal}`;
  return reasonOf("custom_validation_failed", "Custom validation failed for node", details, { input_name: input });
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
  const [from, slot] = link;
  const source = typeof from === "string" && Object.hasOwn(graph, from) ? graph[from] : undefined;
  if (typeof from !== "string" || source === undefined) throw new PythonError("KeyError", pythonRepr(from));
  const received = outputAt(library[source.class_type]?.outputs ?? [], slot);
  const [wanted] = spec;
  if (!fits(received, wanted, site.dialect.looseTypes)) {
    const types = `received_type(${pythonText(received)}) mismatch input_type(${pythonText(wanted)})`;
    return reasonOf("return_type_mismatch", "Return type mismatch between linked nodes", `${name}, ${types}`, {
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
    const message = "Exception when validating inner node";
    const reason = reasonOf("exception_during_inner_validation", message, error.message, {
      input_name: name,
      input_config: config,
      exception_message: error.message,
      exception_type: error.pythonName,
      traceback: ['  File "/comfyui/execution.py", line 955, in validate_inputs\n'],
      linked_node: link,
    });
    verdicts.set(from, { valid: false, reasons: [reason] });
    return false;
  }
}

/** Python's indexing of a tuple: from the end below 0, and `True` is 1. */
function outputAt(outputs: NodeType["outputs"], slot: unknown): NodeType["outputs"][number] {
  const index = typeof slot === "boolean" ? Number(slot) : slot;
  if (typeof index !== "number" || !Number.isInteger(index)) {
    throw new PythonError("TypeError", "tuple indices must be integers or slices, not str");
  }
  const received = outputs.at(index);
  if (received === undefined) throw new PythonError("IndexError", "tuple index out of range");
  return received;
}

/**
 * ComfyUI's `validate_node_input`: one type in common is enough, `*` and match types are any, and a list of choices in place of a type
 * fits the same list, or what takes a `COMBO`.
 */
function fits(received: InputSpec[0], wanted: InputSpec[0], isLoose: boolean): boolean {
  const open = ["*", "COMFY_MATCHTYPE_V3"];
  if ([received, wanted].some((type) => typeof type === "string" && open.includes(type))) return true;
  if (typeof received !== "string") {
    return (isLoose && wanted === "COMBO") || pythonRepr(received) === pythonRepr(wanted);
  }
  if (typeof wanted !== "string") return false;
  const [given, types] = [received, wanted].map((type) => type.split(",").map((one) => one.trim()));
  const isOpen = isLoose && [...(given ?? []), ...(types ?? [])].includes("*");
  return isOpen || given?.some((type) => types?.includes(type)) === true;
}

function validateValue(
  node: GraphNode,
  name: string,
  spec: InputSpec,
  { type, site }: { type: NodeType; site: Site },
): Reason | null {
  const [kind, options = {}] = spec;
  const given = unwrapped(node.inputs[name]);
  const info = { input_name: name, input_config: configOf(spec), received_value: given };
  let value: unknown;
  try {
    value = convert(given, kind);
  } catch (error) {
    if (!(error instanceof PythonError)) throw error;
    const message = `Failed to convert an input value to a ${String(kind)} value`;
    const details = `${name}, ${pythonText(given)}, ${error.message}`;
    return reasonOf("invalid_input_type", message, details, { ...info, exception_message: error.message });
  }
  node.inputs[name] = value;
  if (type.validate?.input === name) return null;
  if (options.min !== undefined && isLess(value, options.min)) {
    const message = `Value ${pythonText(value)} smaller than min of ${options.min}`;
    return reasonOf("value_smaller_than_min", message, name, { ...info, received_value: value });
  }
  if (options.max !== undefined && isLess(options.max, value)) {
    const message = `Value ${pythonText(value)} bigger than max of ${options.max}`;
    return reasonOf("value_bigger_than_max", message, name, { ...info, received_value: value });
  }
  const choices = choicesOf(spec, site);
  const several = options.multiselect === true && Array.isArray(value) ? value : [value];
  const wrong = choices === null ? [] : several.filter((one) => !isAmong(one, choices));
  if (choices === null || wrong.length === 0) return null;
  const long = choices.length > 20;
  const list = long ? `(list of length ${choices.length})` : pythonRepr(choices);
  const details = `${name}: ${wrong.map(pythonRepr).join(", ")} not in ${list}`;
  return reasonOf("value_not_in_list", "Value not in list", details, long ? { ...info, input_config: null } : info);
}

/** Lists are links, so that the editor wraps a list that is a value. Whatever is wrapped so is unwrapped. */
function unwrapped(value: unknown): unknown {
  return typeof value === "object" && value !== null && "__value__" in value ? value.__value__ : value;
}

/** The choices that ComfyUI looks at; null where any value will do. A dynamic combo's are not among them. */
function choicesOf([kind, options = {}]: InputSpec, { dialect }: Site): readonly unknown[] | null {
  if (typeof kind !== "string") return kind;
  if (kind !== "COMBO" || !dialect.looksAtCombos || options.remote_combo !== undefined) return null;
  return Array.isArray(options.options) ? options.options : [];
}

function configOf(spec: InputSpec): unknown[] {
  return [spec[0], spec[1] ?? {}];
}

function reasonOf(type: string, message: string, details: string, extra_info: Record<string, unknown>): Reason {
  return { type, message, details, extra_info };
}

/** The first ring of links found upstream of `start`, in the order of the links; null if there is none. */
function findCycle(graph: Graph, start: string, site: Site): string[] | null {
  const path: string[] = [];
  const cleared = new Set<string>();
  function visit(id: string): string[] | null {
    const at = path.indexOf(id);
    if (at >= 0) return path.slice(at);
    if (cleared.has(id)) return null;
    path.push(id);
    const { class_type = "", inputs = {} } = graph[id] ?? {};
    const declared = declaredInputs(library[class_type]?.inputs(site) ?? { required: {} }, inputs);
    for (const [name] of declared) {
      const value = inputs[name];
      const cycle = Array.isArray(value) && value.length === 2 ? visit(String(value[0])) : null;
      if (cycle !== null) return cycle;
    }
    path.pop();
    cleared.add(id);
    return null;
  }
  return visit(start);
}
