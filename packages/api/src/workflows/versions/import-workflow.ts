import {
  type CheckReport,
  type Finding,
  type Graph,
  slugFrom,
  type WorkflowDefinition,
  withoutLooseConditions,
} from "@darkroom/contracts";
import { type Database, type DescribedBackend, workflowBy } from "@darkroom/db";
import type { DraftWorkflow } from "../../answers/index.ts";
import type { Context } from "../../context.ts";
import { readSite } from "../check/check-site.ts";
import { type CheckSite, checkWorkflow } from "../check/check-workflow.ts";
import { worstFirst } from "../check/finding.ts";
import { findWorkflow } from "../find-workflow.ts";
import { carryOver } from "../parameters/carry-over.ts";
import { candidatesOf, suggestOutputs } from "../parameters/suggest-parameters.ts";
import { type ReadImport, readImport } from "./read-import.ts";

interface Import {
  readonly graph: unknown;
  readonly name?: string | undefined;
  readonly slug?: string | undefined;
  /** The workflow that this is a new graph of: its declared parameters are kept where they still fit. */
  readonly workflow?: string | undefined;
}

/**
 * A graph in API format, or a file of ComfyUI's editor, as the draft of a workflow; nothing is stored. A file that
 * `workflow.export` wrote brings its form with it.
 *
 * @throws DarkroomError `WORKFLOW_INVALID` for what is neither
 */
export async function importWorkflow(ctx: Context, request: Import): Promise<DraftWorkflow> {
  const site = await readSite(ctx.database);
  const read = readImport(request.graph, site.backends);
  const draft = await draftFrom(ctx, request, read, site);
  return { ...draft, report: withFindings(draft.report, [...read.findings, ...replacedValues(draft, site)]) };
}

/** Values of the file that would not run, or not as they stand there, where inputs take their place: nobody else would tell of them. */
function replacedValues({ definition, report }: DraftWorkflow, site: CheckSite): Finding[] {
  const { findings } = checkWorkflow({ ...definition, parameters: [], bindings: [] }, site);
  const told = new Set(report.findings.map(({ id }) => id));
  return findings
    .filter(({ id, code }) => (code === "VALUE_WRONG_TYPE" || code === "NUMBER_INEXACT") && !told.has(id))
    .map((one) => ({ ...one, severity: "warning" }));
}

async function draftFrom(
  ctx: Context,
  request: Import,
  { graph, shared, positions }: ReadImport,
  site: CheckSite,
): Promise<DraftWorkflow> {
  const drawing = positions === null ? {} : { positions };
  if (request.workflow !== undefined) {
    const { definition } = await findWorkflow(ctx, { workflow: request.workflow });
    const { positions: _, ...form } = definition;
    return draftWithFormOf({ ...form, ...drawing }, graph, site);
  }
  if (shared !== null) {
    const { format: _, ids: __, kept: ___, filled: ____, ...form } = shared;
    const name = request.name?.trim() || form.name;
    const slug = request.slug ?? (await freeSlug(ctx.database, form.slug));
    return draftWithFormOf({ ...form, ...drawing, name, slug, graph }, graph, site);
  }
  const name = request.name?.trim() || "Imported workflow";
  const slug = request.slug ?? (await freeSlug(ctx.database, slugFrom(name) || "workflow"));
  return draftOfGraph({ slug, name, graph, ...drawing }, site);
}

/** A graph with the form of a workflow, as far as it fits: the parameters and outputs whose nodes the graph has. */
function draftWithFormOf(before: WorkflowDefinition, graph: Graph, site: CheckSite): DraftWorkflow {
  const suggested = suggestOutputs(graph, site.backends);
  const outputs = before.outputs.filter((nodeId) => suggested.includes(nodeId));
  const carried = { ...before, graph, ...carryOver(before, graph), outputs: outputs.length > 0 ? outputs : suggested };
  return draftOf(carried, site, candidatesOf(carried, site.backends));
}

/** The first draft of a graph's workflow: with everything that is suggested. */
export function draftOfGraph(
  given: Pick<WorkflowDefinition, "slug" | "name" | "graph" | "positions">,
  site: CheckSite,
): DraftWorkflow {
  const outputs = suggestOutputs(given.graph, site.backends);
  return firstDraft({ ...given, description: "", parameters: [], bindings: [], outputs }, site);
}

/** What reading the file says stands before what a check says of the same node: most of that follows from it. */
function withFindings(report: CheckReport, findings: readonly Finding[]): CheckReport {
  const isSound = findings.every(({ severity }) => severity !== "error");
  return { ...report, ok: report.ok && isSound, findings: worstFirst([...findings, ...report.findings]) };
}

/** A stored or edited definition with what may be chosen in it. */
export function draftOf(
  definition: WorkflowDefinition,
  site: CheckSite,
  candidates = candidatesOf(definition, site.backends),
): DraftWorkflow {
  return {
    definition,
    candidates,
    outputs: outputChoices(definition, site.backends),
    report: checkWorkflow(definition, site),
  };
}

function firstDraft(bare: WorkflowDefinition, site: CheckSite): DraftWorkflow {
  const candidates = candidatesOf(bare, site.backends);
  const chosen = candidates.filter(({ suggested }) => suggested);
  const definition = {
    ...bare,
    parameters: withoutLooseConditions(chosen.map(({ parameter }) => parameter)),
    bindings: chosen.flatMap(({ bindings }) => bindings),
  };
  return draftOf(definition, site, candidates);
}

function outputChoices({ graph, outputs }: WorkflowDefinition, backends: readonly DescribedBackend[]) {
  const isOutput = (nodeId: string): boolean => {
    const { class_type = "" } = graph[nodeId] ?? {};
    return outputs.includes(nodeId) || backends.some(({ info }) => info?.[class_type]?.outputNode === true);
  };
  return Object.keys(graph)
    .filter(isOutput)
    .map((nodeId) => ({
      nodeId,
      title: graph[nodeId]?._meta?.title ?? graph[nodeId]?.class_type ?? nodeId,
      classType: graph[nodeId]?.class_type ?? "",
    }));
}

async function freeSlug(database: Database, wanted: string): Promise<string> {
  let slug = wanted;
  for (let index = 2; slug === "import" || (await workflowBy(database, { idOrSlug: slug })) !== null; index += 1)
    slug = `${wanted}-${index}`;
  return slug;
}
