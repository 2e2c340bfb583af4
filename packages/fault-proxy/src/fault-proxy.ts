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
  /** Connections that stand now carry nothing any more, also once healed, as after a failover behind the same address. */
  strand(): void;
  /** Resets every connection that stands now; new ones are not affected. */
  reset(): void;
  close(): Promise<void>;
}

/** One way through the link. */
interface Direction {
  /** When it will have carried all that was given to it so far, by `performance.now()`. */
  freeAt: number;
}

/** What all connections go through. */
interface Line {
  toxics: Toxics;
  /** Pending while nothing may pass. */
  passable: PromiseWithResolvers<void>;
  readonly toTarget: Direction;
  readonly toClients: Direction;
}

/** A client's connection and ours to the target. */
interface Link {
  readonly ends: readonly Socket[];
  passedBytes: number;
  isStranded: boolean;
}

/** @param options.port Unset: a free one. Kept while the link is down, so nobody else may take it. */
export async function createFaultProxy(options: { targetPort: number; port?: number }): Promise<FaultProxy> {
  const { targetPort, port = await freePort() } = options;
  const links = new Set<Link>();
  const line: Line = {
    toxics: healthy,
    passable: Promise.withResolvers(),
    toTarget: { freeAt: 0 },
    toClients: { freeAt: 0 },
  };
  line.passable.resolve();
  let server: Server | null = null;

  function accept(client: Socket): void {
    const upstream = connect({ port: targetPort, host: "127.0.0.1", allowHalfOpen: true, noDelay: true });
    client.setNoDelay(true);
    const link: Link = { ends: [client, upstream], passedBytes: 0, isStranded: false };
    links.add(link);
    for (const end of link.ends) {
      // Whatever broke one end breaks the other, as it would without us.
      end.on("error", () => cut(link));
      end.once("close", () => {
        if (link.ends.every((other) => other.destroyed)) links.delete(link);
      });
    }
    pump(line, link, line.toTarget, client, upstream).catch(() => cut(link));
    pump(line, link, line.toClients, upstream, client).catch(() => cut(link));
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
    line.toxics = { ...healthy, ...changes };
    line.toTarget.freeAt = line.toClients.freeAt = 0;
    for (const link of links) link.passedBytes = 0;
    line.passable.resolve();
    if (line.toxics.link === "blackhole") line.passable = Promise.withResolvers();
    if (line.toxics.link === "down") stopListening();
    else await listen();
  };

  return {
    port,
    connections: () => links.size,
    set,
    heal: () => set({}),
    strand: () => {
      for (const link of links) link.isStranded = true;
    },
    reset: () => {
      for (const link of links) cut(link);
    },
    close: async () => {
      line.passable.resolve();
      stopListening();
      await Promise.all(
        [...links].flatMap(({ ends }) => ends.filter((end) => !end.closed).map((end) => once(end, "close"))),
      );
    },
  };
}

/** One connection's one direction, piece by piece: the next is read when this one has been passed on. */
async function pump(line: Line, link: Link, direction: Direction, from: Socket, to: Socket): Promise<void> {
  for await (const piece of from.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    for (let start = 0; start < piece.length; ) {
      await line.passable.promise;
      const { toxics } = line;
      const slice = piece.subarray(start, start + Math.min(piece.length, toxics.sliceBytes));
      start += slice.length;
      const waitMs = toxics.latencyMs + Math.random() * toxics.jitterMs + carry(line, direction, slice.length);
      if (waitMs > 0) await sleep(waitMs);
      // A slice that is written together with the next one would arrive as one piece.
      else if (slice.length < piece.length) await sleep(1);
      await line.passable.promise;
      if (link.isStranded) return;
      link.passedBytes += slice.length;
      if (link.passedBytes > line.toxics.cutAfterBytes) return cut(link);
      if (!to.writable) return cut(link);
      if (!to.write(slice)) await Promise.race([once(to, "drain"), once(to, "close")]);
    }
  }
  await line.passable.promise;
  if (link.isStranded) return;
  if (line.toxics.closeDelayMs > 0) await sleep(line.toxics.closeDelayMs);
  to.end();
}

/** How long the line needs for that much after what is on its way already, in milliseconds. */
function carry({ toxics }: Line, direction: Direction, bytes: number): number {
  const now = performance.now();
  direction.freeAt = Math.max(direction.freeAt, now) + (bytes / toxics.bytesPerSecond) * 1000;
  return direction.freeAt - now;
}

function cut({ ends }: Link): void {
  for (const end of ends) end.resetAndDestroy();
}
