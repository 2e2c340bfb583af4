import {
  type Binding,
  type Graph,
  type GraphNode,
  isExactInteger,
  type Parameter,
  valueAt,
  type WorkflowDefinition,
} from "@darkroom/contracts";
import type { DescribedBackend } from "@darkroom/db";
import type { Candidate } from "../../answers/index.ts";
import { titleOf } from "../graph/links.ts";
import {
  combosOf,
  conditional,
  declaredOf,
  type NamedGroup,
  optionPath,
  withConditionOf,
} from "./candidate-conditions.ts";
import { type InputGroup, inputGroups } from "./input-groups.ts";
import { labelFrom, nameFrom, ownTitle, readerOf, wordsOf } from "./input-names.ts";
import { type InputRole, roles } from "./roles.ts";

const order: readonly string[] = Object.keys(roles);
/** The most that a definition holds. */
const MAX_PARAMETERS = 100;

/**
 * Every plain input of the graph that runs as a candidate, the ones that a person would want to set suggested: prompts by
 * following a sampler's links, the rest by where their values go. What the workflow declares already comes first and stays
 * as it is.
 */
export function candidatesOf(
  definition: Pick<WorkflowDefinition, "graph" | "outputs" | "parameters" | "bindings">,
  backends: readonly DescribedBackend[],
): Candidate[] {
  const { graph, outputs, parameters, bindings } = definition;
  const declared = parameters.flatMap((parameter) => declaredCandidate(graph, parameter, bindings));
  const all = inputGroups(graph, outputs, backends);
  // What an earlier version left out was left out on purpose.
  const isFirst = parameters.length === 0;
  const groups = all.filter((group) => declaredOf(group, declared) === undefined).sort((a, b) => rankOf(a) - rankOf(b));
  const naming = namingOf(graph, parameters, backends);
  const named = groups.flatMap((group, index): NamedGroup[] => {
    const candidate = candidateOf(graph, { group, path: optionPath(group, all) }, naming);
    const isSuggested = isFirst && group.isWanted && index < MAX_PARAMETERS;
    return candidate === null ? [] : [{ group, candidate: { ...candidate, suggested: isSuggested } }];
  });
  const combos = combosOf(all, { declared, named });
  return [
    ...declared.map((candidate) => withConditionOf(candidate, { all, combos, parameters })),
    ...named.flatMap((one) => conditional(one, combos)),
  ];
}

/** The nodes whose files are probably wanted: what saves, or else what shows; of what shows, pictures and films before words. */
export function suggestOutputs(graph: Graph, backends: readonly DescribedBackend[]): string[] {
  const isOutput = ({ class_type }: GraphNode): boolean =>
    backends.some(({ info }) => info?.[class_type]?.outputNode === true) ||
    /^(Save|Preview|VHS_VideoCombine)/.test(class_type);
  const all = Object.entries(graph).filter(([, node]) => isOutput(node));
  const best = Math.max(...all.map(([, node]) => worthOf(node)));
  return all.filter(([, node]) => worthOf(node) === best).map(([nodeId]) => nodeId);
}

/** 3: saves a file; 2: shows one, which the server deletes; 1: shows words and numbers of the graph to who draws it. */
function worthOf({ class_type, inputs }: GraphNode): 1 | 2 | 3 {
  if (/^(Show|Display)|Display ?(Any|Int|Float|Text)|ImageSize|^Preview(Any|Text)/i.test(class_type)) return 1;
  return /Preview|Compar/i.test(class_type) || inputs.save_output === false ? 2 : 3;
}

function rankOf({ role, isWanted }: InputGroup): number {
  return role === null || !isWanted ? order.length : order.indexOf(role);
}

/** The names and labels that are given already, and what the classes are called. */
interface Naming {
  readonly names: Set<string>;
  readonly labels: Set<string>;
  classTitle(classType: string): string;
}

function namingOf(graph: Graph, parameters: readonly Parameter[], backends: readonly DescribedBackend[]): Naming {
  const titles = new Map<string, string>();
  for (const { class_type } of Object.values(graph)) {
    const title = backends.map(({ info }) => info?.[class_type]?.title).find((known) => known !== undefined);
    titles.set(class_type, title ?? "");
  }
  return {
    names: new Set(parameters.map(({ name }) => name)),
    labels: new Set(parameters.map(({ label }) => label.toLowerCase())),
    classTitle: (classType) => titles.get(classType) ?? "",
  };
}

