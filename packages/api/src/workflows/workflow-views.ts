import {
  appliesWith,
  capabilityOf,
  DarkroomError,
  type InputValues,
  isFileKind,
  type Parameter,
} from "@darkroom/contracts";
import {
  type LiveCatalog,
  latestVersions,
  listWorkflows,
  liveCatalogs,
  workflowVersions as readVersions,
  type WorkflowRecord,
} from "@darkroom/db";
import { seesEveryJob } from "../access/visibility.ts";
import type {
  Page,
  ParameterView,
  WorkflowDetail,
  WorkflowListing,
  WorkflowSummary,
  WorkflowVersionView,
} from "../answers/index.ts";
import { modelChoices, withInstalledDefaults } from "../backends/model-choices.ts";
import type { Context } from "../context.ts";
import { lacksEverywhere, lacksInWords } from "./capability.ts";
import { findWorkflow } from "./find-workflow.ts";

/**
 * The workflows a caller may use, oldest first; `all`: for operators, archived ones too, with their newest versions. The
 * cursor is the slug that the last page ended with.
 */
export async function workflowPage(
  ctx: Context,
  { cursor, limit, all = false }: { cursor?: string | null | undefined; limit: number; all?: boolean | undefined },
): Promise<Page<WorkflowListing>> {
  const isOperator = seesEveryJob(ctx.principal);
  if (all && !isOperator) throw new DarkroomError("FORBIDDEN", "Only operators see archived workflows.");
  const [records, latest, catalogs] = await Promise.all([
    listWorkflows(ctx.database, { publishedOnly: !isOperator, withArchived: all }),
    all ? latestVersions(ctx.database) : null,
    liveCatalogs(ctx.database),
  ]);
  const from = cursor == null ? 0 : records.findIndex(({ definition }) => definition.slug === cursor) + 1;
  const items = records.slice(from, from + limit).map((record) => {
    const latestVersion = latest?.get(record.workflowId);
    const listing = listingOf(record, catalogs);
    return latestVersion === undefined ? listing : { ...listing, latestVersion };
  });
  const last = items.at(-1);
  return { items, nextCursor: last !== undefined && from + limit < records.length ? last.slug : null };
}

function listingOf(record: WorkflowRecord, catalogs: readonly LiveCatalog[]): WorkflowListing {
  const { definition } = record;
  const parameters = withInstalledDefaults(definition, catalogs);
  const { lacks } = lacksEverywhere(catalogs, capabilityOf(definition, defaultsOf(parameters)));
  const files = parameters.flatMap(({ name, kind, required, when }) =>
    when === undefined && isFileKind(kind) ? [{ name, kind, required }] : [],
  );
  return { ...summaryOf(record), files, canRun: lacks.length === 0 };
}

/** What the form begins with. */
function defaultsOf(parameters: readonly Parameter[]): InputValues {
  return Object.fromEntries(
    parameters
      .filter((parameter) => appliesWith(parameter, parameters, {}))
      .flatMap((parameter) =>
        "default" in parameter && parameter.default !== undefined ? [[parameter.name, parameter.default]] : [],
      ),
  );
}

/** One workflow with the form it needs: model parameters carry the files that the live backends have. */
export async function workflowDetail(
  ctx: Context,
  input: { workflow: string; version?: number | undefined },
): Promise<WorkflowDetail> {
  const record = await findWorkflow(ctx, input);
  const { definition } = record;
  const catalogs = await liveCatalogs(ctx.database);
  const parameters = withInstalledDefaults(definition, catalogs).map(
    (parameter): ParameterView =>
      parameter.kind === "model" ? { ...parameter, choices: modelChoices(definition, parameter, catalogs) } : parameter,
  );
  const { lacks, server } = lacksEverywhere(catalogs, capabilityOf(definition, defaultsOf(parameters)));
  return {
    ...summaryOf(record),
    parameters,
    timeoutSeconds: definition.timeoutSeconds ?? null,
    lacks: lacksInWords(lacks, { graph: definition.graph, server }),
  };
}

/** The versions of a workflow, newest first; drafts are shown to operators only. */
export async function workflowVersions(ctx: Context, input: { workflow: string }): Promise<Page<WorkflowVersionView>> {
  const { workflowId } = await findWorkflow(ctx, input);
  const versions = await readVersions(ctx.database, { idOrSlug: workflowId });
  if (versions === null) throw new DarkroomError("WORKFLOW_NOT_FOUND", "There is no such workflow.");
  const hidden = { note: null, createdBy: null, publishedBy: null, accepted: [] };
  const isOperator = seesEveryJob(ctx.principal);
  const items = versions
    .filter(({ publishedAt }) => isOperator || publishedAt !== null)
    .map(({ workflowVersionId: _, ...version }) => (isOperator ? version : { ...version, ...hidden }));
  return { items, nextCursor: null };
}

/** What everyone may know of a workflow. */
export function summaryOf({ workflowId, version, published, archivedAt, definition }: WorkflowRecord): WorkflowSummary {
  const { slug, name, description } = definition;
  return { workflowId, slug, name, description, version, published, archived: archivedAt !== null };
}
