import {
  type Capability,
  DarkroomError,
  type FieldError,
  type InputValues,
  type Lack,
  lacking,
  plainFileName,
  type WorkflowDefinition,
} from "@darkroom/contracts";
import type { LiveCatalog } from "@darkroom/db";

/**
 * What the best of the live backends lacks for `capability`; empty if one of them can run it, or if none is known (the
 * job then waits for the first).
 */
export function lacksEverywhere(catalogs: readonly LiveCatalog[], capability: Capability): Lack[] {
  const perBackend = catalogs.map(({ catalog }) => lacking(catalog, capability));
  return perBackend.sort((a, b) => a.length - b.length)[0] ?? [];
}

/** Refuses a job that no live backend can run, naming what lacks and what comes close. */
export function assertCapable(
  catalogs: readonly LiveCatalog[],
  job: { definition: WorkflowDefinition; inputs: InputValues; capability: Capability; fieldPrefix: string },
): void {
  const lacks = lacksEverywhere(catalogs, job.capability);
  if (lacks.length === 0) return;
  const fields = lacks.flatMap((lack) => fieldsOf(lack, job));
  throw new DarkroomError(
    "NO_CAPABLE_BACKEND",
    `No connected backend can run this: ${lacks.map(inWords).join("; ")}.`,
    {
      fields,
    },
  );
}

/** One lack as a phrase. */
export function inWords(lack: Lack): string {
  if (lack.kind === "node") return `the node ${lack.name} is not installed`;
  const closest = lack.closest.length === 0 ? "" : ` (installed: ${lack.closest.join(", ")})`;
  return `the model ${lack.name} is not installed${closest}`;
}

function fieldsOf(
  lack: Lack,
  { definition, inputs, fieldPrefix }: { definition: WorkflowDefinition; inputs: InputValues; fieldPrefix: string },
): FieldError[] {
  if (lack.kind === "node") return [];
  return definition.parameters
    .filter(({ kind, name }) => kind === "model" && plainFileName(String(inputs[name])) === lack.name)
    .map(({ name }) => ({ path: `${fieldPrefix}.${name}`, message: inWords(lack) }));
}
