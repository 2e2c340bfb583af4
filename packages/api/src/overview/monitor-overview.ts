import { listJobs } from "@darkroom/db";
import type { MonitorOverview } from "../answers/index.ts";
import { backendViews } from "../backends/backend-views.ts";
import type { Context } from "../context.ts";
import { livePage } from "../live/live-view.ts";
import { readQueueStats } from "./queue-stats.ts";

/** As many jobs as fit on a screen beside the numbers. */
const RECENT_JOBS = 20;

/** The operators' first page: numbers, backends and the newest jobs of everyone. */
export async function monitorOverview(ctx: Context): Promise<MonitorOverview> {
  const [queue, backends, recent] = await Promise.all([
    readQueueStats(ctx),
    backendViews(ctx),
    listJobs(ctx.database, { ownerIds: null, limit: RECENT_JOBS }).then((page) => livePage(ctx, page)),
  ]);
  return { at: new Date().toISOString(), queue, backends, recent: recent.items };
}
