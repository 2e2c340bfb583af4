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

/** One value of a subscription. The cursor is never empty: it is what a client comes back with. */
export interface FeedValue {
  readonly cursor: string;
  readonly data: FeedData;
}

/** A feed that has begun. */
export interface OpenFeed {
  /** The snapshot to begin with; null if the caller's cursor is good, so that what follows is all that was missed. */
  readonly snapshot: FeedValue | null;
  readonly updates: Attachment;
}

/**
 * What both subscriptions answer. tRPC iterates over it; the socket's own server opens it, and has the hub push what follows,
 * because an iterator costs each reader of each event a dozen promises.
 */
export class LiveFeed implements AsyncIterable<TrackedEnvelope<FeedData>, void, unknown> {
  readonly #ctx: Pick<Context, "principal" | "onDelivered">;
  readonly #signal: AbortSignal | undefined;
  /** Whoever opens it closes its updates. Rejects with a {@link DarkroomError}, or with the signal's reason. */
  readonly open: () => Promise<OpenFeed>;

  constructor(
    ctx: Pick<Context, "principal" | "onDelivered">,
    signal: AbortSignal | undefined,
    open: () => Promise<OpenFeed>,
  ) {
    this.#ctx = ctx;
    this.#signal = signal;
    this.open = open;
  }

  /** Opens it until its signal is aborted. The socket's server does without: a signal takes more memory than a reader. */
  async openUntilAborted(): Promise<OpenFeed> {
    const opened = await this.open();
    const close = () => opened.updates.close();
    if (this.#signal?.aborted) close();
    else this.#signal?.addEventListener("abort", close, { once: true });
    return opened;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<TrackedEnvelope<FeedData>, void, unknown> {
    const { snapshot, updates } = await this.openUntilAborted();
    if (snapshot !== null) yield tracked(snapshot.cursor, snapshot.data);
    for await (const { cursor, events } of updates) {
      if (this.#signal?.aborted) return;
      yield tracked(encodeCursor(cursor), { events: events.map((event) => eventFor(this.#ctx.principal, event)) });
      this.#ctx.onDelivered?.(events);
    }
  }
}

/** One `ownerSeq` per owner: the last event that was seen. */
type Cursor = Readonly<Record<string, number>>;

interface FeedRequest {
  readonly ownerIds: readonly string[];
  readonly jobId?: string;
  readonly lastEventId?: string | null | undefined;
}

/** `job.onFeed`: every event of the caller's owners. */
export function ownerFeed(
  ctx: Context,
  input: { lastEventId?: string | null | undefined },
  signal: AbortSignal | undefined,
): LiveFeed {
  const request = { ownerIds: ctx.principal.ownerIds, lastEventId: input.lastEventId };
  return new LiveFeed(ctx, signal, () => follow(ctx, request, signal));
}

/** `job.onEvent`: the events of one job. An operator follows anyone's. */
export function jobFeed(
  ctx: Context,
  input: { jobId: string; lastEventId?: string | null | undefined },
  signal: AbortSignal | undefined,
): LiveFeed {
  const { jobId, lastEventId } = input;
  return new LiveFeed(ctx, signal, async () => {
    const visible = visibleOwners(ctx.principal);
    const job = await untilAvailable(signal, () => jobSource(ctx.database, { jobId, ownerIds: visible }));
    if (job === null) throw new DarkroomError("NOT_FOUND", "There is no such job.");
    return follow(ctx, { ownerIds: visible ?? [job.ownerId], jobId, lastEventId }, signal);
  });
}

async function follow(ctx: Context, request: FeedRequest, signal: AbortSignal | undefined): Promise<OpenFeed> {
  const { ownerIds, jobId } = request;
  const given = request.lastEventId ?? "";
  const attach = (cursor: Cursor, knownJobs: readonly JobView[] = []): Attachment =>
    ctx.hub.attach({ ownerIds, cursor, knownJobs, ...(jobId === undefined ? {} : { jobId }) });

  const { requestId, connectionId } = ctx;
  ctx.log.debug(
    { requestId, connectionId, ownerId: ctx.principal.ownerId, ownerIds, jobId, resumes: given !== "" },
    "subscribed",
  );
  const known = cursorOf(given, ownerIds);
  if (known !== null) {
    signal?.throwIfAborted();
    const resumed = attach(known);
    if (await isResumable(resumed, signal)) return { snapshot: null, updates: resumed };
    resumed.close();
  }
  const { cursor, jobs } = await untilAvailable(signal, () => readSnapshot(ctx, request));
  const data: FeedData = given === "" ? { events: [], jobs } : { events: [], jobs, reset: true };
  return { snapshot: { cursor: encodeCursor(cursor), data }, updates: attach(cursor, jobs) };
}

/** {@link Attachment.isResumable} waits for Postgres as long as it takes: a caller who leaves meanwhile ends it. */
async function isResumable(attachment: Attachment, signal: AbortSignal | undefined): Promise<boolean> {
  const leave = () => attachment.close();
  signal?.addEventListener("abort", leave, { once: true });
  try {
    return await attachment.isResumable();
  } finally {
    signal?.removeEventListener("abort", leave);
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
