import type { ConnectionsView, MonitorOverview } from "../answers/index.ts";
import { feedInput } from "../inputs.ts";
import { readConnections } from "../overview/connections.ts";
import { metricsFeed, overviewFeed } from "../overview/monitor-feeds.ts";
import { monitorOverview } from "../overview/monitor-overview.ts";
import { procedure, router } from "../trpc.ts";

export const monitorRouter = router({
  overview: procedure.query(({ ctx }): Promise<MonitorOverview> => monitorOverview(ctx)),

  connections: procedure.query(({ ctx }): Promise<ConnectionsView> => readConnections(ctx)),

  onOverview: procedure.input(feedInput).subscription(({ ctx, signal }) => overviewFeed(ctx, signal)),

  onMetric: procedure.input(feedInput).subscription(({ ctx, input, signal }) => metricsFeed(ctx, input, signal)),
});
