import { type AuditEntry, listActions } from "@darkroom/db";
import type { Page } from "../answers/index.ts";
import { auditListInput } from "../inputs.ts";
import { procedure, router } from "../trpc.ts";

export const auditRouter = router({
  list: procedure
    .input(auditListInput)
    .query(
      ({ ctx, input: { cursor, ownerId, limit } }): Promise<Page<AuditEntry>> =>
        listActions(ctx.database, { limit, cursor: cursor ?? null, ...(ownerId === undefined ? {} : { ownerId }) }),
    ),
});
