import { capabilityOf, DarkroomError, type InputValues } from "@darkroom/contracts";
import { listWorkflows, liveCatalogs, workflowVersions as readVersions, type WorkflowRecord } from "@darkroom/db";
import type { Page, ParameterView, WorkflowDetail, WorkflowSummary, WorkflowVersionView } from "./answers.ts";
import { inWords, lacksEverywhere } from "./check-capability.ts";
import type { Context } from "./context.ts";
import { findWorkflow } from "./find-workflow.ts";
import { modelChoices, withInstalledDefaults } from "./model-choices.ts";
import { seesEveryJob } from "./visibility.ts";

/** The workflows a caller may use, by name. The cursor is the slug that the last page ended with. */
export async function workflowPage(
  ctx: Context,
  { cursor, limit }: { cursor?: string | null | undefined; limit: number },
): Promise<Page<WorkflowSummary>> {
  const records = await listWorkflows(ctx.database, { publishedOnly: !seesEveryJob(ctx.principal) });
  const from = cursor == null ? 0 : records.findIndex(({ definition }) => definition.slug === cursor) + 1;
  const items = records.slice(from, from + limit).map(summaryOf);
  const last = items.at(-1);
  return { items, nextCursor: last !== undefined && from + limit < records.length ? last.slug : null };
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
  const defaults: InputValues = Object.fromEntries(
    parameters.flatMap((parameter) =>
      "default" in parameter && parameter.default !== undefined ? [[parameter.name, parameter.default]] : [],
    ),
  );
  return {
    ...summaryOf(record),
    parameters,
    lacks: lacksEverywhere(catalogs, capabilityOf(definition, defaults)).map(inWords),
  };
}

/** Every version of a workflow, newest first. */
export async function workflowVersions(ctx: Context, input: { workflow: string }): Promise<Page<WorkflowVersionView>> {
  const { workflowId } = await findWorkflow(ctx, input);
  const versions = await readVersions(ctx.database, { idOrSlug: workflowId });
  if (versions === null) throw new DarkroomError("WORKFLOW_NOT_FOUND", "There is no such workflow.");
  const items = versions
    .map(({ version, createdAt, current }) => ({ version, createdAt, current }))
    .sort((a, b) => b.version - a.version);
  return { items, nextCursor: null };
}

function summaryOf({ workflowId, version, published, definition }: WorkflowRecord): WorkflowSummary {
  const { slug, name, description } = definition;
  return { workflowId, slug, name, description, version, published };
}
