import { z } from "zod";
import type { Page, WorkflowDetail, WorkflowSummary, WorkflowVersionView } from "../answers.ts";
import { pageInput, workflowInput } from "../inputs.ts";
import { procedure, router } from "../trpc.ts";
import { workflowDetail, workflowPage, workflowVersions } from "../workflow-views.ts";

export const workflowRouter = router({
  list: procedure("public", "read")
    .input(z.strictObject(pageInput).prefault({}))
    .query(({ ctx, input }): Promise<Page<WorkflowSummary>> => workflowPage(ctx, input)),

  byId: procedure("public", "read")
    .input(z.strictObject({ workflow: workflowInput, version: z.int().positive().optional() }))
    .query(({ ctx, input }): Promise<WorkflowDetail> => workflowDetail(ctx, input)),

  versions: procedure("public", "read")
    .input(z.strictObject({ workflow: workflowInput }))
    .query(({ ctx, input }): Promise<Page<WorkflowVersionView>> => workflowVersions(ctx, input)),
});
