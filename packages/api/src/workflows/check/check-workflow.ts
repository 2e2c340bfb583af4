import {
  appliesWith,
  type CheckReport,
  closestTo,
  compileGraph,
  type Finding,
  type InputValues,
  isImageInput,
  type Parameter,
  plainFileName,
  type WorkflowDefinition,
} from "@darkroom/contracts";
import type { DescribedBackend } from "@darkroom/db";
import { modelChoices, withInstalledDefaults } from "../../backends/model-choices.ts";
import { listed } from "../../words.ts";
import { ownClasses } from "../graph/own-classes.ts";
import { deniedNodes } from "./allowed-nodes.ts";
import { checkOnBackend, type PlannedGraph } from "./check-on-backend.ts";
import { checkStructure } from "./check-structure.ts";
import { checkUploads } from "./check-uploads.ts";
import { finding, worstFirst } from "./finding.ts";
import { ofOption, otherOptions } from "./other-options.ts";

/** What a check is made against. */
export interface CheckSite {
  readonly backends: readonly DescribedBackend[];
  /** Classes that admins allowed beside those of ComfyUI that only compute. */
  readonly allowed: ReadonlySet<string>;
}

/**
 * Everything that can be told about a workflow without running it: its own structure, whether its nodes are allowed, and
 * what each live backend would say to it with these inputs (by default: the parameters' defaults).
 */
export function checkWorkflow(definition: WorkflowDefinition, site: CheckSite, inputs?: InputValues): CheckReport {
  const own = [
    ...checkNodesAllowed(definition, site),
    ...checkStructure(definition, site.backends),
    // A job of a published workflow uses the file that somebody said is there.
    ...(inputs === undefined ? checkUploads(definition, site.backends) : []),
  ];
  if (own.some(({ code }) => code === "BINDING_UNKNOWN" || code === "OUTPUT_UNKNOWN")) {
    // Without bindings that lead somewhere there is no graph to look at.
    return { ok: false, findings: own, backends: [] };
  }
  const perBackend = site.backends.map((backend) => {
    const parameters = withInstalledDefaults(definition, site.backends);
    const defaults = defaultsOf(parameters);
    const findings = checkOnBackend(planOf(definition, parameters, inputs ?? defaults), backend);
    const others = inputs === undefined ? otherOptions(parameters, defaults) : [];
    const more = others.flatMap(({ values, holder, option }) =>
      ofOption(checkOnBackend(planOf(definition, parameters, values), backend), { definition, holder, option }),
    );
    const known = new Set(findings.map(({ id }) => id));
    return { backendId: backend.backendId, findings: [...findings, ...more.filter(({ id }) => !known.has(id))] };
  });
  const known = new Set(own.map(({ id }) => id));
  const findings = [
    ...own,
    ...merged(perBackend).filter(({ id }) => !known.has(id)),
    ...(inputs === undefined ? replacedModels(definition, site) : []),
    ...(site.backends.length === 0 ? [noBackend()] : []),
  ];
  const isSound = !own.some(({ severity }) => severity === "error");
  return {
    ok: !findings.some(({ severity }) => severity === "error"),
    findings: worstFirst(findings),
    backends: perBackend.map(({ backendId, findings: theirs }) => ({
      backendId,
      canRun: isSound && !theirs.some(({ severity }) => severity === "error"),
    })),
  };
}

function noBackend(): Finding {
  const message =
    "No backend is connected, so nodes, models and bounds could not be checked. Check again when one is up.";
  return finding("NO_BACKEND", message, { severity: "warning" });
}

/** Defaults that no backend has, and what jobs take instead (`withInstalledDefaults`). */
function replacedModels(definition: WorkflowDefinition, { backends }: CheckSite): Finding[] {
  return withInstalledDefaults(definition, backends).flatMap((parameter): Finding[] => {
    const declared = definition.parameters.find(({ name }) => name === parameter.name);
    if (parameter.kind !== "model" || declared?.kind !== "model") return [];
    if (declared.default === undefined || plainFileName(declared.default) === parameter.default) return [];
    const closest = closestTo(declared.default, modelChoices(definition, parameter, backends));
    const message = `The model “${declared.default}” is on no backend, so jobs take “${parameter.default}” unless they name another. The closest there is: ${listed(closest)}.`;
    return [finding("MODEL_MISSING", message, { parameter: parameter.name, closest, severity: "warning" })];
  });
}

/** Words about a node that nobody has allowed, with where it comes from if a backend knows. */
function checkNodesAllowed({ graph }: WorkflowDefinition, { allowed, backends }: CheckSite): Finding[] {
  const nodeIds = Object.keys(graph);
  return deniedNodes(graph, allowed).map((classType) => {
    const nodeId = nodeIds.find((id) => graph[id]?.class_type === classType) ?? "";
    const module = backends
      .map(({ info }) => info?.[classType]?.module)
      .find((name) => name !== undefined && name !== "");
    const reason = ownClasses.get(classType)?.reason;
    const own = reason == null ? "" : ` It comes with ComfyUI, and ${reason}.`;
    const origin = own === "" && module !== undefined ? ` It comes from ${module}.` : own;
    const message = `The node ${classType} is not on the list of nodes that may run here.${origin} A node is a program with access to the server it runs on: an admin can allow it.`;
    return finding("NODE_NOT_ALLOWED", message, { graph, nodeId });
  });
}

/** The graph with what the parameters would put into it with these values. */
function planOf(definition: WorkflowDefinition, parameters: readonly Parameter[], values: InputValues): PlannedGraph {
  const applying = parameters.filter((parameter) => appliesWith(parameter, parameters, values));
  const setBy = new Map<string, Parameter>();
  const later = new Set<string>();
  for (const { parameter: name, node, input } of definition.bindings) {
    const parameter = applying.find((one) => one.name === name);
    if (parameter === undefined) continue;
    setBy.set(`${node}.${input}`, parameter);
    const value = values[name];
    if (isImageInput(value) || (value === undefined && isGivenLater(parameter))) later.add(`${node}.${input}`);
  }
  const given = Object.entries(values).filter(([name]) => applying.some((one) => one.name === name));
  const plain = Object.fromEntries(given.filter(([, value]) => !isImageInput(value)));
  return { graph: compileGraph(definition, plain), outputs: definition.outputs, later, setBy };
}

/** An optional value that is left out leaves the graph's own in place; the others are always given, or drawn. */
function isGivenLater({ kind, required }: Parameter): boolean {
  return required || kind === "seed";
}

function defaultsOf(parameters: readonly Parameter[]): InputValues {
  return Object.fromEntries(
    parameters.flatMap((parameter) =>
      "default" in parameter && parameter.default !== undefined ? [[parameter.name, parameter.default]] : [],
    ),
  );
}

/**
 * The backends' findings as one list. What only some of them say is told with their names; while one of them can run the
 * workflow, another's errors are only warnings.
 */
function merged(perBackend: readonly { backendId: string; findings: readonly Finding[] }[]): Finding[] {
  const someCan = perBackend.some(({ findings }) => !findings.some(({ severity }) => severity === "error"));
  const byId = new Map<string, { first: Finding; backends: string[] }>();
  for (const { backendId, findings } of perBackend) {
    for (const one of findings) {
      const held = byId.get(one.id);
      if (held === undefined) byId.set(one.id, { first: one, backends: [backendId] });
      else if (!held.backends.includes(backendId)) held.backends.push(backendId);
    }
  }
  return [...byId.values()].map(({ first, backends }) => ({
    ...first,
    severity: someCan && first.severity === "error" ? "warning" : first.severity,
    backends: backends.length === perBackend.length ? [] : backends,
  }));
}
