import type { Pong, SystemInfo } from "../answers/index.ts";
import { pingInput } from "../inputs.ts";
import { systemInfo } from "../overview/system-info.ts";
import { procedure, router } from "../trpc.ts";

export const systemRouter = router({
  ping: procedure
    .input(pingInput)
    .query(
      ({ input }): Pong => ({ message: "Hello from server!", echo: input?.text ?? null, at: new Date().toISOString() }),
    ),

  info: procedure.query(({ ctx }): Promise<SystemInfo> => systemInfo(ctx)),
});
