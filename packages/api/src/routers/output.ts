import { outputKindSchema, sharedFacts } from "@darkroom/contracts";
import { z } from "zod";
import type { FavoriteAnswer, OutputView, Page, RemovedOutput, Shared } from "../answers/index.ts";
import { setShared } from "../gallery/share-output.ts";
import { idInput, pageInput, workflowInput } from "../inputs.ts";
import { setFavorite } from "../jobs/favorite.ts";
import { removeOneOutput } from "../jobs/remove.ts";
import { outputById, outputPage } from "../overview/output-views.ts";
import { procedure, router } from "../trpc.ts";

export const outputRouter = router({
  list: procedure
    .input(
      z
        .strictObject({
          ...pageInput,
          workflow: workflowInput.optional(),
          kind: outputKindSchema.optional(),
          jobId: idInput.optional(),
        })
        .prefault({}),
    )
    .query(({ ctx, input }): Promise<Page<OutputView>> => outputPage(ctx, input)),

  byId: procedure
    .input(z.strictObject({ outputId: idInput }))
    .query(({ ctx, input }): Promise<OutputView> => outputById(ctx, input.outputId)),

  share: procedure
    .input(
      z.strictObject({
        outputId: idInput,
        shared: z.boolean().default(true),
        /** What is told with it; nothing else is. */
        facts: z.array(z.enum(sharedFacts)).max(sharedFacts.length).optional(),
        /** Whether it is in the public gallery. */
        gallery: z.boolean().optional(),
      }),
    )
    .mutation(({ ctx, input }): Promise<Shared> => setShared(ctx, input)),

  favorite: procedure
    .input(z.strictObject({ outputId: idInput, favorite: z.boolean().default(true) }))
    .mutation(({ ctx, input }): Promise<FavoriteAnswer> => setFavorite(ctx, input)),

  remove: procedure
    .input(z.strictObject({ outputId: idInput }))
    .mutation(({ ctx, input }): Promise<RemovedOutput> => removeOneOutput(ctx, input.outputId)),
});
