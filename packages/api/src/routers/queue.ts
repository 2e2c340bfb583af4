import { setPaused } from "@darkroom/db";
import { wakeWorkers } from "../after-commit.ts";
import type { QueueStats } from "../answers.ts";
import { readQueueStats } from "../queue-stats.ts";
import { procedure, router } from "../trpc.ts";

export const queueRouter = router({
  stats: procedure("operator", "read").query(({ ctx }): Promise<QueueStats> => readQueueStats(ctx)),

  pause: procedure("operator", "session").mutation(async ({ ctx }): Promise<{ paused: true }> => {
    await setPaused(ctx.database, true);
    return { paused: true };
  }),

  resume: procedure("operator", "session").mutation(async ({ ctx }): Promise<{ paused: false }> => {
    await setPaused(ctx.database, false);
    await wakeWorkers(ctx);
    return { paused: false };
  }),
});
