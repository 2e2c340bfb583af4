import { applyEvent, type JobView } from "@darkroom/contracts";
import type { Page } from "./answers.ts";
import { bestEffort } from "./best-effort.ts";
import type { Context } from "./context.ts";
import { readDurations } from "./durations.ts";
import { estimateWait } from "./estimate.ts";

/** The stable URL of a job's current preview. */
const previewPath = (jobId: string): string => `/api/jobs/${jobId}/preview`;

/** What Postgres does not hold: positions, progress and previews, which live in Redis. Without Redis they stay null. */
export async function liveViews(ctx: Context, views: readonly JobView[]): Promise<JobView[]> {
  const waiting = views.filter(({ state }) => state === "queued").map(({ jobId }) => jobId);
  const running = views.filter(({ state }) => state === "running" || state === "canceling").map(({ jobId }) => jobId);
  const [positions, progress, previews, durations] = await Promise.all([
    positionsOf(ctx, waiting),
    bestEffort(ctx.log, "progress", new Map(), () => ctx.publisher.lastProgress(running)),
    previewsOf(ctx, running),
    waiting.length === 0 ? null : readDurations(ctx.database),
  ]);
  return views.map((view) => {
    if (view.state === "queued") {
      const position = positions.get(view.jobId) ?? null;
      const medianSeconds = durations?.medianSeconds.get(view.workflow.workflowId) ?? null;
      return { ...view, position, etaSeconds: estimateWait({ position, medianSeconds, slots: durations?.slots ?? 0 }) };
    }
    const last = progress.get(view.jobId);
    const seen = last === undefined ? view : applyEvent(view, last);
    return previews.has(view.jobId) ? { ...seen, previewUrl: previewPath(view.jobId) } : seen;
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

/** How long a waiting job will wait, for the answer of its submit. */
export async function waitOf(
  ctx: Context,
  { jobId, workflowId }: { jobId: string; workflowId: string },
): Promise<{ position: number | null; etaSeconds: number | null }> {
  const [positions, { medianSeconds, slots }] = await Promise.all([
    positionsOf(ctx, [jobId]),
    readDurations(ctx.database),
  ]);
  const position = positions.get(jobId) ?? null;
  return {
    position,
    etaSeconds: estimateWait({ position, medianSeconds: medianSeconds.get(workflowId) ?? null, slots }),
  };
}

function positionsOf(ctx: Context, jobIds: readonly string[]): Promise<Map<string, number>> {
  if (jobIds.length === 0) return Promise.resolve(new Map());
  return bestEffort(ctx.log, "positions", new Map<string, number>(), () => ctx.queue.positions({ jobIds }));
}

/** Those of the running jobs that have a preview now. */
async function previewsOf(ctx: Context, jobIds: readonly string[]): Promise<Set<string>> {
  const found = new Set<string>();
  await bestEffort(ctx.log, "previews", undefined, async () => {
    const checks = jobIds.map(async (jobId) => {
      if ((await ctx.publisher.getPreview(jobId)) !== null) found.add(jobId);
    });
    await Promise.all(checks);
  });
  return found;
}
