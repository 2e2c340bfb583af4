import { DarkroomError, type JobView } from "@darkroom/contracts";
import { jobSource, snapshot } from "@darkroom/db";
import { type Attachment, decodeCursor, encodeCursor } from "@darkroom/queue";
import { type TrackedEnvelope, tracked } from "@trpc/server";
import { eventFor } from "../access/backend-names.ts";
import { visibleOwners } from "../access/visibility.ts";
import type { FeedData } from "../answers/index.ts";
import type { Context } from "../context.ts";
import { liveViews } from "./live-view.ts";
import { untilAvailable } from "./until-available.ts";

/** What both subscriptions yield: always tracked, and the cursor never empty. */
export type Feed = AsyncGenerator<TrackedEnvelope<FeedData>, void, unknown>;

/** One `ownerSeq` per owner: the last event that was seen. */
type Cursor = Readonly<Record<string, number>>;

interface FeedRequest {
  readonly ownerIds: readonly string[];
  readonly jobId?: string;
  readonly lastEventId?: string | null | undefined;
}

/** `job.onFeed`: every event of the caller's owners. */
export async function* ownerFeed(
  ctx: Context,
  input: { lastEventId?: string | null | undefined },
  signal: AbortSignal | undefined,
): Feed {
  yield* follow(ctx, { ownerIds: ctx.principal.ownerIds, lastEventId: input.lastEventId }, signal);
}

/** `job.onEvent`: the events of one job. An operator follows anyone's. */
export async function* jobFeed(
  ctx: Context,
  input: { jobId: string; lastEventId?: string | null | undefined },
  signal: AbortSignal | undefined,
): Feed {
  const visible = visibleOwners(ctx.principal);
  const job = await untilAvailable(signal, () => jobSource(ctx.database, { jobId: input.jobId, ownerIds: visible }));
  if (job === null) throw new DarkroomError("NOT_FOUND", "There is no such job.");
  const ownerIds = visible ?? [job.ownerId];
  yield* follow(ctx, { ownerIds, jobId: input.jobId, lastEventId: input.lastEventId }, signal);
}

async function* follow(ctx: Context, request: FeedRequest, signal: AbortSignal | undefined): Feed {
  const { ownerIds, jobId } = request;
  const given = request.lastEventId ?? "";
  // A generator that waits in `next()` cannot be returned from outside, so the signal ends what it waits for.
  const attach = (cursor: Cursor, knownJobs: readonly JobView[] = []): Attachment =>
    ctx.hub.attach({
      ownerIds,
      cursor,
      knownJobs,
      ...(jobId === undefined ? {} : { jobId }),
      ...(signal === undefined ? {} : { signal }),
    });

  const known = cursorOf(given, ownerIds);
  if (known !== null) {
    const resumed = attach(known);
    if (await resumed.isResumable()) return yield* deliver(ctx, resumed, signal);
    await resumed.return?.();
  }
  const { cursor, jobs } = await untilAvailable(signal, () => readSnapshot(ctx, request));
  const data: FeedData = { events: [], jobs };
  yield tracked(encodeCursor(cursor), given === "" ? data : { ...data, reset: true });
  yield* deliver(ctx, attach(cursor, jobs), signal);
}

async function* deliver(ctx: Context, updates: Attachment, signal: AbortSignal | undefined): Feed {
  for await (const update of updates) {
    // While a slow reader waits here, the hub keeps a bounded buffer for it and goes on without it. Before the yield, so
    // that a reader who is sent away gets nothing that it may already have asked for elsewhere.
    await ctx.drained?.();
    if (signal?.aborted) return;
    yield tracked(encodeCursor(update.cursor), {
      events: update.events.map((event) => eventFor(ctx.principal, event)),
    });
  }
}

async function readSnapshot(
  ctx: Context,
  { ownerIds, jobId }: FeedRequest,
): Promise<{ jobs: JobView[]; cursor: Cursor }> {
  const { jobs, cursor } = await snapshot(ctx.database, { ownerIds, ...(jobId === undefined ? {} : { jobId }) });
  // An owner without a row has no feed yet; its first event will be 1.
  const whole = Object.fromEntries(ownerIds.map((ownerId) => [ownerId, cursor[ownerId] ?? 0]));
  return { jobs: await liveViews(ctx, jobs), cursor: whole };
}

/** The cursor, if it names exactly these owners; else null. Whether its events are still kept, the hub tells. */
function cursorOf(text: string, ownerIds: readonly string[]): Cursor | null {
  const cursor = decodeCursor(text);
  if (cursor === null || Object.keys(cursor).length !== ownerIds.length) return null;
  return ownerIds.every((ownerId) => cursor[ownerId] !== undefined) ? cursor : null;
}
