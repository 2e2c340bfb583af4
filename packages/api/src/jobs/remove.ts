import { DarkroomError } from "@darkroom/contracts";
import { removeJob } from "@darkroom/db";
import { visibleOwners } from "../access/visibility.ts";
import type { RemovedJob } from "../answers/index.ts";
import type { Context } from "../context.ts";
import { afterCommit } from "../live/notify.ts";

/** Removes an ended job with its inputs and outputs, for good. An operator removes anyone's. */
export async function removeEndedJob(ctx: Context, jobId: string): Promise<RemovedJob> {
  const events = await removeJob(ctx.database, { jobId, ownerIds: visibleOwners(ctx.principal) });
  if (events === null) throw new DarkroomError("NOT_FOUND", "There is no such job.");
  await afterCommit(ctx, { events });
  return { jobId, removed: true };
}
