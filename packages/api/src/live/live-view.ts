import { applyEvent, type JobView, previewUrl, type Wait } from "@darkroom/contracts";
import { viewFor } from "../access/backend-names.ts";
import type { Page } from "../answers/index.ts";
import type { Context } from "../context.ts";
import { readWaitsOfJobs } from "../estimates/waits.ts";
import { bestEffort } from "./best-effort.ts";

/**
 * Jobs as the caller may see them, with what Postgres does not hold: positions, progress and previews, which live in Redis.
 * Without Redis those stay null.
 */
export async function liveViews(ctx: Context, views: readonly JobView[]): Promise<JobView[]> {
  const waiting = views
    .filter(({ state }) => state === "queued")
    .map(({ jobId, workflow, inputs }) => ({ jobId, workflowId: workflow.workflowId, size: inputs }));
  const running = views.filter(({ state }) => state === "running" || state === "canceling");
  const [waits, progress, previews] = await Promise.all([
    waitsOf(ctx, waiting),
    bestEffort(ctx.log, "progress", new Map(), () => ctx.publisher.lastProgress(running.map(({ jobId }) => jobId))),
    previewsOf(ctx, running),
  ]);
  return views.map((stored) => {
    const view = viewFor(ctx.principal, stored);
    if (view.state === "queued") return { ...view, ...waits.get(view.jobId) };
    const last = progress.get(view.jobId);
    const seen = last === undefined ? view : applyEvent(view, last);
    return previews.has(view.jobId) ? { ...seen, previewUrl: previewUrl(view.jobId, Date.now()) } : seen;
  });
}

/** {@link liveViews} of one job. */
export async function liveView(ctx: Context, view: JobView): Promise<JobView> {
  const [live] = await liveViews(ctx, [view]);
  return live ?? view;
}

/** {@link liveViews} of a page. */
export async function livePage(ctx: Context, page: Page<JobView>): Promise<Page<JobView>> {
  return { items: await liveViews(ctx, page.items), nextCursor: page.nextCursor };
}

/** How long waiting jobs will wait; empty while Redis is down. */
export function waitsOf(ctx: Context, jobs: Parameters<typeof readWaitsOfJobs>[1]): Promise<Map<string, Wait>> {
  return bestEffort(ctx.log, "waits", new Map<string, Wait>(), () => readWaitsOfJobs(ctx, jobs));
}

/** Ids of those of the running jobs that have a preview now. */
async function previewsOf(ctx: Context, running: readonly JobView[]): Promise<Set<string>> {
  const found = new Set<string>();
  await bestEffort(ctx.log, "previews", undefined, async () => {
    const checks = running.map(async ({ jobId, attempt }) => {
      if (await ctx.publisher.hasPreview(jobId, { attempt })) found.add(jobId);
    });
    await Promise.all(checks);
  });
  return found;
}
