import type { Parameter } from "@darkroom/contracts";
import type { Candidate } from "../../answers/index.ts";
import type { InputGroup } from "./input-groups.ts";

/** The parameters that may be dynamic combos, by the ids of their groups. */
type Combos = ReadonlyMap<string, Parameter>;

/** What may be chosen of a group of inputs. */
export interface NamedGroup {
  readonly group: InputGroup;
  readonly candidate: Candidate;
}

/** The declared parameter that sets one of the group's inputs, with an option of the group's; undefined if none does. */
export function declaredOf(group: InputGroup, declared: readonly Candidate[]): Candidate | undefined {
  const { places } = group;
  return declared.find(
    ({ parameter, bindings }) =>
      sharesOption(group, parameter) &&
      places.some(({ nodeId, input }) => bindings.some((one) => one.node === nodeId && one.input === input)),
  );
}

/** A parameter that always exists was made for what the graph holds. */
function sharesOption({ when, isHeld }: InputGroup, parameter: Parameter): boolean {
  if (when === undefined) return true;
  return parameter.when === undefined
    ? isHeld
    : parameter.when.is.some((option) => when.is.some((key) => key === option));
}

/**
 * The parameters by the ids of the groups that they stand for: by those, dynamic combos are looked up. One that hangs on a combo that
 * nobody can choose is not among them.
 */
export function combosOf(
  all: readonly InputGroup[],
  { declared, named }: { declared: readonly Candidate[]; named: readonly NamedGroup[] },
): Combos {
  const ofDeclared = all.flatMap((group) => {
    const candidate = declaredOf(group, declared);
    return candidate === undefined ? [] : [[group.id, candidate.parameter] as const];
  });
  const found = new Map([
    ...ofDeclared,
    ...named.map(({ group, candidate }) => [group.id, candidate.parameter] as const),
  ]);
  const groups = new Map(all.map((group) => [group.id, group]));
  const isOffered = (id: string): boolean => {
    const { when, isHeld = false } = groups.get(id) ?? {};
    return when === undefined || isHeld || (offeredOf(when, found).length > 0 && isOffered(when.combo));
  };
  return new Map([...found].filter(([id]) => isOffered(id)));
}

/** Which of the options that bring a group the parameter of its combo offers; none where there is no such parameter. */
function offeredOf({ combo, is }: NonNullable<InputGroup["when"]>, combos: Combos): string[] {
  const parameter = combos.get(combo);
  const offered = parameter?.kind === "choice" ? parameter.choices : [];
  return is.filter((option) => offered.includes(option));
}

/** The options that lead to a group, from the outermost combo to its own. */
export function optionPath(group: InputGroup, all: readonly InputGroup[]): string[] {
  const { when } = group;
  if (when === undefined) return [];
  const holder = all.find(({ id }) => id === when.combo);
  return [...(holder === undefined ? [] : optionPath(holder, all)), when.is.join(" or ")];
}

/**
 * A candidate with the condition of its group. Without a parameter for the combo nobody can choose another option: then there is
 * nothing but what the graph's own option brings, and that always.
 */
export function conditional({ group, candidate }: NamedGroup, combos: Combos): Candidate[] {
  if (group.when === undefined) return [candidate];
  const combo = combos.get(group.when.combo);
  const is = offeredOf(group.when, combos);
  if (combo === undefined || is.length === 0) return group.isHeld ? [candidate] : [];
  const when = { parameter: combo.name, is };
  return [{ ...candidate, parameter: { ...candidate.parameter, when } }];
}

/** A declared parameter that always existed while its combo was none, with the condition that it has once the combo is one. */
export function withConditionOf(
  candidate: Candidate,
  known: { all: readonly InputGroup[]; combos: Combos; parameters: readonly Parameter[] },
): Candidate {
  const { parameter, bindings } = candidate;
  const group = known.all.find(
    ({ places, isHeld }) =>
      isHeld &&
      places.length === bindings.length &&
      places.every(({ nodeId, input }) => bindings.some((one) => one.node === nodeId && one.input === input)),
  );
  const [made] = group === undefined ? [] : conditional({ group, candidate }, known.combos);
  const isDeclared = known.parameters.some(({ name }) => name === made?.parameter.when?.parameter);
  return made === undefined || parameter.when !== undefined || isDeclared ? candidate : made;
}
