import { type Graph, type Parameter, plural, type VersionChange, type WorkflowDefinition } from "@darkroom/contracts";
import { listed } from "../../words.ts";
import { linkOf, titleOf } from "../graph/links.ts";
import { carryOver, counterpart } from "../parameters/carry-over.ts";

type About = Partial<Pick<VersionChange, "parameter" | "nodeId">> & {
  readonly breaking?: boolean;
  readonly key?: string;
};

function change(kind: VersionChange["kind"], message: string, about: About = {}): VersionChange {
  const { parameter = null, nodeId = null, breaking = false, key } = about;
  const id = [kind, key ?? parameter ?? nodeId].filter((part) => part !== null).join(":");
  return { id, kind, breaking, parameter, nodeId, message };
}

/** What differs between two versions of a workflow, breaking changes first. */
export function compareVersions(before: WorkflowDefinition, after: WorkflowDefinition): VersionChange[] {
  const changes = [
    ...compareParameters(before, after),
    ...compareOutputs(before, after),
    ...compareGraphs(before, after),
    ...compareTimeouts(before, after),
    ...(before.name === after.name
      ? []
      : [change("text", `Called “${after.name}” instead of “${before.name}”.`, { key: "name" })]),
    ...(before.description === after.description
      ? []
      : [change("text", "The description changed.", { key: "description" })]),
  ];
  return [...changes.filter(({ breaking }) => breaking), ...changes.filter(({ breaking }) => !breaking)];
}

function compareParameters(before: WorkflowDefinition, after: WorkflowDefinition): VersionChange[] {
  const gone = before.parameters.filter(({ name }) => !after.parameters.some((other) => other.name === name));
  const added = after.parameters.filter(({ name }) => !before.parameters.some((other) => other.name === name));
  const renamed = new Map<string, Parameter>();
  const changes: VersionChange[] = [];
  for (const parameter of gone) {
    const successor = added.find((other) => !renamed.has(other.name) && setsTheSame(before, parameter, after, other));
    const about = { parameter: parameter.name, breaking: true };
    if (successor === undefined) {
      changes.push(
        change("parameter-removed", `“${parameter.name}” is gone: requests that give it are refused.`, about),
      );
    } else {
      renamed.set(successor.name, parameter);
      const message = `“${parameter.name}” is called “${successor.name}” now: requests that give the old name are refused.`;
      changes.push(change("parameter-renamed", message, about));
    }
  }
  for (const parameter of added) {
    const previous = renamed.get(parameter.name);
    if (previous !== undefined) changes.push(...compareParameter(previous, parameter, parameter.name));
    else changes.push(addition(parameter));
  }
  for (const parameter of after.parameters) {
    const previous = before.parameters.find(({ name }) => name === parameter.name);
    if (previous === undefined) continue;
    changes.push(...compareParameter(previous, parameter, parameter.name));
    if (!setsTheSame(before, previous, after, parameter)) {
      changes.push(
        change("binding", `“${parameter.name}” sets other inputs of the graph.`, { parameter: parameter.name }),
      );
    }
  }
  return changes;
}

/** True if a request must give it: it has no default, and no server draws it. */
function isDemanded(parameter: Parameter): boolean {
  const hasDefault = "default" in parameter && parameter.default !== undefined;
  return parameter.required && !hasDefault && parameter.kind !== "seed";
}

function addition(parameter: Parameter): VersionChange {
  const { name } = parameter;
  return isDemanded(parameter)
    ? change("parameter-required", `“${name}” is new and has no default: requests without it are refused.`, {
        parameter: name,
        breaking: true,
      })
    : change("parameter-added", `“${name}” is new.`, { parameter: name });
}

function setsTheSame(
  before: WorkflowDefinition,
  parameter: Parameter,
  after: WorkflowDefinition,
  other: Parameter,
): boolean {
  const places = ({ bindings }: Pick<WorkflowDefinition, "bindings">, name: string): string =>
    bindings
      .filter((binding) => binding.parameter === name)
      .map(({ node, input }) => `${node}.${input}`)
      .sort()
      .join(" ");
  const carried = places(carryOver(before, after.graph), parameter.name);
  return carried !== "" && carried === places(after, other.name);
}

