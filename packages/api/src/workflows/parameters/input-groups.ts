import { type Graph, type GraphNode, isExactInteger, type Parameter, valueAt } from "@darkroom/contracts";
import type { DescribedBackend } from "@darkroom/db";
import { type GraphView, viewOf } from "../graph/graph-view.ts";
import { keyOf, type Place, promptPlaces } from "../graph/text-inputs.ts";
import { inputFacts, parameterFor } from "./input-kind.ts";
import { partsOf } from "./object-parts.ts";
import { type OptionInput, optionInputs } from "./option-inputs.ts";
import { promptRoles, roleOf } from "./role-of.ts";
import { type Assigned, type InputRole, type RoleName, roles } from "./roles.ts";

/** Inputs that one parameter sets together. */
export interface InputGroup {
  readonly role: RoleName | null;
  readonly isWanted: boolean;
  /** What makes the group another than others of its role: a side, a sampler. */
  readonly detail: string;
  readonly places: readonly Place[];
  /** What all of its inputs take, without a name and a label of its own. */
  readonly parameter: Parameter;
  /** What no other group has; what depends on a dynamic combo names the group of the combo by it. */
  readonly id: string;
  /** The options that bring the input; left out for an input that always exists. */
  readonly when?: { readonly combo: string; readonly is: readonly string[] };
  /** What the graph holds, or else the class's default. */
  readonly value: unknown;
  /** False for what another option than the graph's would bring. */
  readonly isHeld: boolean;
}

/** The inputs of the running nodes that a parameter could set, what means the same and holds the same together. */
export function inputGroups(
  graph: Graph,
  outputs: readonly string[],
  backends: readonly DescribedBackend[],
): InputGroup[] {
  const view = viewOf(graph, outputs, backends);
  const prompts = promptRoles(promptPlaces(view));
  const groups = new Map<string, InputGroup>();
  for (const [nodeId, node] of Object.entries(graph)) {
    if (!view.running.has(nodeId)) continue;
    for (const one of settableInputs(node, backends)) {
      const place = { nodeId, input: one.name };
      const value = valueAt(one.node, one.name);
      const assigned = roleOf(one.isHeld ? view : withNode(view, nodeId, one.node), place, prompts);
      const facts = inputFacts(backends, one.node, one.name);
      const parameter = parameterFor(one.node, one.name, { facts, role: assigned?.role ?? null });
      if (parameter === null) continue;
      const id = `${nodeId}.${one.id}`;
      const key = one.isHeld ? groupKey(view, place, { assigned, parameter }) : id;
      const held = groups.get(key);
      groups.set(key, {
        id: held?.id ?? id,
        role: assigned?.role ?? null,
        isWanted: held?.isWanted === true || (assigned?.isWanted === true && one.isHeld),
        detail: assigned?.group ?? "",
        places: [...(held?.places ?? []), place],
        parameter: held === undefined ? parameter : narrowed(held.parameter, parameter),
        value: held === undefined ? value : held.value,
        isHeld: one.isHeld,
        // What is set together with an input that always exists does so too.
        ...(one.when === null || held !== undefined
          ? {}
          : { when: { ...one.when, combo: `${nodeId}.${one.when.combo}` } }),
      });
    }
  }
  return [...groups.values()];
}

type SettableInput = Omit<OptionInput, "when"> & { readonly when: OptionInput["when"] | null };

/** The inputs of a node that hold a value, and those that would with other options of its dynamic combos. */
function settableInputs(node: GraphNode, backends: readonly DescribedBackend[]): SettableInput[] {
  const brought = optionInputs(node, backends);
  const held = Object.entries(node.inputs)
    .filter(([, value]) => !Array.isArray(value))
    .flatMap(([name, value]) => {
      const parts = partsOf(value);
      return parts.length === 0 ? [name] : parts.map((part) => `${name}.${part}`);
    })
    .map((name): SettableInput => {
      const option = brought.find((one) => one.name === name && one.isHeld);
      return { id: option?.id ?? name, name, node, isHeld: true, when: option?.when ?? null };
    });
  return [...held, ...brought.filter(({ isHeld }) => !isHeld)];
}

/** The graph as it would be with other choices in one node. */
function withNode(view: GraphView, nodeId: string, node: GraphNode): GraphView {
  return { ...view, graph: { ...view.graph, [nodeId]: node } };
}

function groupKey(
  { graph }: GraphView,
  place: Place,
  { assigned, parameter }: { assigned: Assigned | null; parameter: Parameter },
): string {
  const role: InputRole | null = assigned === null ? null : roles[assigned.role];
  const node = graph[place.nodeId];
  const value = node === undefined ? undefined : valueAt(node, place.input);
  const shown = isExactInteger(value) ? value.$integer : String(value);
  // Two empty texts are the same only by chance.
  if (role?.isJoined !== true || assigned === null || typeof value === "object" || shown.trim() === "") {
    return keyOf(place);
  }
  return [role.name, parameter.kind, assigned.group ?? "", shown].join("\n");
}

/** What both take. */
function narrowed(one: Parameter, other: Parameter): Parameter {
  if (one.kind === "choice" && other.kind === "choice") {
    const choices = one.choices.filter((choice) => other.choices.includes(choice));
    return choices.length === 0 ? one : { ...one, choices };
  }
  if ("min" in one && "min" in other) {
    const bounds = { min: Math.max(one.min, other.min), max: Math.min(one.max, other.max) };
    if (one.kind === "seed") return { ...one, ...bounds };
    const step = Math.max(one.step ?? 0, "step" in other ? (other.step ?? 0) : 0);
    return { ...one, ...bounds, ...(step === 0 ? {} : { step }) };
  }
  return one;
}
