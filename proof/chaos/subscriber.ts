import type { AppRouter } from "@darkroom/api/client";
import { createTRPCClient, createWSClient, wsLink } from "@trpc/client";
import { WebSocket } from "ws";
import { appendLine } from "./journal.ts";
import type { FeedLine, SeenEvent } from "./records.ts";
import type { Visitor } from "./visitor.ts";

const transientTypes: ReadonlySet<string> = new Set(["job.progressed", "job.previewed", "job.positioned"]);
const terminalTypes: ReadonlySet<string> = new Set(["job.succeeded", "job.failed", "job.canceled"]);

/** One tab's or service's view of its jobs: a plain tRPC client that resumes from its last value. */
export interface Subscriber {
  readonly ownerId: string;
  /** Durable events so far. */
  seen(): number;
  /** Jobs whose end it has seen. */
  ended(): number;
  /** Closes its socket and, as a reloaded tab that kept its cursor, begins again from there. */
  reload(): void;
  close(): void;
}

/** Writes each durable event it receives to `file`, before anything else. Resolves once it has its first snapshot. */
export async function createSubscriber(
  { ownerId, headers }: Visitor,
  { webUrls, file }: { readonly webUrls: readonly string[]; readonly file: string },
): Promise<Subscriber> {
  let dials = Math.floor(Math.random() * webUrls.length);
  let cursor: string | undefined;
  let seen = 0;
  let ended = 0;
  let isClosed = false;
  const log = (line: FeedLine): void => appendLine(file, line);
  const first = Promise.withResolvers<void>();

  class AuthorizedWebSocket extends WebSocket {
    constructor(address: string | URL, protocols?: string | string[]) {
      super(address, protocols ?? [], { headers: { ...headers }, perMessageDeflate: false });
    }
  }

  function receive(id: string, data: { events: readonly object[]; jobs?: readonly unknown[]; reset?: true }): void {
    if (data.jobs !== undefined) log({ type: "snapshot", reset: data.reset === true, jobs: data.jobs.length });
    for (const event of data.events as readonly SeenEvent[]) {
      if (transientTypes.has(event.type)) continue;
      log({ type: "event", event });
      seen += 1;
      if (terminalTypes.has(event.type)) ended += 1;
    }
    cursor = id;
    first.resolve();
  }

  function subscribe(): () => void {
    const socket = createWSClient({
      // Another gateway at each dial: any of them must be able to go on where the last one stopped.
      url: () => {
        dials += 1;
        return `${(webUrls[dials % webUrls.length] ?? "").replace("http", "ws")}/ws`;
      },
      WebSocket: AuthorizedWebSocket as unknown as typeof globalThis.WebSocket,
      keepAlive: { enabled: true, intervalMs: 2000, pongTimeoutMs: 2000 },
      retryDelayMs: () => 100 + Math.random() * 900,
    });
    const trpc = createTRPCClient<AppRouter>({ links: [wsLink({ client: socket })] });
    let retry: NodeJS.Timeout | undefined;
    let isOver = false;
    let subscription = open();

    function open() {
      return trpc.job.onFeed.subscribe(cursor === undefined ? {} : { lastEventId: cursor }, {
        onData: ({ id, data }) => {
          if (!isOver) receive(id, data);
        },
        // The server could not go on (Postgres was away): a client asks again from where it stands.
        onError: again,
        onComplete: again,
      });
    }

    function again(): void {
      if (isOver) return;
      clearTimeout(retry);
      retry = setTimeout(() => {
        subscription = open();
      }, 300);
    }

    return () => {
      isOver = true;
      clearTimeout(retry);
      subscription.unsubscribe();
      void socket.close();
    };
  }

  log({ type: "watches", ownerId });
  let leave = subscribe();
  await first.promise;
  return {
    ownerId,
    seen: () => seen,
    ended: () => ended,
    reload: () => {
      if (isClosed) return;
      leave();
      leave = subscribe();
    },
    close: () => {
      isClosed = true;
      leave();
    },
  };
}
