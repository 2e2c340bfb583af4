import { reportReasons } from "@darkroom/contracts";
import { galleryShelves } from "@darkroom/db";
import { z } from "zod";
import type { Page, SharedPictureView } from "../answers/index.ts";
import { hidePicture, reportPicture } from "../gallery/moderate.ts";
import { galleryPage, sharedByToken } from "../gallery/shared-pictures.ts";
import { idInput, pageInput } from "../inputs.ts";
import { procedure, router } from "../trpc.ts";

const tokenInput = z.string().min(1).max(100);

export const galleryRouter = router({
  list: procedure
    .input(z.strictObject({ ...pageInput, shelf: z.enum(galleryShelves).default("published") }).prefault({}))
    .query(({ ctx, input }): Promise<Page<SharedPictureView>> => galleryPage(ctx, input)),

  byToken: procedure
    .input(z.strictObject({ token: tokenInput }))
    .query(({ ctx, input }): Promise<SharedPictureView> => sharedByToken(ctx, input.token)),

  report: procedure
    .input(
      z.strictObject({
        token: tokenInput,
        reason: z.enum(reportReasons),
        details: z.string().trim().max(1000).optional(),
      }),
    )
    .mutation(({ ctx, input }) => reportPicture(ctx, input)),

  hide: procedure
    .input(
      z.strictObject({
        outputId: idInput,
        hidden: z.boolean().default(true),
        /** Told to the picture's owner. */
        reason: z.string().trim().max(500).optional(),
      }),
    )
    .mutation(({ ctx, input }) => hidePicture(ctx, input)),
});
