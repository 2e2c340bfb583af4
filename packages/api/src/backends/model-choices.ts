import { choiceFor, modelList, type Parameter, plainFileName, type WorkflowDefinition } from "@darkroom/contracts";
import type { LiveCatalog } from "@darkroom/db";

/** The files that the live backends offer for a model parameter: everything that any of them has, each once, sorted. */
export function modelChoices(
  definition: Pick<WorkflowDefinition, "graph" | "bindings">,
  parameter: Parameter,
  catalogs: readonly LiveCatalog[],
): string[] {
  const files = new Set<string>();
  for (const binding of definition.bindings) {
    if (binding.parameter !== parameter.name) continue;
    const node = definition.graph[binding.node];
    if (node === undefined) continue;
    const { classType, input } = modelList(node.class_type, binding.input);
    for (const { catalog } of catalogs) {
      for (const file of catalog[classType]?.[input] ?? []) files.add(plainFileName(file));
    }
  }
  return [...files].sort();
}

/**
 * The parameters with each model's default replaced by the first installed file where the declared one is on no live
 * backend: a workflow made elsewhere then runs with what is here. The answer of `workflow.byId` and a submit that leaves
 * the model out both use it, so a form never promises another model than the job takes.
 */
export function withInstalledDefaults(
  definition: WorkflowDefinition,
  catalogs: readonly LiveCatalog[],
): readonly Parameter[] {
  return definition.parameters.map((parameter) => {
    if (parameter.kind !== "model") return parameter;
    const choices = modelChoices(definition, parameter, catalogs);
    const declared = parameter.default;
    if (choices.length === 0) return parameter;
    // A default with the separators of another server is the same file.
    const installed = declared === undefined ? undefined : choiceFor(declared, choices);
    return { ...parameter, default: String(installed ?? choices[0]) };
  });
}
