import type { WorkflowDetail } from "../answers/index.ts";
import { appRouter } from "../app-router.ts";
import type { Context } from "../context.ts";

/** Every published workflow that the caller may use, with its parameters. */
export async function publishedWorkflows(ctx: Context): Promise<WorkflowDetail[]> {
  const caller = appRouter.createCaller(ctx, { signal: ctx.signal });
  const slugs: string[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page: Awaited<ReturnType<typeof caller.workflow.list>> = await caller.workflow.list({ limit: 100, cursor });
    slugs.push(...page.items.filter(({ published }) => published).map(({ slug }) => slug));
    cursor = page.nextCursor;
  }
  return Promise.all(slugs.map((workflow) => caller.workflow.byId({ workflow })));
}
