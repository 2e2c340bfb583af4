import { appRouter, type Context, isTrackedFeed, LiveFeed, type TrackedFeed } from "@darkroom/api";
import type { Attachment, Delivery } from "@darkroom/queue";
import { callTRPCProcedure, getTRPCErrorFromUnknown, getTRPCErrorShape, type TRPCError } from "@trpc/server";
import { MAX_SUBSCRIPTIONS } from "./call-limits.ts";
import { frameOf, textFrame } from "./frames.ts";

/** The client's side of one socket. */
export interface SocketLine {
  /** Sends a message of tRPC's protocol. */
  say(message: object): void;
  /** Writes a whole frame; false: the client has too much unread for another. */
  write(frame: Buffer): boolean;
}

/** The subscriptions of one socket, served in tRPC's protocol beside tRPC's adapter, which serves everything else. */
export interface Subscriptions {
  /** Begins or ends a subscription if the message says so. Null: it is not about one; else why the socket must be closed. */
  take(message: unknown): { readonly refusal: string | null } | null;
  /** The client has read what it had: those that waited go on. */
  resume(): void;
  /** Ends them all, without a word; what is asked for afterwards is not heard. */
  close(): void;
}

/** Whom a socket's subscriptions tell what becomes of them. */
export interface SubscriptionListener {
  onError(error: TRPCError, path: string): void;
  /** One goes on from where an earlier connection had ended. */
  onResume(): void;
}

interface Subscription {
  readonly stop: AbortController;
  /** Goes on with a subscription that waits for room. */
  resume: () => void;
}

interface Call {
  readonly id: number | string;
  readonly jsonrpc?: "2.0";
  readonly params: { readonly path: string; readonly input?: unknown; readonly lastEventId?: string };
}

export function createSubscriptions(
  line: SocketLine,
  context: Context,
  { onError, onResume }: SubscriptionListener,
): Subscriptions {
  const open = new Map<unknown, Subscription>();
  let isClosed = false;

  function begin(call: Call): string | null {
    // Both would be answered under the one id, and only one of them could be stopped.
    if (open.has(call.id)) return "a subscription with the id of another";
    if (open.size >= MAX_SUBSCRIPTIONS) return `more than ${MAX_SUBSCRIPTIONS} subscriptions`;
    const one: Subscription = { stop: new AbortController(), resume: () => undefined };
    open.set(call.id, one);
    void serve(call, one);
    return null;
  }

  async function serve({ id, jsonrpc, params }: Call, one: Subscription): Promise<void> {
    const end = () => {
      if (open.get(id) !== one) return;
      open.delete(id);
      line.say({ ...head, result: { type: "stopped" } });
    };
    const { path } = params;
    const { signal } = one.stop;
    const head = { id, jsonrpc };
    const input = inputOf(params);
    if (hasCursor(input)) onResume();
    let hasBegun = false;
    try {
      const getRawInput = async () => input;
      const call = {
        router: appRouter,
        path,
        getRawInput,
        ctx: context,
        type: "subscription",
        signal,
        batchIndex: 0,
      } as const;
      const feed: unknown = await callTRPCProcedure(call);
      if (!(feed instanceof LiveFeed) && !isTrackedFeed(feed)) throw new Error(`${path} is no feed`);
      if (signal.aborted) return;
      hasBegun = true;
      line.say({ ...head, result: { type: "started" } });
      if (!(feed instanceof LiveFeed)) {
        await pull(feed, line, head, one);
        return end();
      }
      const { snapshot, updates } = await feed.open();
      if (signal.aborted) return updates.close();
      if (snapshot !== null) line.say({ ...head, result: dataOf(snapshot.cursor, snapshot.data) });
      push(updates, { line, context, head, one, end });
    } catch (cause) {
      if (signal.aborted) return;
      open.delete(id);
      const error = getTRPCErrorFromUnknown(cause);
      onError(error, path);
      const config = appRouter._def._config;
      const facts = { config, error, type: "subscription", path, input, ctx: context } as const;
      line.say({ ...head, error: getTRPCErrorShape(facts) });
      if (hasBegun) line.say({ ...head, result: { type: "stopped" } });
    }
  }

  return {
    take(message) {
      if (isStop(message)) {
        const { id } = message;
        const one = open.get(id);
        if (one === undefined) return { refusal: null };
        open.delete(id);
        one.stop.abort();
        line.say({ id, result: { type: "stopped" } });
        return { refusal: null };
      }
      if (!isCall(message)) return null;
      return { refusal: isClosed ? null : begin(message) };
    },
    resume() {
      for (const { resume } of open.values()) resume();
    },
    close() {
      isClosed = true;
      const all = [...open.values()];
      open.clear();
      for (const { stop } of all) stop.abort();
    },
  };
}

/** Has the hub push what follows, each delivery as one frame. */
function push(
  updates: Attachment,
  {
    line,
    context: { principal, onDelivered },
    head,
    one,
    end,
  }: {
    readonly line: SocketLine;
    readonly context: Context;
    readonly head: object;
    readonly one: Subscription;
    readonly end: () => void;
  },
): void {
  // `{"id":1,`: what is different in the messages of two subscriptions.
  const beginning = `${JSON.stringify(head).slice(0, -1)},`;
  const sink = {
    deliver: (delivery: Delivery) => {
      const hasRoom = line.write(frameOf(delivery, beginning, principal));
      onDelivered?.(delivery.events);
      return hasRoom;
    },
    end,
  };
  one.resume = () => updates.pushTo(sink);
  one.resume();
}

const dataOf = (cursor: string, data: unknown) => ({ type: "data", id: cursor, data: { id: cursor, data } });

/** Gives a feed that few listen to, value by value, each when the client has room for it. */
async function pull(feed: TrackedFeed, line: SocketLine, head: object, one: Subscription): Promise<void> {
  const { signal } = one.stop;
  for await (const [cursor, data] of feed) {
    if (signal.aborted) return;
    if (line.write(textFrame(JSON.stringify({ ...head, result: dataOf(cursor, data) })))) continue;
    await new Promise<void>((resolve) => {
      one.resume = resolve;
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
  }
}

/** What the adapter makes of a call: the cursor that a tRPC client comes back with is part of the input. */
function inputOf({ input, lastEventId }: Call["params"]): unknown {
  if (lastEventId === undefined) return input;
  return typeof input === "object" && input !== null ? { ...input, lastEventId } : (input ?? { lastEventId });
}

function hasCursor(input: unknown): boolean {
  return typeof input === "object" && input !== null && "lastEventId" in input && Boolean(input.lastEventId);
}

function isStop(message: unknown): message is { readonly id: unknown } {
  return (
    typeof message === "object" && message !== null && "method" in message && message.method === "subscription.stop"
  );
}

/** True for a whole call of a subscription. One that is not whole is left to the adapter, which says what is wrong with it. */
function isCall(message: unknown): message is Call {
  if (typeof message !== "object" || message === null) return false;
  const { id, jsonrpc, method, params } = message as Partial<Record<"id" | "jsonrpc" | "method" | "params", unknown>>;
  if (method !== "subscription" || (jsonrpc !== undefined && jsonrpc !== "2.0")) return false;
  if (typeof id !== "string" && !Number.isFinite(id)) return false;
  const { path, lastEventId } = (params ?? {}) as Partial<Record<keyof Call["params"], unknown>>;
  return typeof path === "string" && (lastEventId === undefined || typeof lastEventId === "string");
}