/** @param path the options that lead to the group */
function candidateOf(
  graph: Graph,
  { group, path }: { group: InputGroup; path: readonly string[] },
  naming: Naming,
): Candidate | null {
  const [place] = group.places;
  const node = place === undefined ? undefined : graph[place.nodeId];
  if (place === undefined || node === undefined) return null;
  const { nodeId, input } = place;
  const role: InputRole | null = group.role === null ? null : roles[group.role];
  const classTitle = naming.classTitle(node.class_type);
  const asked = group.when === undefined ? place : { ...place, input: input.split(".").at(-1) ?? input };
  const isPlain = role === null || role.isNamedByInput === true;
  const name = free(isPlain ? nameFrom(graph, asked, classTitle) : role.name, (index, wanted) => `${wanted}${index}`, {
    isTaken: (one) => naming.names.has(one),
  });
  naming.names.add(name);
  const title = ownTitle(graph, place, classTitle);
  const reader = isPlain ? null : readerOf(graph, group.places);
  const word = isPlain ? labelFrom(graph, asked, classTitle) : roleLabel(role, group.detail, title);
  const plain = reader === null ? word : `${word} (${reader})`;
  const isTitled = !isPlain && title !== null && word !== title && saysMore(title);
  const label = free(plain, (index, wanted) => `${wanted} ${index}`, {
    isTaken: (one) => naming.labels.has(one.toLowerCase()),
    // A second of its kind is best told by the options that bring it, or by the title that somebody gave its node.
    instead: [
      ...path.map((_, index) => `${plain} (${path.slice(-1 - index).join(", ")})`),
      ...(isTitled && path.length === 0 ? [hasWord(title, plain) ? title : `${plain} (${title})`] : []),
    ],
  });
  naming.labels.add(label.toLowerCase());
  return {
    parameter: shaped({ ...group.parameter, name, label }, role),
    bindings: group.places.map((one) => ({ parameter: name, node: one.nodeId, input: one.input })),
    ...{ nodeId, nodeTitle: titleOf(graph, nodeId), classType: node.class_type, input },
    value: plainValue(group.value),
    suggested: false,
  };
}

/** A role's plain word; for pictures and texts the title of their node, where it says what they are of. */
function roleLabel(role: InputRole, detail: string, title: string | null): string {
  if (role.name === "extend") return `${role.label} ${detail}`;
  if (role.isTitled === true && title !== null && saysMore(title)) {
    return title.replace(/^Load (\p{L})/iu, (_, letter: string) => letter.toUpperCase());
  }
  return role.isOfPurpose === true && detail !== "" ? wordsOf(detail) : role.label;
}

/** True for a title that says more than what kind of thing its node holds. */
function saysMore(title: string): boolean {
  const rest = title.replace(
    /\b(positive|negative|prompt|text|clip|encode[r]?|input|load|image|picture|mask|node|the|my|\d+)\b/gi,
    "",
  );
  return /\p{L}/u.test(rest);
}

/** True for a title that has the plain word in it: “Width 1st pass”. */
function hasWord(title: string, word: string): boolean {
  return title
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .join(" ")
    .includes(word.toLowerCase());
}

/** The wanted name or label, else the first free one of the given, else the first of `image2`, `image3`. At most 80 characters. */
function free(
  wanted: string,
  numbered: (index: number, wanted: string) => string,
  { isTaken, instead = [] }: { isTaken: (one: string) => boolean; instead?: readonly string[] },
): string {
  const short = wanted.slice(0, 60);
  if (!isTaken(short)) return short;
  const other = instead.find((one) => one.length <= 80 && !isTaken(one));
  if (other !== undefined) return other;
  let index = 2;
  while (isTaken(numbered(index, short))) index += 1;
  return numbered(index, short);
}

/** A parameter with its role's bounds, as far as its node and its default allow. */
function shaped(parameter: Parameter, role: InputRole | null): Parameter {
  if (role === null) return { ...parameter, advanced: true };
  const advanced = role.isAdvanced === true ? { advanced: true } : {};
  if (parameter.kind === "text" && (role.name === "prompt" || role.name === "text")) {
    // What the picture shows is asked for, never presumed.
    const { default: _, ...rest } = parameter;
    return { ...rest, required: true };
  }
  if ((parameter.kind !== "integer" && parameter.kind !== "number") || role.bounds === undefined) {
    return { ...parameter, ...advanced };
  }
  const { default: value = parameter.min } = parameter;
  const { step = 1 } = parameter;
  const lower = Math.min(Math.max(parameter.min, role.bounds.min), Math.max(value, parameter.min));
  // A whole number's steps count from its minimum.
  const min = parameter.kind === "integer" ? parameter.min + Math.floor((lower - parameter.min) / step) * step : lower;
  const max = Math.max(Math.min(parameter.max, role.bounds.max), Math.min(value, parameter.max));
  return { ...parameter, ...advanced, min, max };
}

function declaredCandidate(graph: Graph, parameter: Parameter, bindings: readonly Binding[]): Candidate[] {
  const own = bindings.filter((binding) => binding.parameter === parameter.name);
  const [first] = own;
  const node = first === undefined ? undefined : graph[first.node];
  if (first === undefined || node === undefined) return [];
  const value = valueAt(node, first.input);
  return [
    {
      parameter,
      bindings: own,
      nodeId: first.node,
      nodeTitle: titleOf(graph, first.node),
      classType: node.class_type,
      input: first.input,
      value: plainValue(value),
      suggested: true,
    },
  ];
}

/** An input's value as a form shows it; empty for what is no plain value. */
function plainValue(value: unknown): Candidate["value"] {
  if (isExactInteger(value)) return value.$integer;
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : "";
}
