import { setTimeout as sleep } from "node:timers/promises";
import type { DurableEvent } from "@darkroom/contracts";
import { percentile } from "../../scripts/bench/percentile.ts";
import type { Server } from "./contenders.ts";
import { openCrowd } from "./crowd.ts";

/** What one server showed in one round. */
export interface Round {
  readonly p50: number;
  readonly p99: number;
  /** Milliseconds until an event's last client has it; the median of the events. */
  readonly last: number;
  /** Seconds of processor time per 10,000 deliveries. */
  readonly cpu: number;
}

/** One server with its sockets open. */
export interface Stand {
  readonly server: Server;
  readonly heapPerSocket: number;
  readonly connectMs: readonly number[];
  /** Publishes events at a steady pace, whether or not the last ones have arrived. @throws if one is lost, repeated or out of order. */
  play(events: number): Promise<Round>;
  close(): Promise<void>;
}

/** 298 bytes of JSON. */
const eventOf = (number: number): DurableEvent => ({
  type: "job.started",
  jobId: "0190a000-0000-7000-8000-000000000000",
  version: number,
  attempt: 1,
  at: "2026-11-21T12:00:00.000Z",
  backend: "b".repeat(298 - 148 - String(number).length),
});

export async function openStand(
  server: Server,
  { sockets, feeds, perSecond }: { readonly sockets: number; readonly feeds: number; readonly perSecond: number },
): Promise<Stand> {
  let events = 0;
  let sentAt: number[] = [];
  let first = 1;
  let latencies: number[] = [];
  let lasts: number[] = [];
  let left = 0;
  let finished = Promise.withResolvers<void>();
  /** Of each client: the number of the next event of its feed. */
  let awaited: number[] = [];
  const onEvent = (client: number, number: number): void => {
    if (number !== awaited[client])
      finished.reject(new Error(`${server.name}: event ${number}, not ${awaited[client]}`));
    awaited[client] = number + feeds;
    const latency = performance.now() - (sentAt[number - first] ?? Number.NaN);
    latencies.push(latency);
    lasts[number - first] = latency;
    left -= 1;
    if (left === 0) finished.resolve();
  };
  // From the second part of the sockets on: with the first, a process also compiles and keeps what it needs only once.
  const early = await openCrowd(server.port, server.dialect, { from: 0, to: sockets / 2, feeds, onEvent });
  const half = await server.heap();
  const late = await openCrowd(server.port, server.dialect, { from: sockets / 2, to: sockets, feeds, onEvent });
  const heapPerSocket = ((await server.heap()) - half) / (sockets / 2);

  return {
    server,
    heapPerSocket,
    connectMs: [...early.connectMs, ...late.connectMs],
    async play(count) {
      first = events + 1;
      [sentAt, latencies, lasts] = [[], [], []];
      finished = Promise.withResolvers();
      left = (count * sockets) / feeds;
      awaited = Array.from(
        { length: sockets },
        (_, client) => first + (((client % feeds) - ((first - 1) % feeds) + feeds) % feeds),
      );
      const before = await server.cpuSeconds();
      const startedAt = performance.now();
      for (let index = 0; index < count; index += 1) {
        const wait = startedAt + (index * 1000) / perSecond - performance.now();
        if (wait > 0) await sleep(wait);
        const feed = events % feeds;
        const seq = Math.floor(events / feeds) + 1;
        events += 1;
        sentAt.push(performance.now());
        server.publish(feed, seq, eventOf(events));
      }
      const lost = setTimeout(
        () => finished.reject(new Error(`${server.name}: ${left} deliveries are missing`)),
        20_000,
      );
      await finished.promise.finally(() => clearTimeout(lost));
      const cpu = (((await server.cpuSeconds()) - before) * 10_000) / latencies.length;
      return { p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99), last: percentile(lasts, 0.5), cpu };
    },
    async close() {
      for (const crowd of [early, late]) crowd.close();
      await server.close();
    },
  };
}
