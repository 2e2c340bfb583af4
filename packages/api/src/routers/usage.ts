import { DarkroomError } from "@darkroom/contracts";
import { type UsagePeriod, usageReport } from "@darkroom/db";
import type { UsagePage } from "../answers/index.ts";
import { usageInput } from "../inputs.ts";
import { procedure, router } from "../trpc.ts";

export const usageRouter = router({
  list: procedure.input(usageInput).query(async ({ ctx, input }): Promise<UsagePage> => {
    const period = periodOf(input);
    const { limit, cursor = null } = input;
    return { ...period, ...(await usageReport(ctx.database, { ...period, limit, cursor })) };
  }),
});

/** The days that were asked for. @throws DarkroomError `INPUT_INVALID` for a period that ends before it begins. */
function periodOf({ from, to }: { readonly from?: string | undefined; readonly to?: string | undefined }): UsagePeriod {
  const last = to ?? new Date().toISOString().slice(0, 10);
  const first = from ?? `${last.slice(0, 7)}-01`;
  if (first > last) {
    const fields = [{ path: "from", message: `must not be after ${last}, the last day` }];
    throw new DarkroomError("INPUT_INVALID", `from must not be after ${last}, the last day.`, { fields });
  }
  return { from: first, to: last };
}
