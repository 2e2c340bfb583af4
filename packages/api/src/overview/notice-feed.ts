import { readNotice } from "@darkroom/db";
import { tracked } from "@trpc/server";
import type { NoticeData } from "../answers/index.ts";
import type { Context } from "../context.ts";
import { TrackedFeed } from "../live/tracked-feed.ts";
import { untilAvailable } from "../live/until-available.ts";

/**
 * `system.onNotice`: what operators tell everyone, whenever they change it, on whichever process they and the reader are. Its
 * first value has no notice unless something was missed since the cursor: `system.info` has told it.
 */
export function noticeFeed(
  { monitor, database }: Context,
  { lastEventId }: { readonly lastEventId?: string | null | undefined },
  signal?: AbortSignal,
): TrackedFeed<NoticeData> {
  return new TrackedFeed(async function* () {
    for await (const { id, values, isReset } of monitor.topics.watch("notice", { lastEventId, signal })) {
      const last = values.at(-1);
      if (isReset) yield tracked(id, { notice: await untilAvailable(signal, () => readNotice(database)) });
      else yield tracked(id, last === undefined ? {} : { notice: last.notice });
    }
  });
}
