import type { CheckReport } from "@darkroom/contracts";
import { allowedNodes, allowNodes, forbidNodes } from "@darkroom/db";
import { z } from "zod";
import type {
  AllowedNodeView,
  DraftWorkflow,
  ExportedWorkflow,
  Page,
  SavedWorkflow,
  WorkflowDetail,
  WorkflowDiff,
  WorkflowListing,
  WorkflowSource,
  WorkflowSummary,
  WorkflowVersionView,
} from "../answers/index.ts";
import type { Context } from "../context.ts";
import {
  archiveInput,
  checkInput,
  diffInput,
  importInput,
  nodesInput,
  pageInput,
  publishInput,
  saveInput,
  versionRef,
  workflowInput,
} from "../inputs.ts";
import { procedure, router } from "../trpc.ts";
import {
  archiveWorkflow,
  checkDefinition,
  diffVersions,
  publishWorkflow,
  saveDefinition,
  workflowSource,
} from "../workflows/versions/edit-workflow.ts";
import { exportWorkflow } from "../workflows/versions/export-workflow.ts";
import { importWorkflow } from "../workflows/versions/import-workflow.ts";
import { workflowDetail, workflowPage, workflowVersions } from "../workflows/workflow-views.ts";

export const workflowRouter = router({
  list: procedure
    .input(z.strictObject({ ...pageInput, all: z.boolean().optional() }).prefault({}))
    .query(({ ctx, input }): Promise<Page<WorkflowListing>> => workflowPage(ctx, input)),

  byId: procedure.input(versionRef).query(({ ctx, input }): Promise<WorkflowDetail> => workflowDetail(ctx, input)),

  versions: procedure
    .input(z.strictObject({ workflow: workflowInput }))
    .query(({ ctx, input }): Promise<Page<WorkflowVersionView>> => workflowVersions(ctx, input)),

  /** With its graph, to edit it. */
  source: procedure.input(versionRef).query(({ ctx, input }): Promise<WorkflowSource> => workflowSource(ctx, input)),

  /** In both of ComfyUI's formats, to share it. */
  export: procedure.input(versionRef).query(({ ctx, input }): Promise<ExportedWorkflow> => exportWorkflow(ctx, input)),

  diff: procedure.input(diffInput).query(({ ctx, input }): Promise<WorkflowDiff> => diffVersions(ctx, input)),

  // These two change nothing; graphs are too large for the URL of a query.
  import: procedure.input(importInput).mutation(({ ctx, input }): Promise<DraftWorkflow> => importWorkflow(ctx, input)),

  check: procedure.input(checkInput).mutation(({ ctx, input }): Promise<CheckReport> => checkDefinition(ctx, input)),

  save: procedure.input(saveInput).mutation(({ ctx, input }): Promise<SavedWorkflow> => saveDefinition(ctx, input)),

  publish: procedure
    .input(publishInput)
    .mutation(({ ctx, input }): Promise<WorkflowSummary> => publishWorkflow(ctx, input)),

  archive: procedure
    .input(archiveInput)
    .mutation(({ ctx, input }): Promise<WorkflowSummary> => archiveWorkflow(ctx, input)),

  allowedNodes: procedure.query(({ ctx }): Promise<Page<AllowedNodeView>> => allowedPage(ctx)),

  allowNodes: procedure.input(nodesInput).mutation(async ({ ctx, input }): Promise<Page<AllowedNodeView>> => {
    await allowNodes(ctx.database, { nodes: input.nodes, allowedBy: ctx.principal.ownerId });
    return allowedPage(ctx);
  }),

  forbidNodes: procedure.input(nodesInput).mutation(async ({ ctx, input }): Promise<Page<AllowedNodeView>> => {
    await forbidNodes(ctx.database, input.nodes);
    return allowedPage(ctx);
  }),
});

async function allowedPage({ database }: Context): Promise<Page<AllowedNodeView>> {
  const items = (await allowedNodes(database)).map(({ node, allowedAt }) => ({ node, allowedAt }));
  return { items, nextCursor: null };
}
