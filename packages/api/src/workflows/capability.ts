import {
  type Capability,
  DarkroomError,
  type FieldError,
  hasRole,
  type InputValues,
  type Lack,
  lacking,
  type Principal,
  plainFileName,
  type WorkflowDefinition,
} from "@darkroom/contracts";
import type { LiveCatalog } from "@darkroom/db";
import { missingModelText, missingNodeText } from "./missing.ts";

type Server = Pick<LiveCatalog, "backendId" | "version">;

/**
 * What the best of the live backends lacks for `capability`; nothing if one of them can run it, or if none is known (the job
 * then waits for the first).
 */
export function lacksEverywhere(
  catalogs: readonly LiveCatalog[],
  capability: Capability,
): { readonly lacks: readonly Lack[]; readonly server: Server | null } {
  const perBackend = catalogs.map((server) => ({ server, lacks: lacking(server.catalog, capability) }));
  return perBackend.sort((a, b) => a.lacks.length - b.lacks.length)[0] ?? { lacks: [], server: null };
}

/** What lacks and what to do about it, a sentence or two for each, in the words of a check. */
export function lacksInWords(
  lacks: readonly Lack[],
  { graph, server }: { graph: WorkflowDefinition["graph"]; server: Pick<Server, "version"> | null },
): string[] {
  return lacks.map(({ kind, name, input, closest }) => {
    if (kind === "model") return missingModelText(name, input, closest);
    const nodes = Object.values(graph).filter(({ class_type }) => class_type === name);
    const pack = nodes.find(({ _meta }) => _meta?.pack !== undefined)?._meta?.pack;
    return missingNodeText(name, { title: nodes[0]?._meta?.title, pack, version: server?.version ?? null });
  });
}

/**
 * Refuses a job that no live backend can run, naming what lacks and what to do. Operators are told of which backend that is
 * said; where servers are is nobody else's to know.
 */
export function assertCapable(
  catalogs: readonly LiveCatalog[],
  job: {
    readonly definition: WorkflowDefinition;
    readonly inputs: InputValues;
    readonly capability: Capability;
    readonly fieldPrefix: string;
    readonly principal: Principal;
  },
): void {
  const { lacks, server } = lacksEverywhere(catalogs, job.capability);
  if (lacks.length === 0 || server === null) return;
  const words = lacksInWords(lacks, { graph: job.definition.graph, server });
  const name = hasRole(job.principal.role, "operator") ? ` (${server.backendId})` : "";
  const who =
    catalogs.length === 1
      ? `The connected server${name} cannot run this.`
      : `None of the ${catalogs.length} connected servers can run this. The one that comes closest${name}:`;
  const fields = lacks.flatMap((lack, index) => fieldsOf(lack, words[index] ?? "", job));
  throw new DarkroomError("NO_CAPABLE_BACKEND", `${who} ${words.join(" ")}`, { fields });
}

function fieldsOf(
  { kind, name }: Lack,
  message: string,
  { definition, inputs, fieldPrefix }: { definition: WorkflowDefinition; inputs: InputValues; fieldPrefix: string },
): FieldError[] {
  if (kind === "node") return [];
  return definition.parameters
    .filter((parameter) => parameter.kind === "model" && plainFileName(String(inputs[parameter.name])) === name)
    .map((parameter) => ({ path: `${fieldPrefix}.${parameter.name}`, message }));
}
