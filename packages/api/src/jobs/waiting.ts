import { DarkroomError } from "@darkroom/contracts";
import { listWaiting } from "@darkroom/db";
import { QueueUnavailable } from "@darkroom/queue";
import type { WaitingView } from "../answers/index.ts";
import type { Context } from "../context.ts";
import { readWaits } from "../estimates/waits.ts";
import { bestEffort } from "../live/best-effort.ts";
import { wakeWorkers } from "../live/notify.ts";

/** Everyone's waiting jobs in the order in which they come, of those that have waited longest. */
export async function waitingJobs(ctx: Context, limit: number): Promise<WaitingView[]> {
  const rows = await listWaiting(ctx.database, { limit });
  const ownerIds = [...new Set(rows.map(({ ownerId }) => ownerId))];
  const waits = await bestEffort(ctx.log, "waits", new Map(), () => readWaits(ctx, ownerIds));
  const views = rows.map((row): WaitingView => ({ ...row, position: waits.get(row.jobId)?.position ?? null }));
  const place = ({ position }: WaitingView): number => position ?? Number.POSITIVE_INFINITY;
  // Sorting keeps the order of what is at the same place.
  return views.toSorted((a, b) => (place(a) === place(b) ? 0 : place(a) - place(b)));
}

/**
 * Makes a waiting job the next of all. Redis alone holds the order, so it is lost with Redis.
 *
 * @throws DarkroomError `NOT_FOUND` for a job that does not wait; `UNAVAILABLE` while Redis is down
 */
export async function promoteJob(ctx: Context, jobId: string): Promise<{ jobId: string; position: 0 }> {
  const isPromoted = await ctx.queue.promote(jobId).catch((error: unknown) => {
    if (!(error instanceof QueueUnavailable)) throw error;
    throw new DarkroomError("UNAVAILABLE", "Redis does not answer, and it holds the order. Please try again.", {
      retryAfterSeconds: 2,
      cause: error,
    });
  });
  if (!isPromoted) throw new DarkroomError("NOT_FOUND", "This job does not wait any more.");
  await wakeWorkers(ctx);
  return { jobId, position: 0 };
}
