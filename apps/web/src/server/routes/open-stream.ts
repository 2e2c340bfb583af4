import { DarkroomError } from "@darkroom/contracts";
import { closeCodes } from "../connections/close-codes.ts";
import { keepStreamAlive } from "../http/keep-alive.ts";
import type { Exchange, HttpParts } from "./route.ts";

const STREAM_RETRY_SECONDS = 10;

/**
 * Counts an event stream among the connections until it ends, exactly as a socket: it has the same limits, and it is ended
 * when its credential does, or to send the client elsewhere. The client reconnects by itself with its cursor.
 *
 * @throws DarkroomError `RATE_LIMITED`; `UNAVAILABLE` while the process stops
 */
export async function openStream(exchange: Exchange, parts: HttpParts): Promise<{ readonly connectionId: string }> {
  const { request, response, url } = exchange;
  const connection = await countConnection(exchange, parts, { resumes: true });
  if (request.headers["last-event-id"] !== undefined || url.searchParams.has("lastEventId"))
    parts.connections.resumed();
  keepStreamAlive(response);
  return connection;
}

/**
 * Counts an answer that follows a job among the connections until it ends; see {@link openStream}.
 *
 * @param resumes Whether its client comes back to where it was; one that does not is left its time when the process stops
 * @throws DarkroomError as {@link openStream}
 */
export async function countConnection(
  { response, identity, requestId, request }: Exchange,
  { connections, addressKeyOf, isDraining, log }: HttpParts,
  { resumes }: { readonly resumes: boolean },
): Promise<{ readonly connectionId: string }> {
  if (isDraining())
    throw new DarkroomError("UNAVAILABLE", "This process is stopping. Please try again.", { retryAfterSeconds: 2 });
  const place = await connections.admit(identity.principal, addressKeyOf(request) ?? undefined);
  if (typeof place === "string") {
    log.warn({ ownerId: identity.principal.ownerId, per: place }, "too many event streams");
    connections.refused(429);
    throw new DarkroomError("RATE_LIMITED", "Too many subscriptions are open. Close some and try again.", {
      retryAfterSeconds: STREAM_RETRY_SECONDS,
    });
  }
  // Events have no close code: what we end is counted by the code that a socket would have been closed with.
  let closedWith = 1000;
  const close = (code: number): void => {
    closedWith = code;
    response.destroy();
  };
  const sendAway = () => (resumes ? close(closeCodes.restart) : undefined);
  const { connection, remove } = place.add(identity, "sse", () => ({ sendAway, close }));
  const { connectionId } = connection;
  log.debug({ requestId, connectionId, ownerId: identity.principal.ownerId }, "connected");
  const end = (): void => {
    remove(closedWith);
    log.debug({ connectionId, code: closedWith }, "disconnected");
  };
  // A caller who left meanwhile has closed the response already.
  if (response.closed) end();
  else response.once("close", end);
  return connection;
}
