import { DarkroomError } from "@darkroom/contracts";
import { listUploads, removeUpload } from "@darkroom/db";
import { z } from "zod";
import { visibleOwners } from "../access/visibility.ts";
import type { Page, RemovedUpload, UploadView } from "../answers/index.ts";
import { idInput, pageInput } from "../inputs.ts";
import { procedure, router } from "../trpc.ts";

export const uploadRouter = router({
  list: procedure.input(z.strictObject(pageInput).prefault({})).query(({ ctx, input }): Promise<Page<UploadView>> => {
    const { cursor = null, limit } = input;
    return listUploads(ctx.database, { ownerIds: ctx.principal.ownerIds, cursor, limit });
  }),

  remove: procedure
    .input(z.strictObject({ uploadId: idInput }))
    .mutation(async ({ ctx, input: { uploadId } }): Promise<RemovedUpload> => {
      const isRemoved = await removeUpload(ctx.database, { uploadId, ownerIds: visibleOwners(ctx.principal) });
      if (!isRemoved) throw new DarkroomError("NOT_FOUND", "There is no such upload.");
      return { uploadId, removed: true };
    }),
});
