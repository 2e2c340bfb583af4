import type { Remaining } from "@darkroom/contracts";
import { countedAddress } from "../owners/counted-address.ts";
import type { Database } from "../postgres/client.ts";
import { inTransaction, type Transaction } from "../postgres/transaction.ts";
import { readStoredBytes } from "../usage/stored-bytes.ts";
import {
  checkDepth,
  checkLimits,
  checkStored,
  readUsage,
  remainingAfter,
  type SubmitLimits,
  type Usage,
} from "./submit-limits.ts";

/**
 * What a submit of one job would meet now, without making it: what remains of the limits, nothing of which is used.
 *
 * @throws DarkroomError as `submitJobs` does when a limit refuses it
 */
export async function previewSubmit(
  database: Database,
  submit: { readonly ownerId: string; readonly addressKey: string | null; readonly limits: SubmitLimits },
): Promise<Remaining> {
  const { limits } = submit;
  return inTransaction(database, async (tx) => {
    const usages = await usagesOf(tx, submit);
    for (const usage of usages) await checkLimits(tx, usage, { limits, adding: 1 });
    await checkStored(tx, submit);
    await checkDepth(tx, { maxWaiting: limits.maxWaiting, adding: 1 });
    return remainingAfter(usages, { limits, adding: 0 });
  });
}

/**
 * How much of each limit is used now: by the owner, or by everybody who counts by the same address where that is more, since
 * it is the first to be refused. Counts of the last minute (submits) and hour (generations), and of what waits; and the bytes that
 * are kept of the owner.
 */
export async function usageOf(
  database: Database,
  of: { readonly ownerId: string; readonly addressKey: string | null },
): Promise<Omit<Usage, "subject"> & { readonly storedBytes: number }> {
  const [usages, storedBytes] = await inTransaction(database, (tx) =>
    Promise.all([usagesOf(tx, of), readStoredBytes(tx, of.ownerId)]),
  );
  const most = (name: "submits" | "generations" | "waiting") => Math.max(...usages.map((usage) => usage[name]));
  return { submits: most("submits"), generations: most("generations"), waiting: most("waiting"), storedBytes };
}

async function usagesOf(
  tx: Transaction,
  of: { readonly ownerId: string; readonly addressKey: string | null },
): Promise<Usage[]> {
  const addressKey = await countedAddress(tx, of);
  const subjects = [{ ownerId: of.ownerId }, ...(addressKey === null ? [] : [{ addressKey }])];
  return Promise.all(subjects.map((subject) => readUsage(tx, subject)));
}
