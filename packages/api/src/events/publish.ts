import { type CustomEvent, DarkroomError, hasRole, newId } from "@darkroom/contracts";
import { ownerById, publishEvent } from "@darkroom/db";
import type { PublishedEvent } from "../answers/index.ts";
import type { Context } from "../context.ts";
import type { PublishEventInput } from "../inputs.ts";
import { bestEffort } from "../live/best-effort.ts";

/**
 * `event.publish`: adds a service's event to a feed, the caller's own or, for operators, anybody's.
 *
 * @throws DarkroomError `FORBIDDEN`, `NOT_FOUND` (the owner), `RATE_LIMITED`
 */
export async function publish(ctx: Context, input: PublishEventInput): Promise<PublishedEvent> {
  const { type, data, durable, eventId = newId(), ownerId = ctx.principal.ownerId } = input;
  if (!ctx.principal.ownerIds.includes(ownerId) && !hasRole(ctx.principal.role, "operator")) {
    const fields = [{ path: "ownerId", message: "needs the role operator, unless it is your own" }];
    throw new DarkroomError("FORBIDDEN", "Only operators may publish to the feeds of others.", { fields });
  }
  const event = { type, eventId, durable, data };
  const sent = durable ? await keep(ctx, ownerId, event) : await pass(ctx, ownerId, event);
  return { eventId: sent.eventId, type: sent.type, durable: sent.durable, at: sent.at };
}

async function keep(ctx: Context, ownerId: string, event: Omit<CustomEvent, "at">): Promise<CustomEvent> {
  const published = await publishEvent(ctx.database, { ownerId, event });
  if (published === null) throw noOwner();
  // The hubs find it in Postgres, whether this arrives or not.
  await bestEffort(ctx.log, "publish", false, () => ctx.publisher.publish(published.told));
  return published.event;
}

async function pass(ctx: Context, ownerId: string, event: Omit<CustomEvent, "at">): Promise<CustomEvent> {
  if (ownerId !== ctx.principal.ownerId) {
    const owner = await ownerById(ctx.database, ownerId);
    if (owner === null || owner.kind === "removed") throw noOwner();
  }
  ctx.admitEvent(ownerId);
  const passing = { ...event, at: new Date().toISOString() };
  await ctx.publisher.publishTransient({ ownerId, event: passing });
  return passing;
}

const noOwner = (): DarkroomError =>
  new DarkroomError("NOT_FOUND", "There is no such owner.", {
    fields: [{ path: "ownerId", message: "does not exist" }],
  });
