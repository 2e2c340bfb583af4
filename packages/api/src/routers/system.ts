import type { Pong, SystemInfo } from "../answers/index.ts";
import { feedInput, pingInput } from "../inputs.ts";
import { noticeFeed } from "../overview/notice-feed.ts";
import { systemInfo } from "../overview/system-info.ts";
import { procedure, router } from "../trpc.ts";

export const systemRouter = router({
  ping: procedure
    .input(pingInput)
    .query(
      ({ input }): Pong => ({ message: "Hello from server!", echo: input?.text ?? null, at: new Date().toISOString() }),
    ),

  onNotice: procedure.input(feedInput).subscription(({ ctx, input, signal }) => noticeFeed(ctx, input, signal)),

  info: procedure.query(({ ctx }): Promise<SystemInfo> => systemInfo(ctx)),
});
