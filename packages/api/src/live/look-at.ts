import { DarkroomError } from "@darkroom/contracts";
import { jobSource, ownerNames } from "@darkroom/db";
import { visibleOwners } from "../access/visibility.ts";
import type { JobViewers } from "../answers/index.ts";
import type { Context } from "../context.ts";
import { bestEffort } from "./best-effort.ts";

/**
 * Notes that the caller looks at a job, or no longer, and tells who else does. Nobody, while Redis is away.
 *
 * @throws DarkroomError `NOT_FOUND`
 */
export async function lookAt(
  ctx: Context,
  { jobId, looks }: { readonly jobId: string; readonly looks: boolean },
): Promise<JobViewers> {
  const { database, viewers, log, principal } = ctx;
  const job = await jobSource(database, { jobId, ownerIds: visibleOwners(principal) });
  // Whoever looks no longer may do so because it is gone.
  if (job === null && !looks) return { others: [] };
  if (job === null) throw new DarkroomError("NOT_FOUND", "There is no such job.");
  const all = await bestEffort(log, "viewers", [], () => viewers.look(jobId, principal.ownerId, looks));
  const ids = all.filter((ownerId) => !principal.ownerIds.includes(ownerId));
  if (ids.length === 0) return { others: [] };
  const names = await ownerNames(database, ids);
  const others = ids.map((ownerId) => ({
    ownerId,
    displayName: names.get(ownerId) ?? null,
    isOwner: ownerId === job.ownerId,
  }));
  return { others };
}
