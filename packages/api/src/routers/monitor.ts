import type { MonitorOverview } from "../answers/index.ts";
import { monitorOverview } from "../overview/monitor-overview.ts";
import { procedure, router } from "../trpc.ts";

export const monitorRouter = router({
  overview: procedure.query(({ ctx }): Promise<MonitorOverview> => monitorOverview(ctx)),
});
