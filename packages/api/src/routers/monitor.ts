import type { ConnectionsView, MetricHistory, MonitorOverview } from "../answers/index.ts";
import { feedInput, metricsInput } from "../inputs.ts";
import { readConnections } from "../overview/connections.ts";
import { metricHistory } from "../overview/metric-history.ts";
import { alertsFeed, metricsFeed, overviewFeed } from "../overview/monitor-feeds.ts";
import { monitorOverview } from "../overview/monitor-overview.ts";
import { procedure, router } from "../trpc.ts";

export const monitorRouter = router({
  overview: procedure.query(({ ctx }): Promise<MonitorOverview> => monitorOverview(ctx)),

  connections: procedure.query(({ ctx }): Promise<ConnectionsView> => readConnections(ctx)),

  metrics: procedure
    .input(metricsInput)
    .query(({ ctx, input }): Promise<MetricHistory> => metricHistory(ctx, input.range)),

  onOverview: procedure.input(feedInput).subscription(({ ctx, signal }) => overviewFeed(ctx, signal)),

  onMetric: procedure.input(feedInput).subscription(({ ctx, input, signal }) => metricsFeed(ctx, input, signal)),

  onAlert: procedure.input(feedInput).subscription(({ ctx, input, signal }) => alertsFeed(ctx, input, signal)),
});
