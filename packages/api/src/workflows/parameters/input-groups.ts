import { type Graph, isExactInteger, type Parameter } from "@darkroom/contracts";
import type { DescribedBackend } from "@darkroom/db";
import { type GraphView, viewOf } from "../graph/graph-view.ts";
import { keyOf, type Place, promptPlaces } from "../graph/text-inputs.ts";
import { inputFacts, parameterFor } from "./input-kind.ts";
import { promptRoles, roleOf } from "./role-of.ts";
import { type Assigned, type Role, type RoleName, roles } from "./roles.ts";

/** Inputs that one parameter sets together. */
export interface InputGroup {
  readonly role: RoleName | null;
  readonly isWanted: boolean;
  /** What makes the group another than others of its role: a side, a sampler. */
  readonly detail: string;
  readonly places: readonly Place[];
  /** What all of its inputs take, without a name and a label of its own. */
  readonly parameter: Parameter;
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
    for (const [input, value] of Object.entries(node.inputs)) {
      if (Array.isArray(value)) continue;
      const place = { nodeId, input };
      const assigned = roleOf(view, place, prompts);
      const facts = inputFacts(backends, node, input);
      const parameter = parameterFor(node, input, { facts, isMask: assigned?.role === "mask" });
      if (parameter === null) continue;
      const key = groupKey(view, place, { assigned, parameter });
      const held = groups.get(key);
      groups.set(key, {
        role: assigned?.role ?? null,
        isWanted: held?.isWanted === true || assigned?.isWanted === true,
        detail: assigned?.group ?? "",
        places: [...(held?.places ?? []), place],
        parameter: held === undefined ? parameter : narrowed(held.parameter, parameter),
      });
    }
  }
  return [...groups.values()];
}

function groupKey(
  { graph }: GraphView,
  place: Place,
  { assigned, parameter }: { assigned: Assigned | null; parameter: Parameter },
): string {
  const role: Role | null = assigned === null ? null : roles[assigned.role];
  const value = graph[place.nodeId]?.inputs[place.input];
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
