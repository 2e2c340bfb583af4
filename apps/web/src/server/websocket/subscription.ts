import { type Context, isTrackedFeed, LiveFeed, type TrackedFeed } from "@darkroom/api";
import type { Principal } from "@darkroom/contracts";
import type { Attachment, Delivery, Sink } from "@darkroom/queue";
import { getTRPCErrorFromUnknown, type TRPCError } from "@trpc/server";
import { type Call, callProcedure, inputOf, refusalOf } from "./calls.ts";
import { frameOf, textFrame } from "./frames.ts";

/** The client's side of one socket. */
export interface SocketLine {
  readonly principal: Principal;
  /** Sends a message of tRPC's protocol. */
  say(message: object): void;
  /** Writes a whole frame; false: the client has too much unread for another. */
  write(frame: Buffer): boolean;
  /** A context for one call. */
  createContext(): Context;
  /** Told why a subscription failed. */
  onFailure(error: TRPCError, path: string): void;
  /** Told of one that goes on from where an earlier connection had ended. */
  onResume(): void;
}

/**
 * One subscription of a socket, in tRPC's protocol. Once it is open, nothing is kept of how it began: the hub pushes to this
 * object, which is all that most sockets have.
 */
export class Subscription implements Sink {
  readonly #line: SocketLine;
  readonly #head: Pick<Call, "id" | "jsonrpc">;
  /** Those of the socket, by id. It leaves them when it ends. */
  readonly #among: Map<unknown, Subscription>;
  /** `{"id":1,`: what is different in the messages of two subscriptions. */
  readonly #beginning: string;
  /** Ends what it waits for; null once the hub pushes. */
  #stopping: AbortController | null = new AbortController();
  #updates: Attachment | null = null;
  #onDelivered: Context["onDelivered"];
  /** Goes on with values that wait for room. */
  #onRoom: (() => void) | null = null;
  #isOver = false;

  constructor(line: SocketLine, { id, jsonrpc }: Call, among: Map<unknown, Subscription>) {
    this.#line = line;
    this.#head = { id, jsonrpc };
    this.#among = among;
    this.#beginning = `${JSON.stringify(this.#head).slice(0, -1)},`;
    among.set(id, this);
  }

  /** Serves it until it ends. Never rejects. */
  async serve(call: Call): Promise<void> {
    const context = this.#line.createContext();
    if (hasCursor(call)) this.#line.onResume();
    let hasBegun = false;
    try {
      const feed = await callProcedure(call, context, this.#stopping?.signal);
      if (!(feed instanceof LiveFeed) && !isTrackedFeed(feed)) throw new Error(`${call.params.path} is no feed`);
      if (this.#isOver) return;
      hasBegun = true;
      this.#tell({ type: "started" });
      if (feed instanceof LiveFeed) await this.#push(feed, context);
      else await this.#pull(feed);
    } catch (cause) {
      if (this.#isOver) return;
      const error = getTRPCErrorFromUnknown(cause);
      this.#line.onFailure(error, call.params.path);
      this.#line.say(refusalOf(error, call, context));
      if (hasBegun) this.end();
      else this.stop();
    }
  }

  /** Ends it without a word. */
  stop(): void {
    this.#isOver = true;
    this.#among.delete(this.#head.id);
    this.#stopping?.abort();
    this.#updates?.close();
    this.#onRoom?.();
  }

  /** Ends it, and tells the client. */
  end(): void {
    if (this.#isOver) return;
    this.stop();
    this.#tell({ type: "stopped" });
  }

  /** The client has room again. */
  resume(): void {
    this.#updates?.pushTo(this);
    this.#onRoom?.();
  }

  deliver(delivery: Delivery): boolean {
    const hasRoom = this.#line.write(frameOf(delivery, this.#beginning, this.#line.principal));
    this.#onDelivered?.(delivery.events);
    return hasRoom;
  }

  #tell(result: object): void {
    this.#line.say({ ...this.#head, result });
  }

  /** Has the hub push what follows, each delivery as one frame. */
  async #push(feed: LiveFeed, { onDelivered }: Context): Promise<void> {
    const { snapshot, updates } = await feed.open();
    if (this.#isOver) return updates.close();
    this.#stopping = null;
    this.#updates = updates;
    this.#onDelivered = onDelivered;
    if (snapshot !== null) this.#tell(dataOf(snapshot.cursor, snapshot.data));
    updates.pushTo(this);
  }

  /** Gives a feed that few listen to, value by value, each when the client has room for it. */
  async #pull(feed: TrackedFeed): Promise<void> {
    for await (const [cursor, data] of feed) {
      if (this.#isOver) return;
      const message = JSON.stringify({ ...this.#head, result: dataOf(cursor, data) });
      if (!this.#line.write(textFrame(message))) await this.#room();
    }
    this.end();
  }

  /** Resolves when the client has room for another value, or wants none. */
  #room(): Promise<void> {
    return new Promise((resolve) => {
      this.#onRoom = resolve;
    });
  }
}

const dataOf = (cursor: string, data: unknown) => ({ type: "data", id: cursor, data: { id: cursor, data } });

function hasCursor(call: Call): boolean {
  const input = inputOf(call);
  return typeof input === "object" && input !== null && "lastEventId" in input && Boolean(input.lastEventId);
}