function compareParameter(before: Parameter, after: Parameter, name: string): VersionChange[] {
  if (before.kind !== after.kind) {
    const message = `“${name}” was of kind ${before.kind} and is ${after.kind} now.`;
    return [change("parameter-kind", message, { parameter: name, breaking: true })];
  }
  return [
    ...compareNeed(before, after, name),
    ...compareCondition(before, after, name),
    ...compareBounds(before, after, name),
    ...compareDefault(before, after, name),
    ...compareDrawing(before, after, name),
    ...(before.label === after.label && before.help === after.help && before.advanced === after.advanced
      ? []
      : [change("parameter-text", `How the form shows “${name}” changed.`, { parameter: name })]),
  ];
}

function compareNeed(before: Parameter, after: Parameter, name: string): VersionChange[] {
  if (isDemanded(before) === isDemanded(after)) return [];
  return isDemanded(after)
    ? [change("parameter-required", `“${name}” must be given now.`, { parameter: name, breaking: true })]
    : [change("parameter-optional", `“${name}” may be left out now.`, { parameter: name })];
}

/** With which options it exists: one that is gone breaks whoever gives it with that one. */
function compareCondition({ when: was }: Parameter, { when: is }: Parameter, name: string): VersionChange[] {
  if (JSON.stringify(was) === JSON.stringify(is)) return [];
  const about = { parameter: name, key: `${name}.when` };
  if (is === undefined) return [change("parameter-widened", `“${name}” always exists now.`, about)];
  const message = `“${name}” exists only where ${is.parameter} is ${listed(is.is.map(String))} now.`;
  const isKept = was?.parameter === is.parameter && was.is.every((option) => is.is.includes(option));
  return [change(isKept ? "parameter-widened" : "parameter-narrowed", message, { ...about, breaking: !isKept })];
}

/** Whether one of `{a|b}` is drawn in a text. */
function compareDrawing(before: Parameter, after: Parameter, name: string): VersionChange[] {
  if (before.kind !== "text" || after.kind !== "text") return [];
  const isPlain = after.dynamicPrompts === false;
  if ((before.dynamicPrompts === false) === isPlain) return [];
  const message = isPlain
    ? `“${name}” is sent as it is written now: {a|b} and comments stay.`
    : `One of {a|b} is drawn in “${name}” now, and comments are cut.`;
  return [change("binding", message, { parameter: name, key: `${name}.dynamicPrompts` })];
}

/** What a parameter lets through: a range, a length or a list. */
function compareBounds(before: Parameter, after: Parameter, name: string): VersionChange[] {
  const narrowed = (message: string) => [change("parameter-narrowed", message, { parameter: name, breaking: true })];
  const widened = (message: string) => [change("parameter-widened", message, { parameter: name })];
  if (before.kind === "choice" && after.kind === "choice") {
    const gone = before.choices.filter((choice) => !after.choices.includes(choice));
    const added = after.choices.filter((choice) => !before.choices.includes(choice));
    if (gone.length > 0) return narrowed(`“${name}” does not take ${listed(gone.map(String))} any more.`);
    return added.length > 0 ? widened(`“${name}” also takes ${listed(added.map(String))}.`) : [];
  }
  if (before.kind === "text" && after.kind === "text") {
    const [was, is] = [before.max ?? 4000, after.max ?? 4000];
    if (was === is) return [];
    const message = `“${name}” may have ${is} characters instead of ${was}.`;
    return is < was ? narrowed(message) : widened(message);
  }
  if (!("min" in before) || !("min" in after)) return [];
  const [was, is] = [rangeOf(before), rangeOf(after)];
  if (was === is) return [];
  const message = `“${name}” takes ${is} instead of ${was}.`;
  return after.min > before.min || after.max < before.max || !allowsSteps(before, after)
    ? narrowed(message)
    : widened(message);
}

function rangeOf(parameter: Parameter & { min: number; max: number; step?: number }): string {
  const steps = parameter.kind === "integer" && (parameter.step ?? 1) > 1 ? ` in steps of ${parameter.step}` : "";
  return `${parameter.min} to ${parameter.max}${steps}`;
}

/** Whether every whole number that was on a step is on one still. A number's step is only the form's. */
function allowsSteps(before: Parameter, after: Parameter): boolean {
  if (before.kind !== "integer" || after.kind !== "integer") return true;
  const step = after.step ?? 1;
  return step === 1 || ((before.step ?? 1) % step === 0 && (before.min - after.min) % step === 0);
}

