import { listAlerts } from "@darkroom/db";
import { tracked } from "@trpc/server";
import type { AlertsData, MetricsData, MonitorOverview } from "../answers/index.ts";
import type { Context } from "../context.ts";
import { TrackedFeed } from "../live/tracked-feed.ts";
import { untilAvailable } from "../live/until-available.ts";
import { monitorOverview } from "./monitor-overview.ts";

interface FeedRequest {
  readonly lastEventId?: string | null | undefined;
}

const OPEN_ALERTS = 100;
/** How often the overview is made while somebody watches it. */
const EVERY_MS = 1000;
/** A little less, so that a turn is over when the next is due. */
const TURN_MS = 900;

/** `monitor.onMetric`: what was measured in any process, from the cursor on; without one, from now on. */
export function metricsFeed(
  ctx: Context,
  { lastEventId }: FeedRequest,
  signal?: AbortSignal,
): TrackedFeed<MetricsData> {
  return new TrackedFeed(async function* () {
    for await (const { id, values, isReset } of ctx.monitor.topics.watch("metrics", { lastEventId, signal }))
      yield tracked(id, isReset ? { metrics: values, reset: true as const } : { metrics: values });
  });
}

/** `monitor.onAlert`: what happens to alerts, from the cursor on; without one, those that last and then what happens. */
export function alertsFeed(ctx: Context, { lastEventId }: FeedRequest, signal?: AbortSignal): TrackedFeed<AlertsData> {
  return new TrackedFeed(async function* () {
    let isFirst = lastEventId == null;
    for await (const { id, values, isReset } of ctx.monitor.topics.watch("alerts", { lastEventId, signal })) {
      // Read after the topic is heard, so that nothing is lost between the two.
      const open = isFirst || isReset ? await openAlerts(ctx, signal) : undefined;
      isFirst = false;
      yield tracked(id, { changes: values, ...(open === undefined ? {} : { open }) });
    }
  });
}

async function openAlerts({ database }: Context, signal: AbortSignal | undefined): Promise<AlertsData["open"]> {
  return (await untilAvailable(signal, () => listAlerts(database, { open: true, limit: OPEN_ALERTS }))).items;
}

/**
 * `monitor.onOverview`: the overview, every second. One process makes it for all who watch, whichever process they are on, so
 * that all see the same under the same cursor. While Redis is away each makes its own.
 */
export function overviewFeed(ctx: Context, signal?: AbortSignal): TrackedFeed<MonitorOverview> {
  return new TrackedFeed(async function* () {
    const reader = ctx.monitor.topics.watch("overview", { signal });
    const stop = keepMade(ctx, (overview) => reader.offer({ ...overview }));
    try {
      for await (const { id, values } of reader) {
        const newest = values.at(-1);
        if (newest !== undefined) yield tracked(id, newest as unknown as MonitorOverview);
      }
    } finally {
      stop();
    }
  });
}

/** Makes the overview when it is this process' turn, and gives it to `offer` where it cannot be published. */
function keepMade(ctx: Context, offer: (overview: MonitorOverview) => void): () => void {
  const { topics, instanceId } = ctx.monitor;
  let isMaking = false;
  const make = async (): Promise<void> => {
    if (isMaking) return;
    isMaking = true;
    try {
      const isOurs = await topics.takeTurn("overview", instanceId, TURN_MS).catch(() => null);
      if (isOurs === false) return;
      const overview = await monitorOverview(ctx);
      const isTold = isOurs === true && (await ctx.publisher.publishOverview({ ...overview }));
      if (!isTold) offer(overview);
    } catch (error) {
      ctx.log.warn({ err: error }, "the overview could not be made; the next second tries again");
    } finally {
      isMaking = false;
    }
  };
  void make();
  const timer = setInterval(() => void make(), EVERY_MS);
  return () => clearInterval(timer);
}
