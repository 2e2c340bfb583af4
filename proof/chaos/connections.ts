import { setTimeout as sleep } from "node:timers/promises";
import type { AppRouter } from "@darkroom/client";
import { createTRPCClient, createWSClient, wsLink } from "@trpc/client";
import { WebSocket } from "ws";

/** One value of the feed, as it came over the wire. */
export interface FeedValue {
  readonly events: readonly object[];
  readonly jobs?: readonly unknown[];
  readonly reset?: true;
}

/** How a subscriber is connected. */
export interface Connecting {
  readonly headers: Readonly<Record<string, string>>;
  /** Another gateway at each call: any of them must be able to go on where the last one stopped. */
  readonly nextUrl: () => string;
  /** Where the subscriber stands; undefined before its first value. */
  readonly cursor: () => string | undefined;
  readonly receive: (cursor: string, value: FeedValue) => void;
}

/** Follows the feed, connecting again whenever that ends, until the answer is called. Nothing is received after that. */
export type Connect = (connecting: Connecting) => () => void;

/** As a tab does where sockets are allowed: a plain tRPC client that resumes from its last value. */
export const connectSocket: Connect = ({ headers, nextUrl, cursor, receive }) => {
  class AuthorizedWebSocket extends WebSocket {
    constructor(address: string | URL, protocols?: string | string[]) {
      super(address, protocols ?? [], { headers: { ...headers }, perMessageDeflate: false });
    }
  }
  const socket = createWSClient({
    url: () => `${nextUrl().replace("http", "ws")}/ws`,
    WebSocket: AuthorizedWebSocket as unknown as typeof globalThis.WebSocket,
    keepAlive: { enabled: true, intervalMs: 2000, pongTimeoutMs: 2000 },
    retryDelayMs: () => 100 + Math.random() * 900,
  });
  const trpc = createTRPCClient<AppRouter>({ links: [wsLink({ client: socket })] });
  let retry: NodeJS.Timeout | undefined;
  let isOver = false;
  let subscription = open();

  function open() {
    const lastEventId = cursor();
    return trpc.job.onFeed.subscribe(lastEventId === undefined ? {} : { lastEventId }, {
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
};

/** An idle stream says something every 20 seconds; one that does not is dead. */
const SILENCE_MS = 25_000;

/** As a tab does where they are not: server-sent events, which name the cursor of each value. */
export const connectStream: Connect = ({ headers, nextUrl, cursor, receive }) => {
  const leaving = new AbortController();
  void (async () => {
    while (!leaving.signal.aborted) {
      // Refused or cut off: it is asked for again, as a browser does.
      await readStream().catch(() => undefined);
      await sleep(100 + Math.random() * 900, undefined, { signal: leaving.signal }).catch(() => undefined);
    }
  })();

  async function readStream(): Promise<void> {
    const silence = new AbortController();
    const timer = setTimeout(() => silence.abort(), SILENCE_MS);
    const lastEventId = cursor();
    try {
      const response = await fetch(`${nextUrl()}/api/trpc/job.onFeed`, {
        headers: { ...headers, accept: "text/event-stream", ...(lastEventId && { "last-event-id": lastEventId }) },
        signal: AbortSignal.any([leaving.signal, silence.signal]),
      });
      if (!response.ok) throw new Error(`the stream was refused with ${response.status}`);
      let rest = "";
      for await (const text of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
        timer.refresh();
        const messages = (rest + text).split("\n\n");
        rest = messages.pop() ?? "";
        for (const message of messages) if (!leaving.signal.aborted) take(message);
      }
    } finally {
      clearTimeout(timer);
      silence.abort();
    }
  }

  /** A message without an id is no value of the feed: a greeting, a ping, an error. */
  function take(message: string): void {
    const field = (name: string): string | undefined =>
      message
        .split("\n")
        .find((line) => line.startsWith(`${name}: `))
        ?.slice(name.length + 2);
    const [id, data] = [field("id"), field("data")];
    if (id !== undefined && data !== undefined) receive(id, JSON.parse(data) as FeedValue);
  }

  return () => leaving.abort();
};
