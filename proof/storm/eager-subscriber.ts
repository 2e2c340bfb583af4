import { isDurable, type JobEvent } from "@darkroom/contracts";
import { decodeCursor } from "@darkroom/queue";
import { openSocket } from "../../apps/web/src/server/testing/gateway.ts";
import { nameOf, type Subscriber } from "./subscriber.ts";

/** A subscriber that comes back at once, with its cursor, however its connection ended. */
export interface EagerSubscriber extends Subscriber {
  /** Connections that ended or did not come about. */
  cuts(): number;
}

interface Message {
  readonly result?: {
    readonly type: string;
    readonly data?: {
      readonly id: string;
      readonly data: { readonly events: readonly JobEvent[]; readonly reset?: boolean };
    };
  };
}

/** @param url asked before each connection */
export function subscribeEagerly(url: () => string, caller: { ownerId: string; key: string }): EagerSubscriber {
  const log: string[] = [];
  let cursor: string | undefined;
  let firstSeq: number | null = null;
  let lastSeq = 0;
  let subscribedAt = Number.NEGATIVE_INFINITY;
  let resets = 0;
  let cuts = 0;
  let isClosed = false;
  let drop: () => void = () => undefined;

  function take({ result }: Message): void {
    if (result?.type === "started") subscribedAt = performance.now();
    if (result?.data === undefined) return;
    const { id, data } = result.data;
    cursor = id;
    lastSeq = decodeCursor(id)?.[caller.ownerId] ?? lastSeq;
    firstSeq ??= lastSeq;
    if (data.reset === true) resets += 1;
    for (const event of data.events) if (isDurable(event)) log.push(nameOf(event));
  }

  async function connectOnce(): Promise<void> {
    const socket = await openSocket(url(), { authorization: `Bearer ${caller.key}` });
    drop = socket.close;
    if (isClosed) socket.close();
    socket.socket.on("message", (text) => {
      if (String(text).startsWith("{")) take(JSON.parse(String(text)) as Message);
    });
    socket.send({ id: 1, method: "subscription", params: { path: "job.onFeed", lastEventId: cursor } });
    await socket.closed;
  }
  const running = (async () => {
    while (!isClosed) {
      await connectOnce().catch(() => undefined);
      cuts += 1;
    }
  })();

  return {
    ownerId: caller.ownerId,
    firstSeq: () => firstSeq,
    lastSeq: () => lastSeq,
    log,
    subscribedAt: () => subscribedAt,
    state: () => "connecting again and again",
    resets: () => resets,
    cuts: () => cuts,
    close: () => {
      isClosed = true;
      drop();
      return running;
    },
  };
}
