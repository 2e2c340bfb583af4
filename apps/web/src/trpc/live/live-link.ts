import type { AppRouter } from "@darkroom/api";
import { backoffMs } from "@darkroom/contracts";
import { httpSubscriptionLink, type Operation, type TRPCLink } from "@trpc/client";
import { createWSClient, wsLink } from "@trpc/client/links/wsLink/wsLink";
import { observable, type Unsubscribable } from "@trpc/server/observable";
import { API_URL, type LineHandlers } from "../client.ts";
import {
  backToSocket,
  closed,
  firstLadder,
  type Ladder,
  opened,
  probeAfterMs,
  probed,
  type Transport,
} from "./ladder.ts";
import { PromptSocket } from "./prompt-socket.ts";
import { MOVED, tabSocketOf } from "./tab-socket.ts";
import { canShare, createTab } from "./tabs.ts";

/** Our socket's address on the origin that served the page. `path` is the server's `WS_PATH`. */
export function socketUrl({ protocol, host }: Pick<Location, "protocol" | "host">, path: string): string {
  return `${protocol === "https:" ? "wss:" : "ws:"}//${host}${path}`;
}

/**
 * Waits between tries to connect. The first may be long, because after a restart every tab finds its socket closed at the
 * same moment; the longest is short, because somebody looks at the page and a refused connection costs the server little.
 */
const RECONNECT = { firstMs: 1500, maxMs: 3000 };

/** Together less than 7 s, after which a page must have said that its line is dead. */
const KEEP_ALIVE = { enabled: true, intervalMs: 4000, pongTimeoutMs: 2500 };

interface SocketHandlers {
  onOpen(): void;
  onClose(): void;
}

/** A socket that opens with its first subscription, notices a dead line within 7 s, and keeps trying. */
export function createSocket(url: string | (() => string), handlers: SocketHandlers, Socket: typeof WebSocket) {
  let hasMoved = false;
  return createWSClient({
    url,
    WebSocket: Socket,
    lazy: { enabled: true, closeMs: 10_000 },
    retryDelayMs(tries) {
      const isAtHand = hasMoved;
      hasMoved = false;
      return isAtHand ? 0 : backoffMs(tries, RECONNECT);
    },
    keepAlive: KEEP_ALIVE,
    onOpen: handlers.onOpen,
    onClose(cause) {
      // Another tab holds the socket now. That is no loss worth telling: it is back in a moment, or closes again.
      hasMoved = cause?.code === MOVED;
      if (!hasMoved) handlers.onClose();
    },
  });
}

/** What carries subscriptions at the moment. */
interface Carrier {
  readonly link: TRPCLink<AppRouter>;
  close(): void;
}

interface LiveOptions {
  /** The server's `WS_PATH`; null where its sockets are switched off. */
  readonly socketPath: string | null;
  /** Who the visitor is: tabs share a socket only if they are the same visitor's. */
  readonly visitor: () => string;
  readonly handlers: LineHandlers;
}

/**
 * Subscriptions over the best that can be had: a socket, which all tabs share, else server-sent events. Whatever carries
 * them, a subscription goes on after the last event that it got. Where nothing can be had the handlers are told so, and the
 * page polls.
 */
export function createLiveLink(options: LiveOptions): TRPCLink<AppRouter> {
  const line = createLine(options);
  let lastId = 0;
  return (runtime) =>
    ({ op: asked, next }) =>
      observable((observer) => {
        // The page's two clients share this line, and each numbers its calls from 1: on the socket a number means one of them.
        lastId += 1;
        const op = { ...asked, id: lastId };
        let lastEventId: string | undefined;
        let inner: Unsubscribable | undefined;
        const leave = line.ride((carrier) => {
          // What the old carrier still says, of its own end for example, is not heard.
          const before = inner;
          inner = undefined;
          before?.unsubscribe();
          if (carrier === null) return;
          const isNow = (): boolean => line.carrier() === carrier;
          inner = carrier
            .link(runtime)({ op: after(op, lastEventId), next })
            .subscribe({
              next(envelope) {
                if (!isNow()) return;
                if ("id" in envelope.result && envelope.result.id !== undefined) lastEventId = envelope.result.id;
                observer.next(envelope);
              },
              error: (error) => isNow() && observer.error(error),
              complete: () => isNow() && observer.complete(),
            });
        });
        return () => {
          leave();
          inner?.unsubscribe();
        };
      });
}

