import { createDarkroomClient } from "@darkroom/client";
import { isDurable, type JobEvent } from "@darkroom/contracts";
import { decodeCursor } from "@darkroom/queue";
import { WebSocket } from "ws";

/** Whom a subscriber comes as. */
export type Caller = { readonly ownerId: string } & (
  | { readonly key: string }
  | { readonly cookie: string; readonly origin: string }
);

/** One client of the product, with the log of what it was told. */
export interface Subscriber {
  readonly ownerId: string;
  /** The `ownerSeq` that its first snapshot shows. */
  firstSeq(): number | null;
  /** The last `ownerSeq` that it has. */
  lastSeq(): number;
  /** Every durable event in the order of arrival, as `nameOf` writes it. */
  readonly log: readonly string[];
  /** When its subscription last began, by `performance.now()`. */
  subscribedAt(): number;
  /** Where its connection is: `connecting` until a socket is open, `pending` from then on; or why its subscription ended. */
  state(): string;
  /** How often it was told to begin anew. */
  resets(): number;
  close(): Promise<void>;
}

/** A durable event in one word. */
export function nameOf(event: JobEvent): string {
  if (event.type === "batch.settled") return `${event.type} ${event.batchId}`;
  if (!("jobId" in event)) return `${event.type} ${event.at}`;
  return `${event.type} ${event.jobId} ${event.version}`;
}

/** Follows its owner's feed with the client of `@darkroom/api`: its back-off, its keep-alive, its way to resume. */
export function subscribe(url: string, caller: Caller): Subscriber {
  const log: string[] = [];
  let firstSeq: number | null = null;
  let lastSeq = 0;
  let subscribedAt = Number.NEGATIVE_INFINITY;
  let resets = 0;
  let connection = "idle";
  let ended: string | null = null;
  const client = createDarkroomClient({
    url,
    apiKey: "key" in caller ? caller.key : "",
    ...("cookie" in caller && { webSocket: socketWith({ cookie: caller.cookie, origin: caller.origin }) }),
  });
  client.trpc.job.onFeed.subscribe(undefined, {
    onStarted: () => {
      subscribedAt = performance.now();
    },
    onData: ({ id, data }) => {
      lastSeq = decodeCursor(id)?.[caller.ownerId] ?? lastSeq;
      firstSeq ??= lastSeq;
      if (data.reset === true) resets += 1;
      for (const event of data.events) if (isDurable(event)) log.push(nameOf(event));
    },
    onConnectionStateChange: ({ state }) => {
      connection = state;
    },
    onError: (error) => {
      ended = `ended: ${error.message}`;
      log.push(`error ${error.message}`);
    },
  });
  return {
    ownerId: caller.ownerId,
    firstSeq: () => firstSeq,
    lastSeq: () => lastSeq,
    log,
    subscribedAt: () => subscribedAt,
    state: () => ended ?? connection,
    resets: () => resets,
    close: () => client.close(),
  };
}

/** What a browser would send by itself. */
function socketWith(headers: Record<string, string>): typeof globalThis.WebSocket {
  class Page extends WebSocket {
    constructor(address: string | URL) {
      super(address, [], { headers, perMessageDeflate: false });
    }
  }
  return Page as unknown as typeof globalThis.WebSocket;
}
