import { type Notice, readNotice, setNotice } from "@darkroom/db";
import { noticeInput } from "../inputs.ts";
import { procedure, router } from "../trpc.ts";

export const noticeRouter = router({
  broadcast: procedure.input(noticeInput).mutation(async ({ ctx, input }): Promise<{ notice: Notice | null }> => {
    await setNotice(ctx.database, { message: input.message, minutes: input.minutes ?? null });
    const notice = await readNotice(ctx.database);
    // Where that does not arrive, pages ask for it within half a minute.
    await ctx.publisher.publishNotice({ notice });
    return { notice };
  }),
});
