import { DarkroomError } from "@darkroom/contracts";
import { setBackendDraining } from "@darkroom/db";
import { z } from "zod";
import type { BackendDetail, BackendView, Page, SetFaults, SimulatorFaults } from "../answers/index.ts";
import { backendDetails, backendViews } from "../backends/backend-views.ts";
import { setSimulatorFaults, simulatorFaults } from "../backends/simulator-faults.ts";
import type { Context } from "../context.ts";
import { wakeWorkers } from "../live/notify.ts";
import { procedure, router } from "../trpc.ts";

const oneBackend = z.strictObject({ backendId: z.string().min(1).max(300) });
/** Which kinds there are, and what each takes, only the simulator knows. */
const faults = z.array(z.looseObject({ kind: z.string().min(1).max(100) })).max(10);

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

  faults: procedure
    .input(oneBackend)
    .query(({ ctx, input }): Promise<SimulatorFaults> => simulatorFaults(ctx, input.backendId)),

  setFaults: procedure
    .input(oneBackend.extend({ faults }))
    .mutation(({ ctx, input }): Promise<SetFaults> => setSimulatorFaults(ctx, input)),
});

async function setDraining(ctx: Context, backendId: string, draining: boolean): Promise<BackendView> {
  await setBackendDraining(ctx.database, { backendId, draining });
  const view = (await backendViews(ctx)).find((backend) => backend.backendId === backendId);
  if (view === undefined) throw new DarkroomError("NOT_FOUND", "There is no such backend.");
  return view;
}