interface Line {
  /** What carries at the moment; null while nothing may. */
  carrier(): Carrier | null;
  /** Calls `board` with the carrier, at once and whenever it is another one, until the returned function is called. */
  ride(board: (carrier: Carrier | null) => void): () => void;
}

/** Decides what carries, and tells the handlers how it goes. */
function createLine({ socketPath, visitor, handlers }: LiveOptions): Line {
  const only = socketPath === null ? "sse" : null;
  const Socket = canShare() ? tabSocketOf(createTab((url) => new PromptSocket(url))) : PromptSocket;
  const url = (): string => `${socketUrl(window.location, socketPath ?? "")}#${visitor()}`;
  const riders = new Set<(carrier: Carrier | null) => void>();
  let ladder: Ladder = firstLadder(only ?? "ws");
  let carrier: Carrier | null = null;
  let probing: ReturnType<typeof setTimeout> | undefined;

  /** A browser opens few event streams to one server, for all its tabs together: those that nobody looks at poll instead. */
  const mayCarry = (): boolean => navigator.onLine && (ladder.transport === "ws" || !document.hidden);

  function createCarrier(transport: Transport): Carrier {
    const isNow = (): boolean => carrier === made;
    const told = {
      onOpen: () => isNow() && climb(opened(ladder, Date.now())),
      onClose: () => isNow() && climb(closed(ladder, Date.now(), only)),
    };
    const made = transport === "ws" ? socketCarrier(url, told, Socket) : eventsCarrier(told);
    return made;
  }

  function change(): void {
    const old = carrier;
    carrier = mayCarry() ? createCarrier(ladder.transport) : null;
    for (const board of riders) board(carrier);
    old?.close();
  }

  function climb(next: Ladder): void {
    const isAnother = next.transport !== ladder.transport;
    ladder = next;
    if (ladder.openSince === null) handlers.onClose(navigator.onLine);
    else handlers.onOpen(ladder.transport);
    if (isAnother) change();
    scheduleProbe();
  }

  /** While events stand in for the socket, tries whether it can be had, more and more rarely. */
  function scheduleProbe(): void {
    clearTimeout(probing);
    if (ladder.transport === "ws" || ladder.openSince === null || only !== null) return;
    probing = setTimeout(() => {
      ladder = probed(ladder);
      const probe = new Socket(url());
      probe.addEventListener("open", () => {
        climb(backToSocket(ladder));
        // Until then it keeps the shared socket for the subscriptions that come over.
        setTimeout(() => probe.close(), 5000);
      });
      probe.addEventListener("close", scheduleProbe);
    }, probeAfterMs(ladder));
  }

  function reconsider(): void {
    if (mayCarry() === (carrier !== null)) return;
    if (carrier !== null) climb({ ...ladder, openSince: null });
    change();
  }
  for (const event of ["online", "offline"]) window.addEventListener(event, reconsider);
  document.addEventListener("visibilitychange", reconsider);
  if (navigator.onLine) change();
  else handlers.onClose(false);

  return {
    carrier: () => carrier,
    ride(board) {
      riders.add(board);
      board(carrier);
      return () => riders.delete(board);
    },
  };
}

/** The same request, for what came after an event. */
function after(op: Operation, lastEventId: string | undefined): Operation {
  return lastEventId === undefined ? op : { ...op, input: { ...(op.input as object | undefined), lastEventId } };
}

function socketCarrier(url: () => string, handlers: SocketHandlers, Socket: typeof WebSocket): Carrier {
  const client = createSocket(url, handlers, Socket);
  return { link: wsLink({ client }), close: () => void client.close() };
}

/** Server-sent events, a stream for each subscription. The streams tell how they are in the results themselves. */
function eventsCarrier({ onOpen, onClose }: SocketHandlers): Carrier {
  const link = httpSubscriptionLink<AppRouter, typeof EventSource>({ url: API_URL });
  return {
    link: (runtime) => (call) =>
      observable((observer) =>
        link(runtime)(call).subscribe({
          next(envelope) {
            const { result } = envelope;
            if (result.type === "state" && result.state === "pending") onOpen();
            if (result.type === "state" && result.state === "connecting" && result.error !== null) onClose();
            observer.next(envelope);
          },
          error(error) {
            // Refused by an answer: the stream stands. Else it could not be had at all.
            if (error.data == null) onClose();
            observer.error(error);
          },
          complete: () => observer.complete(),
        }),
      ),
    close: () => undefined,
  };
}
