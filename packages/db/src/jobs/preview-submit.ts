import type { Remaining } from "@darkroom/contracts";
import { countedAddress } from "../owners/counted-address.ts";
import type { Database } from "../postgres/client.ts";
import { inTransaction } from "../postgres/transaction.ts";
import { checkDepth, checkLimits, readUsage, remainingAfter, type SubmitLimits } from "./submit-limits.ts";

/**
 * What a submit of one job would meet now, without making it: what remains of the limits, nothing of which is used.
 *
 * @throws DarkroomError as `submitJobs` does when a limit refuses it
 */
export async function previewSubmit(
  database: Database,
  submit: { readonly ownerId: string; readonly addressKey: string | null; readonly limits: SubmitLimits },
): Promise<Remaining> {
  const { ownerId, limits } = submit;
  return inTransaction(database, async (tx) => {
    const addressKey = await countedAddress(tx, submit);
    const subjects = [{ ownerId }, ...(addressKey === null ? [] : [{ addressKey }])];
    const usages = await Promise.all(subjects.map((subject) => readUsage(tx, subject)));
    for (const usage of usages) await checkLimits(tx, usage, { limits, adding: 1 });
    await checkDepth(tx, { maxWaiting: limits.maxWaiting, adding: 1 });
    return remainingAfter(usages, { limits, adding: 0 });
  });
}
