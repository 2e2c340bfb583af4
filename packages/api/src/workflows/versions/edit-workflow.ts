import {
  type CheckReport,
  DarkroomError,
  type Finding,
  type VersionChange,
  type WorkflowDefinition,
} from "@darkroom/contracts";
import {
  describedBackends,
  ensureOwner,
  latestVersions,
  publishVersion,
  saveWorkflow,
  setWorkflowArchived,
} from "@darkroom/db";
import { ownerKindOf } from "../../access/owner-kind.ts";
import type { SavedWorkflow, WorkflowDiff, WorkflowSource, WorkflowSummary } from "../../answers/index.ts";
import type { Context } from "../../context.ts";
import { assertAllowed } from "../check/allowed-nodes.ts";
import { readSite } from "../check/check-site.ts";
import { checkStructure } from "../check/check-structure.ts";
import { checkWorkflow } from "../check/check-workflow.ts";
import { findWorkflow } from "../find-workflow.ts";
import { summaryOf } from "../workflow-views.ts";
import { compareVersions } from "./compare-versions.ts";
import { draftOf } from "./import-workflow.ts";

/** Checks what was saved, or a definition that was not, against what is live now. */
export async function checkDefinition(
  ctx: Context,
  input: { definition: WorkflowDefinition } | { workflow: string; version?: number | undefined },
): Promise<CheckReport> {
  const definition = "definition" in input ? input.definition : (await findWorkflow(ctx, input)).definition;
  return checkWorkflow(definition, await readSite(ctx.database));
}

/** A version with its graph, and what may be chosen in it. */
export async function workflowSource(
  ctx: Context,
  input: { workflow: string; version?: number | undefined },
): Promise<WorkflowSource> {
  const record = await findWorkflow(ctx, input);
  const [latest, site] = await Promise.all([latestVersions(ctx.database), readSite(ctx.database)]);
  return {
    ...summaryOf(record),
    latestVersion: latest.get(record.workflowId) ?? record.version,
    ...draftOf(record.definition, site),
  };
}

/**
 * Stores a definition as a new version, a draft. What could never run is refused, and so are nodes that nobody allowed;
 * what only the backends of today lack is not.
 *
 * @throws DarkroomError `WORKFLOW_INVALID`, `WORKFLOW_CONFLICT`, `WORKFLOW_NOT_FOUND`
 */
export async function saveDefinition(
  ctx: Context,
  input: {
    definition: WorkflowDefinition;
    workflow?: string | undefined;
    basedOn?: number | undefined;
    note?: string | undefined;
  },
): Promise<SavedWorkflow> {
  const { database, principal } = ctx;
  const { definition, workflow, basedOn, note } = input;
  const backends = await describedBackends(database);
  const broken = checkStructure(definition, backends).filter(({ severity }) => severity === "error");
  const [first] = broken;
  if (first !== undefined) {
    throw new DarkroomError("WORKFLOW_INVALID", first.message, {
      fields: broken.map(({ id, message }) => ({ path: `findings.${id}`, message })),
    });
  }
  await assertAllowed(database, definition.graph, "definition.graph");
  const of = workflow === undefined ? null : await sameWorkflow(ctx, { workflow, basedOn, definition });
  await ensureOwner(database, { ownerId: principal.ownerId, kind: ownerKindOf(principal) });
  const saved = await saveWorkflow(database, {
    definition,
    of,
    createdBy: principal.ownerId,
    note: note?.trim() || null,
  });
  return { ...saved, slug: definition.slug };
}

