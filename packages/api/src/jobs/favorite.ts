import { DarkroomError } from "@darkroom/contracts";
import { favoriteOutput } from "@darkroom/db";
import { seesEveryJob } from "../access/visibility.ts";
import type { FavoriteAnswer } from "../answers/index.ts";
import type { Context } from "../context.ts";
import { afterCommit } from "../live/notify.ts";

/**
 * Marks an output of an ended job as a favorite, or unmarks it. Also for operators only their own: what somebody likes is
 * theirs to say.
 *
 * @throws DarkroomError `NOT_FOUND`, also for what belongs to somebody else (`FORBIDDEN` for operators); `JOB_NOT_ENDED`
 */
export async function setFavorite(
  ctx: Context,
  { outputId, favorite }: { outputId: string; favorite: boolean },
): Promise<FavoriteAnswer> {
  const events = await favoriteOutput(ctx.database, { outputId, favorite, ownerIds: ctx.principal.ownerIds });
  if (events === null) {
    // Operators see it all the same, and would not understand that it is not there.
    if (seesEveryJob(ctx.principal)) throw new DarkroomError("FORBIDDEN", "Only its owner marks it as a favorite.");
    throw new DarkroomError("NOT_FOUND", "There is no such output.");
  }
  await afterCommit(ctx, { events });
  return { outputId, favorite };
}
