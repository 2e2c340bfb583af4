import { DarkroomError } from "@darkroom/contracts";
import { setBackendDraining } from "@darkroom/db";
import { z } from "zod";
import type { BackendDetail, BackendView, Page } from "../answers/index.ts";
import { backendDetails, backendViews } from "../backends/backend-views.ts";
import type { Context } from "../context.ts";
import { wakeWorkers } from "../live/notify.ts";
import { procedure, router } from "../trpc.ts";

const oneBackend = z.strictObject({ backendId: z.string().min(1).max(300) });

export const backendRouter = router({
  list: procedure.query(
    async ({ ctx }): Promise<Page<BackendDetail>> => ({ items: await backendDetails(ctx), nextCursor: null }),
  ),

  drain: procedure
    .input(oneBackend)
    .mutation(({ ctx, input }): Promise<BackendView> => setDraining(ctx, input.backendId, true)),

  resume: procedure.input(oneBackend).mutation(async ({ ctx, input }): Promise<BackendView> => {
    const view = await setDraining(ctx, input.backendId, false);
    await wakeWorkers(ctx);
    return view;
  }),
});

async function setDraining(ctx: Context, backendId: string, draining: boolean): Promise<BackendView> {
  await setBackendDraining(ctx.database, { backendId, draining });
  const view = (await backendViews(ctx)).find((backend) => backend.backendId === backendId);
  if (view === undefined) throw new DarkroomError("NOT_FOUND", "There is no such backend.");
  return view;
}
