import type { Page, WorkflowDetail, WorkflowSummary } from "@darkroom/api";
import type { DarkroomClient } from "@darkroom/client";

/** All workflows that the caller may see, page after page. */
export async function everyWorkflow({ trpc }: DarkroomClient): Promise<WorkflowSummary[]> {
  const items: WorkflowSummary[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<WorkflowSummary> = await trpc.workflow.list.query({ limit: 100, cursor });
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return items;
}

/** Those that are published, with their parameters. */
export async function publishedWorkflows(client: DarkroomClient): Promise<WorkflowDetail[]> {
  const published = (await everyWorkflow(client)).filter((workflow) => workflow.published);
  const details = published.map(({ slug }) => client.trpc.workflow.byId.query({ workflow: slug }));
  return (await Promise.all(details)) as WorkflowDetail[];
}
