import { DarkroomError, uploadUrl } from "@darkroom/contracts";
import { listUploads, removeUpload } from "@darkroom/db";
import { z } from "zod";
import { actOnOwnOrOthers } from "../access/audit.ts";
import type { Page, RemovedUpload, UploadView } from "../answers/index.ts";
import { idInput, pageInput } from "../inputs.ts";
import { procedure, router } from "../trpc.ts";

/** As that of an output. */
const THUMBNAIL_WIDTH = 384;

export const uploadRouter = router({
  list: procedure
    .input(z.strictObject(pageInput).prefault({}))
    .query(async ({ ctx, input }): Promise<Page<UploadView>> => {
      const { cursor = null, limit } = input;
      const { ownerIds } = ctx.principal;
      const { items, nextCursor } = await listUploads(ctx.database, { ownerIds, cursor, limit });
      const views = items.map((upload) => ({
        ...upload,
        url: uploadUrl(upload.uploadId),
        thumbnailUrl: upload.mimeType.startsWith("image/") ? uploadUrl(upload.uploadId, THUMBNAIL_WIDTH) : null,
      }));
      return { items: views, nextCursor };
    }),

  remove: procedure
    .input(z.strictObject({ uploadId: idInput }))
    .mutation(async ({ ctx, input: { uploadId } }): Promise<RemovedUpload> => {
      const removed = await actOnOwnOrOthers(ctx, { action: "upload.remove", input: { uploadId } }, async (ownerIds) =>
        (await removeUpload(ctx.database, { uploadId, ownerIds })) ? ({ uploadId, removed: true } as const) : null,
      );
      if (removed === null) throw new DarkroomError("NOT_FOUND", "There is no such upload.");
      return removed;
    }),
});
