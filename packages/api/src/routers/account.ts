import { accountExportUrl, DarkroomError, hasRole } from "@darkroom/contracts";
import { ownerById, removeOwner, usageOf } from "@darkroom/db";
import { z } from "zod";
import { writeDown } from "../access/audit.ts";
import { seesEveryJob } from "../access/visibility.ts";
import type { AccountExport, AccountUsage, RemovedAccount } from "../answers/index.ts";
import type { Context } from "../context.ts";
import { idInput } from "../inputs.ts";
import { procedure, router } from "../trpc.ts";

export const accountRouter = router({
  usage: procedure.query(async ({ ctx }): Promise<AccountUsage> => {
    const { database, limits, principal, addressKey } = ctx;
    const { submits, generations, waiting, storedBytes } = await usageOf(database, {
      ownerId: principal.ownerId,
      addressKey,
    });
    return {
      submitsPerMinute: { used: submits, most: limits.submitsPerMinute },
      generationsPerHour: { used: generations, most: limits.generationsPerHour },
      waiting: { used: waiting, most: limits.maxWaitingPerOwner },
      storedBytes: { used: storedBytes, most: limits.storedBytesPerOwner },
    };
  }),

  export: procedure.query((): AccountExport => ({ url: accountExportUrl })),

  remove: procedure
    .input(z.strictObject({ ownerId: idInput.optional() }).prefault({}))
    .mutation(async ({ ctx, input }): Promise<RemovedAccount> => {
      const { ownerId: own } = ctx.principal;
      const { ownerId = own } = input;
      if (ownerId !== own) await removeOther(ctx, ownerId);
      // A guest who never wrote has nothing here, so what was asked for is so.
      else await removeOwner(ctx.database, { ownerId });
      return { ownerId, removed: true };
    }),
});

/** Removes somebody else's account, as operators may: it is written down. */
async function removeOther(ctx: Context, ownerId: string): Promise<void> {
  await assertMayRemove(ctx, ownerId);
  if (!(await removeOwner(ctx.database, { ownerId }))) throw noAccount();
  await writeDown(ctx, { action: "account.remove", input: { ownerId }, refused: null });
}

/** Throws unless the principal may remove this account, which is somebody else's. */
async function assertMayRemove({ database, principal }: Context, ownerId: string): Promise<void> {
  const owner = seesEveryJob(principal) ? await ownerById(database, ownerId) : null;
  if (owner === null) throw noAccount();
  if (hasRole(owner.role, "operator") && !hasRole(principal.role, "admin")) {
    throw new DarkroomError("FORBIDDEN", "Only an admin removes the account of an operator.");
  }
}

const noAccount = (): DarkroomError => new DarkroomError("NOT_FOUND", "There is no such account.");
