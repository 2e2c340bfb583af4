import { accountExportUrl, DarkroomError, hasRole } from "@darkroom/contracts";
import { ownerById, removeOwner, usageOf } from "@darkroom/db";
import { z } from "zod";
import { writeDown } from "../access/audit.ts";
import { seesEveryJob } from "../access/visibility.ts";
import type { AccountExport, AccountUsage, RemovedAccount } from "../answers/index.ts";
import type { Context } from "../context.ts";
import { errorFacts } from "../errors.ts";
import { idInput } from "../inputs.ts";
import { procedure, router } from "../trpc.ts";

export const accountRouter = router({
  usage: procedure.query(async ({ ctx }): Promise<AccountUsage> => {
    const { database, principal, addressKey } = ctx;
    const limits = ctx.limitsOf(principal.role);
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

/** Removes somebody else's account, as operators may: what they tried is written down, and why it was refused. */
async function removeOther(ctx: Context, ownerId: string): Promise<void> {
  if (!seesEveryJob(ctx.principal)) throw noAccount();
  const error: unknown = await removeAsOperator(ctx, ownerId).then(
    () => null,
    (refusal) => refusal,
  );
  const refused = error === null ? null : errorFacts(error).code;
  await writeDown(ctx, { action: "account.remove", input: { ownerId }, refused });
  if (error !== null) throw error;
}

async function removeAsOperator({ database, principal }: Context, ownerId: string): Promise<void> {
  const owner = await ownerById(database, ownerId);
  if (owner === null) throw noAccount();
  if (hasRole(owner.role, "operator") && !hasRole(principal.role, "admin"))
    throw new DarkroomError("FORBIDDEN", "Only an admin removes the account of an operator.");
  if (!(await removeOwner(database, { ownerId }))) throw noAccount();
}

const noAccount = (): DarkroomError => new DarkroomError("NOT_FOUND", "There is no such account.");
