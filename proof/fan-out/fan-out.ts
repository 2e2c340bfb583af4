import { closeSync, openSync } from "node:fs";
import { devNull } from "node:os";
import { percentile } from "../../scripts/bench/percentile.ts";
import type { Server } from "./contenders.ts";
import { rehearse } from "./crowd.ts";
import { openStand, type Round, type Stand } from "./stand.ts";

export interface FanOutOptions {
  readonly sockets: number;
  /** The sockets are shared evenly by so many feeds. */
  readonly feeds: number;
  /** Durable events a second of each feed. */
  readonly perSecond: number;
  /** How long a round publishes. */
  readonly seconds: number;
  readonly rounds: number;
}

/** What one server showed, as medians of the rounds. */
export interface Figures extends Round {
  readonly name: string;
  /** Bytes of heap for each socket that is subscribed and idle. */
  readonly heap: number;
  /** Milliseconds until an event's last client has it, for each client. */
  readonly perClient: number;
  /** Milliseconds in which 95 % of the sockets were accepted, a hundred dialing at a time. */
  readonly connect: number;
  /** The same of the first hundred after the server's start. */
  readonly connectFirst: number;
}

/**
 * Has each server give the same events to as many sockets, in turn, so that what troubles the machine troubles all. One
 * round before them does not count. Ours comes first. @throws Error if a delivery is missing, repeated or out of order
 */
export async function runFanOut(
  open: readonly (() => Promise<Server>)[],
  { sockets, feeds, perSecond, seconds, rounds }: FanOutOptions,
): Promise<readonly Figures[]> {
  makeRoomFor(sockets * open.length);
  await rehearse();
  const stands: Stand[] = [];
  const played: Round[][] = open.map(() => []);
  try {
    for (const next of open)
      stands.push(await openStand(await next(), { sockets, feeds, perSecond: perSecond * feeds }));
    for (let round = 0; round <= rounds; round += 1) {
      for (const [index, stand] of stands.entries()) {
        const figures = await stand.play(perSecond * feeds * seconds);
        if (round > 0) played[index]?.push(figures);
      }
    }
    return stands.map(({ server, heapPerSocket, connectMs }, index) => {
      const median = (of: (round: Round) => number): number => percentile((played[index] ?? []).map(of), 0.5);
      return {
        name: server.name,
        p50: median(({ p50 }) => p50),
        p99: median(({ p99 }) => p99),
        last: median(({ last }) => last),
        cpu: median(({ cpu }) => cpu),
        heap: heapPerSocket,
        connect: percentile(connectMs, 0.95),
        // A wave is told before the next one dials.
        connectFirst: percentile(connectMs.slice(0, 100), 0.95),
        perClient: (median(({ last }) => last) * feeds) / sockets,
      };
    });
  } finally {
    for (const stand of stands) await stand.close();
  }
}

/**
 * Has the kernel make this process' table of open files as large as it will be. The clients would wait while it is doubled, and those
 * of the first server more often than the others'.
 */
function makeRoomFor(files: number): void {
  const opened = Array.from({ length: files }, () => openSync(devNull, "r"));
  for (const one of opened) closeSync(one);
}

const rows = [
  ["delivery p50, ms", ({ p50 }: Figures) => p50, 1],
  ["delivery p99, ms", ({ p99 }: Figures) => p99, 1],
  ["an event's last client, ms", ({ last }: Figures) => last, 1],
  ["the same for each of its clients, ms", ({ perClient }: Figures) => perClient, 3],
  ["server CPU per 10,000 deliveries, s", ({ cpu }: Figures) => cpu, 3],
  ["heap per idle subscribed socket, KiB", ({ heap }: Figures) => heap / 1024, 1],
  ["accepted, p95, ms, 100 dialing at once", ({ connect }: Figures) => connect, 0],
  ["the same, the first 100 after a start", ({ connectFirst }: Figures) => connectFirst, 0],
] as const;

/** The figures as a Markdown table, with the ratios ours ÷ theirs. */
export function tableOf(figures: readonly Figures[]): string {
  const [ours, ...peers] = figures;
  if (ours === undefined) return "";
  const head = ["what", ours.name, ...peers.flatMap(({ name }) => [name, `÷ ${name}`])];
  const lines = rows.map(([what, of, digits]) => [
    what,
    of(ours).toFixed(digits),
    ...peers.flatMap((peer) => [of(peer).toFixed(digits), (of(ours) / of(peer)).toFixed(2)]),
  ]);
  return [head, head.map(() => "---"), ...lines].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
