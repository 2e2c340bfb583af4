import { appRouter, type FeedData, LiveFeed } from "@darkroom/api";
import { encodeCursor } from "@darkroom/queue";
import { drained } from "../http/keep-alive.ts";
import { createStreamText, END_ID } from "../http/stream-text.ts";
import { openStream } from "./open-stream.ts";
import { callContext } from "./rest.ts";
import type { Exchange, HttpParts } from "./route.ts";

/** `GET /api/v1/events`: everything that happens to the caller's jobs, as server-sent events. */
export function events(exchange: Exchange, parts: HttpParts): Promise<void> {
  return stream(exchange, parts, null);
}

/** `GET /api/v1/jobs/{jobId}/events`: everything that happens to one job, until its end. */
export function jobEvents(exchange: Exchange, parts: HttpParts): Promise<void> {
  return stream(exchange, parts, exchange.params.jobId ?? "");
}

/**
 * Follows one job, or all (null). First a `snapshot`, unless the caller goes on from the `Last-Event-ID`; then each event
 * under its own type, and after it how its job stands as `progress`, in the plain form.
 *
 * @throws TRPCError as `job.onEvent` and `job.onFeed`
 * @throws DarkroomError `RATE_LIMITED`; `UNAVAILABLE` while the process stops
 */
async function stream(exchange: Exchange, parts: HttpParts, jobId: string | null): Promise<void> {
  const { request, response, url, identity } = exchange;
  const lastEventId = String(request.headers["last-event-id"] ?? url.searchParams.get("lastEventId") ?? "");
  // An EventSource that is answered so does not come back.
  if (lastEventId === END_ID) return void response.writeHead(204).end();
  const { connectionId } = await openStream(exchange, parts);
  const context = { ...callContext(exchange, parts), transport: "sse" as const, connectionId };
  const caller = appRouter.createCaller(context, { signal: context.signal });
  const feed =
    jobId === null ? await caller.job.onFeed({ lastEventId }) : await caller.job.onEvent({ jobId, lastEventId });
  if (!(feed instanceof LiveFeed)) throw new Error("a subscription is no live feed");
  const { snapshot, updates } = await feed.openUntilAborted();
  response.writeHead(200, {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "private, no-cache, no-transform",
    // Nginx would hold back what it could send on.
    "x-accel-buffering": "no",
  });
  if (request.method === "HEAD") return void response.end();
  response.flushHeaders();
  const streamText = createStreamText(identity.principal, {
    isOneJob: jobId !== null,
    viewOf: (id) => caller.job.byId({ jobId: id }).catch(() => null),
  });
  /** Resolves with whether that was the last of it. */
  const say = async (cursor: string, data: FeedData): Promise<boolean> => {
    const { text, isOver } = await streamText(cursor, data);
    if (!response.write(text)) await drained(response);
    return isOver;
  };
  if (snapshot !== null && (await say(snapshot.cursor, snapshot.data))) return void response.end();
  for await (const { cursor, events } of updates) {
    if (context.signal?.aborted) return;
    const isOver = await say(encodeCursor(cursor), { events });
    context.onDelivered?.(events);
    if (isOver) return void response.end();
  }
}
