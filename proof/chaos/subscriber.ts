import { type Connect, connectSocket, connectStream, type FeedValue } from "./connections.ts";
import { appendLine } from "./journal.ts";
import type { FeedLine, SeenEvent } from "./records.ts";
import type { Visitor } from "./visitor.ts";

const transientTypes: ReadonlySet<string> = new Set(["job.progressed", "job.previewed", "job.positioned"]);
const terminalTypes: ReadonlySet<string> = new Set(["job.succeeded", "job.failed", "job.canceled"]);

const connects = { socket: connectSocket, stream: connectStream } satisfies Record<string, Connect>;

/** One tab's or service's view of its jobs, which resumes from its last value. */
export interface Subscriber {
  readonly ownerId: string;
  /** Durable events so far. */
  seen(): number;
  /** Jobs whose end it has seen. */
  ended(): number;
  /** Ends its connection and, as a reloaded tab that kept its cursor, begins again from there. */
  reload(): void;
  close(): void;
}

/** Writes each durable event it receives to `file`, before anything else. Resolves once it has its first snapshot. */
export async function createSubscriber(
  { ownerId, headers }: Visitor,
  options: { readonly webUrls: readonly string[]; readonly file: string; readonly over: keyof typeof connects },
): Promise<Subscriber> {
  const { webUrls, file } = options;
  let dials = Math.floor(Math.random() * webUrls.length);
  let cursor: string | undefined;
  let seen = 0;
  let ended = 0;
  let isClosed = false;
  const log = (line: FeedLine): void => appendLine(file, line);
  const first = Promise.withResolvers<void>();

  function receive(id: string, { events, jobs, reset }: FeedValue): void {
    if (jobs !== undefined) log({ type: "snapshot", reset: reset === true, jobs: jobs.length });
    for (const event of events as readonly SeenEvent[]) {
      if (transientTypes.has(event.type)) continue;
      log({ type: "event", event });
      seen += 1;
      if (terminalTypes.has(event.type)) ended += 1;
    }
    cursor = id;
    first.resolve();
  }

  const connect = (): (() => void) =>
    connects[options.over]({
      ...{ headers, receive },
      nextUrl: () => {
        dials += 1;
        return webUrls[dials % webUrls.length] ?? "";
      },
      cursor: () => cursor,
    });

  log({ type: "watches", ownerId });
  let leave = connect();
  await first.promise;
  return {
    ownerId,
    seen: () => seen,
    ended: () => ended,
    reload: () => {
      if (isClosed) return;
      leave();
      leave = connect();
    },
    close: () => {
      isClosed = true;
      leave();
    },
  };
}
