import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "./free-port.ts";

/** What is wrong with a link just now. All at their defaults: nothing. */
export interface Toxics {
  /** `down`: connections are cut and new ones refused. `blackhole`: they stand, and nothing passes until healed. */
  readonly link: "up" | "down" | "blackhole";
  /** Before each piece is passed on, both ways. */
  readonly latencyMs: number;
  /** Up to this much more, evenly distributed. */
  readonly jitterMs: number;
  /** What the link carries in each direction, all its connections together, as on a real line. */
  readonly bytesPerSecond: number;
  /** Pieces are cut into slices of at most this size, each passed on by itself. */
  readonly sliceBytes: number;
  /** Each connection is reset once this many bytes have passed it, in both directions together. */
  readonly cutAfterBytes: number;
  /** One side's end reaches the other this much later. */
  readonly closeDelayMs: number;
}

const healthy: Toxics = {
  link: "up",
  latencyMs: 0,
  jitterMs: 0,
  bytesPerSecond: Number.POSITIVE_INFINITY,
  sliceBytes: Number.POSITIVE_INFINITY,
  cutAfterBytes: Number.POSITIVE_INFINITY,
  closeDelayMs: 0,
};

/** A TCP proxy on 127.0.0.1 whose link to its target can be made bad while it is in use. */
export interface FaultProxy {
  readonly port: number;
  /** Connections that stand now. */
  connections(): number;
  /** Replaces every toxic: what is not given is healthy again. Bytes count from now. */
  set(toxics: Partial<Toxics>): Promise<void>;
  heal(): Promise<void>;
  /** Resets every connection that stands now; new ones are not affected. */
  reset(): void;
  close(): Promise<void>;
}

/** One way through the link. */
interface Direction {
  /** When it will have carried all that was given to it so far, by `performance.now()`. */
  freeAt: number;
}

interface Link {
  readonly ends: readonly Socket[];
  passedBytes: number;
}

/** @param options.port Unset: a free one. Kept while the link is down, so nobody else may take it. */
export async function createFaultProxy(options: { targetPort: number; port?: number }): Promise<FaultProxy> {
  const { targetPort, port = await freePort() } = options;
  const links = new Set<Link>();
  let toxics = healthy;
  let passable = Promise.withResolvers<void>();
  const toTarget: Direction = { freeAt: 0 };
  const toClients: Direction = { freeAt: 0 };
  passable.resolve();
  let server: Server | null = null;

  /** How long the line needs for that much after what is on its way already, in milliseconds. */
  function carry(direction: Direction, bytes: number): number {
    const now = performance.now();
    direction.freeAt = Math.max(direction.freeAt, now) + (bytes / toxics.bytesPerSecond) * 1000;
    return direction.freeAt - now;
  }

  /** One connection's one direction, piece by piece: the next is read when this one has been passed on. */
  async function pump(link: Link, direction: Direction, from: Socket, to: Socket): Promise<void> {
    for await (const piece of from.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      for (let start = 0; start < piece.length; ) {
        await passable.promise;
        const slice = piece.subarray(start, start + Math.min(piece.length, toxics.sliceBytes));
        start += slice.length;
        const waitMs = toxics.latencyMs + Math.random() * toxics.jitterMs + carry(direction, slice.length);
        if (waitMs > 0) await sleep(waitMs);
        // A slice that is written together with the next one would arrive as one piece.
        else if (slice.length < piece.length) await sleep(1);
        await passable.promise;
        link.passedBytes += slice.length;
        if (link.passedBytes > toxics.cutAfterBytes) return cut(link);
        if (!to.writable) return cut(link);
        if (!to.write(slice)) await Promise.race([once(to, "drain"), once(to, "close")]);
      }
    }
    await passable.promise;
    if (toxics.closeDelayMs > 0) await sleep(toxics.closeDelayMs);
    to.end();
  }

  function cut({ ends }: Link): void {
    for (const end of ends) end.resetAndDestroy();
  }

  function accept(client: Socket): void {
    const upstream = connect({ port: targetPort, host: "127.0.0.1", allowHalfOpen: true, noDelay: true });
    client.setNoDelay(true);
    const link: Link = { ends: [client, upstream], passedBytes: 0 };
    links.add(link);
    for (const end of link.ends) {
      // Whatever broke one end breaks the other, as it would without us.
      end.on("error", () => cut(link));
      end.once("close", () => {
        if (link.ends.every((other) => other.destroyed)) links.delete(link);
      });
    }
    pump(link, toTarget, client, upstream).catch(() => cut(link));
    pump(link, toClients, upstream, client).catch(() => cut(link));
  }

  async function listen(): Promise<void> {
    if (server !== null) return;
    server = createServer({ allowHalfOpen: true }, accept);
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
  }

  function stopListening(): void {
    server?.close();
    server = null;
    for (const link of links) cut(link);
  }

  await listen();
  const set: FaultProxy["set"] = async (changes) => {
    toxics = { ...healthy, ...changes };
    toTarget.freeAt = toClients.freeAt = 0;
    for (const link of links) link.passedBytes = 0;
    passable.resolve();
    if (toxics.link === "blackhole") passable = Promise.withResolvers();
    if (toxics.link === "down") stopListening();
    else await listen();
  };

  return {
    port,
    connections: () => links.size,
    set,
    heal: () => set({}),
    reset: () => {
      for (const link of links) cut(link);
    },
    close: async () => {
      passable.resolve();
      stopListening();
      await Promise.all(
        [...links].flatMap(({ ends }) => ends.filter((end) => !end.closed).map((end) => once(end, "close"))),
      );
    },
  };
}
