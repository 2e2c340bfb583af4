import { ensureOwner, renameOwner } from "@darkroom/db";
import { z } from "zod";
import { ownerKindOf } from "../access/owner-kind.ts";
import type { SessionView } from "../answers/index.ts";
import type { Context } from "../context.ts";
import { procedure, router } from "../trpc.ts";

const renameInput = z.strictObject({ displayName: z.string().trim().min(1).max(60) });

export const sessionRouter = router({
  me: procedure.query(({ ctx }): SessionView => sessionView(ctx)),

  rename: procedure.input(renameInput).mutation(async ({ ctx, input }): Promise<SessionView> => {
    const { principal } = ctx;
    await ensureOwner(ctx.database, { ownerId: principal.ownerId, kind: ownerKindOf(principal) });
    await renameOwner(ctx.database, { ownerId: principal.ownerId, displayName: input.displayName });
    return { ...sessionView(ctx), displayName: input.displayName, isNew: false };
  }),
});

function sessionView({ principal, limitsOf }: Context): SessionView {
  const limits = limitsOf(principal.role);
  return {
    kind: principal.kind,
    ownerId: principal.ownerId,
    role: principal.role,
    displayName: principal.displayName,
    scopes: principal.scopes,
    isNew: principal.isNew,
    limits: {
      submitsPerMinute: limits.submitsPerMinute,
      generationsPerHour: limits.generationsPerHour,
      maxWaitingPerOwner: limits.maxWaitingPerOwner,
    },
  };
}