function compareDefault(before: Parameter, after: Parameter, name: string): VersionChange[] {
  const was = "default" in before ? before.default : undefined;
  const is = "default" in after ? after.default : undefined;
  if (was === is) return [];
  const said = (value: unknown): string => (value === undefined ? "none" : `“${String(value)}”`);
  return [
    change("parameter-default", `The default of “${name}” is ${said(is)} instead of ${said(was)}.`, {
      parameter: name,
    }),
  ];
}

function compareOutputs(before: WorkflowDefinition, after: WorkflowDefinition): VersionChange[] {
  const kept = new Set<string>();
  const changes: VersionChange[] = [];
  for (const nodeId of before.outputs) {
    const now = counterpart(before.graph, nodeId, after.graph);
    if (now !== null && after.outputs.includes(now)) kept.add(now);
    else {
      const message = `The files of “${titleOf(before.graph, nodeId)}” are not among the outputs any more.`;
      changes.push(change("output-removed", message, { nodeId, breaking: true }));
    }
  }
  const added = after.outputs.filter((nodeId) => !kept.has(nodeId));
  return [
    ...changes,
    ...added.map((nodeId) =>
      change("output-added", `The files of “${titleOf(after.graph, nodeId)}” are among the outputs too.`, { nodeId }),
    ),
  ];
}

/** Never breaking: a shorter limit refuses no request, and a run that it stops says so. */
function compareTimeouts(before: WorkflowDefinition, after: WorkflowDefinition): VersionChange[] {
  if (before.timeoutSeconds === after.timeoutSeconds) return [];
  const limit = ({ timeoutSeconds }: WorkflowDefinition): string =>
    timeoutSeconds === undefined ? "the installation's limit" : plural(timeoutSeconds, "second");
  return [change("timeout", `A job is stopped after ${limit(after)} instead of ${limit(before)}.`)];
}

function compareGraphs({ graph: before }: { graph: Graph }, { graph: after }: { graph: Graph }): VersionChange[] {
  const found = new Set<string>();
  const changes: VersionChange[] = [];
  for (const nodeId of Object.keys(before)) {
    const now = counterpart(before, nodeId, after);
    if (now === null || found.has(now)) {
      changes.push(change("node-removed", `The node “${titleOf(before, nodeId)}” is gone.`, { nodeId }));
      continue;
    }
    found.add(now);
    const different = differentInputs(before, nodeId, after, now);
    if (different.length > 0) {
      const message = `“${titleOf(after, now)}”: ${different.join(", ")}.`;
      changes.push(change("node-changed", message, { nodeId: now }));
    }
  }
  for (const nodeId of Object.keys(after)) {
    if (found.has(nodeId)) continue;
    changes.push(change("node-added", `The node “${titleOf(after, nodeId)}” is new.`, { nodeId }));
  }
  return changes;
}

/** The inputs that differ, in words. A link to the same node under another id is the same link. */
function differentInputs(before: Graph, nodeId: string, after: Graph, now: string): string[] {
  const was = before[nodeId]?.inputs ?? {};
  const is = after[now]?.inputs ?? {};
  const isDrawn = (graph: Graph, id: string, input: string): boolean =>
    graph[id]?._meta?.dynamicPrompts?.includes(input) === true;
  return [...new Set([...Object.keys(was), ...Object.keys(is)])].flatMap((input) => {
    const draws = isDrawn(after, now, input);
    const isTold = typeof is[input] === "string" && draws !== isDrawn(before, nodeId, input);
    const words = draws ? `one of {a|b} is drawn in ${input} now` : `${input} is sent as it is written now`;
    const told = isTold ? [words] : [];
    const [link, newLink] = [linkOf(was[input]), linkOf(is[input])];
    if (link !== null && newLink !== null) {
      const isSame = counterpart(before, link.from, after) === newLink.from && link.slot === newLink.slot;
      return isSame ? [] : [`${input} comes from elsewhere`];
    }
    if (JSON.stringify(was[input]) === JSON.stringify(is[input])) return told;
    return [...told, `${input} ${said(was[input])} → ${said(is[input])}`];
  });
}

function said(value: unknown): string {
  if (value === undefined) return "none";
  if (linkOf(value) !== null) return "a link";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > 60 ? `“${text.slice(0, 59)}…”` : `“${text}”`;
}
