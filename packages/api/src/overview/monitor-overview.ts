import type { InstanceReport, TaskReport } from "@darkroom/contracts";
import { countFollowedJobs, listAlerts, listJobs, waitingGroups } from "@darkroom/db";
import type { ConnectionTotals, MonitorOverview, TaskView } from "../answers/index.ts";
import { backendViews } from "../backends/backend-views.ts";
import type { Context, Services } from "../context.ts";
import { bestEffort } from "../live/best-effort.ts";
import { livePage } from "../live/live-view.ts";
import { readQueueStats } from "./queue-stats.ts";

/** As many jobs as fit on a screen beside the numbers. */
const RECENT_JOBS = 20;
const OPEN_ALERTS = 50;

/** The operators' first page: numbers, processes, backends and the newest jobs of everyone. */
export async function monitorOverview(ctx: Context): Promise<MonitorOverview> {
  const [queue, waiting, backends, alerts, recent, known, redis] = await Promise.all([
    readQueueStats(ctx),
    waitingGroups(ctx.database),
    backendViews(ctx),
    listAlerts(ctx.database, { open: true, limit: OPEN_ALERTS }),
    listJobs(ctx.database, { ownerIds: null, limit: RECENT_JOBS }).then((page) => livePage(ctx, page)),
    readInstances(ctx),
    bestEffort(ctx.log, "memory", null, () => ctx.monitor.redisMemory()),
  ]);
  const instances = known.map(({ report }) => report);
  const active = queue.waiting + queue.running + queue.canceling;
  return {
    at: new Date().toISOString(),
    queue,
    jobs: {
      total: active + queue.succeeded + queue.failed + queue.canceled,
      active,
      completed: queue.succeeded,
      failed: queue.failed,
    },
    waiting,
    websockets: await connectionTotals(ctx, known),
    instances,
    tasks: mergeTasks(instances),
    redis,
    backends,
    alerts: alerts.items,
    recent: recent.items,
  };
}

interface Held {
  readonly report: InstanceReport;
  readonly owners: ReadonlyMap<string, number>;
}

/** Every process that lives; this one alone while Redis is down. */
async function readInstances({ monitor, log }: Pick<Services, "monitor" | "log">): Promise<readonly Held[]> {
  const listed = await bestEffort<readonly Held[]>(log, "instances", [], () =>
    monitor.instances.list({ withConnections: true }),
  );
  if (listed.length > 0) return listed;
  const { report, counts } = await monitor.own();
  return [{ report, owners: counts?.owners ?? new Map() }];
}

async function connectionTotals({ database }: Context, held: readonly Held[]): Promise<ConnectionTotals> {
  const webs = held.flatMap(({ report: { web } }) => web ?? []);
  return {
    totalConnections: webs.reduce((sum, { sockets, streams }) => sum + sockets + streams, 0),
    jobsWithConnections: await countFollowedJobs(database, {
      ownerIds: [...new Set(held.flatMap(({ owners }) => [...owners.keys()]))],
      jobIds: webs.flatMap(({ followedJobs }) => followedJobs),
    }),
  };
}

/** Each task once, as the process that ran it last tells it, with the last error of any. */
export function mergeTasks(instances: readonly InstanceReport[]): TaskView[] {
  const merged = new Map<string, TaskView>();
  for (const { instanceId, tasks } of instances) {
    for (const task of tasks) {
      const known = merged.get(task.name);
      const told: TaskView = { ...task, instanceId: task.lastRunAt === null ? null : instanceId };
      merged.set(task.name, known === undefined ? told : later(known, told));
    }
  }
  return [...merged.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function later(a: TaskView, b: TaskView): TaskView {
  const newest = (b.lastRunAt ?? "") > (a.lastRunAt ?? "") ? b : a;
  return { ...newest, lastError: newestError(a, b), nextRunAt: earliest(a.nextRunAt, b.nextRunAt) };
}

function newestError(a: TaskReport, b: TaskReport): TaskReport["lastError"] {
  if (a.lastError === null || b.lastError === null) return a.lastError ?? b.lastError;
  return a.lastError.at > b.lastError.at ? a.lastError : b.lastError;
}

const earliest = (a: string | null, b: string | null): string | null =>
  a === null || b === null ? (a ?? b) : a < b ? a : b;