async function sameWorkflow(
  ctx: Context,
  input: { workflow: string; basedOn: number | undefined; definition: WorkflowDefinition },
): Promise<{ workflowId: string; basedOn: number }> {
  const { workflowId, definition } = await findWorkflow(ctx, { workflow: input.workflow });
  if (input.basedOn === undefined) {
    throw new DarkroomError("INPUT_INVALID", "A new version says which version it was made from.", {
      fields: [{ path: "basedOn", message: "is missing" }],
    });
  }
  if (definition.slug !== input.definition.slug) {
    throw new DarkroomError("WORKFLOW_INVALID", "A workflow keeps its slug: callers ask for it by that name.", {
      fields: [{ path: "definition.slug", message: `is ${definition.slug} for good` }],
    });
  }
  return { workflowId, basedOn: input.basedOn };
}

/**
 * Makes a version the current one, for everyone. Refused while the check finds an error, or the version breaks callers
 * of the current one, that `accept` does not name.
 *
 * @throws DarkroomError `WORKFLOW_INVALID` with a field for each of them; `WORKFLOW_CONFLICT` if somebody published
 * another version meanwhile
 */
export async function publishWorkflow(
  ctx: Context,
  input: { workflow: string; version: number; accept: readonly string[] },
): Promise<WorkflowSummary> {
  const [record, current, site] = await Promise.all([
    findWorkflow(ctx, input),
    findWorkflow(ctx, { workflow: input.workflow }),
    readSite(ctx.database),
  ]);
  const errors = checkWorkflow(record.definition, site).findings.filter(({ severity }) => severity === "error");
  const breaking = current.published ? breakingChanges(current.definition, record.definition) : [];
  const accepted = new Set(input.accept);
  assertAccepted(
    errors.filter(({ id, acceptable }) => !acceptable || !accepted.has(id)),
    breaking.filter(({ id }) => !accepted.has(id)),
  );
  const isDone = await publishVersion(ctx.database, {
    workflowId: record.workflowId,
    version: record.version,
    expected: current.version,
    publishedBy: ctx.principal.ownerId,
    accepted: [...errors, ...breaking].map(({ id }) => id),
  });
  if (!isDone) throw new DarkroomError("WORKFLOW_CONFLICT", "Somebody published another version just now. Look again.");
  return summaryOf(await findWorkflow(ctx, { workflow: input.workflow }));
}

function breakingChanges(before: WorkflowDefinition, after: WorkflowDefinition): VersionChange[] {
  return compareVersions(before, after).filter(({ breaking }) => breaking);
}

function assertAccepted(errors: readonly Finding[], breaking: readonly VersionChange[]): void {
  const open = [
    ...errors.map(({ id, message }) => ({ path: `findings.${id}`, message })),
    ...breaking.map(({ id, message }) => ({ path: `changes.${id}`, message })),
  ];
  const [first] = open;
  if (first === undefined) return;
  const rest = open.length === 1 ? "" : ` There ${open.length === 2 ? "is 1 more" : `are ${open.length - 1} more`}.`;
  const what = errors.length > 0 ? "This version would not run" : "This version breaks callers of the current one";
  throw new DarkroomError("WORKFLOW_INVALID", `${what}: ${first.message}${rest}`, { fields: open });
}

/** What differs between two versions; by default from the current one. */
export async function diffVersions(
  ctx: Context,
  input: { workflow: string; from?: number | undefined; to: number },
): Promise<WorkflowDiff> {
  const [before, after] = await Promise.all([
    findWorkflow(ctx, { workflow: input.workflow, version: input.from }),
    findWorkflow(ctx, { workflow: input.workflow, version: input.to }),
  ]);
  const changes = compareVersions(before.definition, after.definition);
  return {
    from: before.version,
    to: after.version,
    breaking: changes.some(({ breaking }) => breaking),
    changes,
  };
}

/** Takes a workflow out of everyone's sight, or brings it back. */
export async function archiveWorkflow(
  ctx: Context,
  input: { workflow: string; archived: boolean },
): Promise<WorkflowSummary> {
  const { workflowId } = await findWorkflow(ctx, { workflow: input.workflow });
  await setWorkflowArchived(ctx.database, { workflowId, archived: input.archived });
  return summaryOf(await findWorkflow(ctx, { workflow: workflowId }));
}
