import { type Alert, DarkroomError } from "@darkroom/contracts";
import { acknowledgeAlert, listAlerts, silenceAlerts } from "@darkroom/db";
import type { Page } from "../answers/index.ts";
import { acknowledgeInput, alertListInput, silenceInput } from "../inputs.ts";
import { procedure, router } from "../trpc.ts";

export const alertRouter = router({
  list: procedure
    .input(alertListInput)
    .query(
      ({ ctx, input: { open = false, limit, cursor } }): Promise<Page<Alert>> =>
        listAlerts(ctx.database, { open, limit, cursor: cursor ?? null }),
    ),

  acknowledge: procedure.input(acknowledgeInput).mutation(async ({ ctx, input }): Promise<Alert> => {
    const alert = await acknowledgeAlert(ctx.database, { alertId: input.alertId, by: ctx.principal.ownerId });
    if (alert === null) throw new DarkroomError("NOT_FOUND", "There is no such alert.");
    await ctx.publisher.publishAlert({ change: "acknowledged", alert });
    return alert;
  }),

  silence: procedure.input(silenceInput).mutation(async ({ ctx, input }): Promise<{ alerts: readonly Alert[] }> => {
    const alerts = await silenceAlerts(ctx.database, { ...input, by: ctx.principal.ownerId });
    for (const alert of alerts) await ctx.publisher.publishAlert({ change: "silenced", alert });
    return { alerts };
  }),
});
