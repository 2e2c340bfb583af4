import { type CustomEvent, DarkroomError, type OwnedEvent } from "@darkroom/contracts";
import type { Database } from "../postgres/client.ts";
import { inTransaction } from "../postgres/transaction.ts";
import { appendEvents, lockFeed } from "./append-events.ts";
import { isRemoved } from "./hold-owner.ts";

/** The most durable events that services may add to one owner's feed in a minute; each is kept as long as those of jobs. */
export const MAX_PUBLISHED_PER_MINUTE = 120;

/**
 * Adds a service's event to an owner's feed, numbered with the others. One whose id is there already is not added again: the
 * answer is the first one, and nothing is to be told. Null if there is no such owner.
 *
 * @throws DarkroomError `RATE_LIMITED`
 */
export function publishEvent(
  database: Database,
  { ownerId, event }: { readonly ownerId: string; readonly event: Omit<CustomEvent, "at"> },
): Promise<{ readonly event: CustomEvent; readonly told: readonly OwnedEvent[] } | null> {
  return inTransaction(database, async (tx) => {
    const feed = await lockFeed(tx, ownerId);
    if (feed === null || (await isRemoved(tx, ownerId))) return null;
    const [known] = await tx<{ event: CustomEvent }[]>`
      SELECT payload AS event FROM job_events
      WHERE owner_id = ${ownerId} AND type LIKE 'x.%' AND payload->>'eventId' = ${event.eventId}`;
    if (known !== undefined) return { event: known.event, told: [] };
    // With the feed held, nobody counts beside this.
    const [count] = await tx<{ published: number; seconds: number | null }[]>`
      SELECT count(*)::int AS published, ceil(extract(epoch FROM min(at) + interval '1 minute' - now()))::int AS seconds
      FROM job_events WHERE owner_id = ${ownerId} AND type LIKE 'x.%' AND at > now() - interval '1 minute'`;
    if (count !== undefined && count.published >= MAX_PUBLISHED_PER_MINUTE) {
      const message = `${MAX_PUBLISHED_PER_MINUTE} events a minute may be added to a feed. Send fewer, or let them be passing.`;
      throw new DarkroomError("RATE_LIMITED", message, { retryAfterSeconds: Math.max(1, count.seconds ?? 1) });
    }
    const published: CustomEvent = { ...event, at: feed.at };
    return { event: published, told: await appendEvents(tx, feed, [published]) };
  });
}
