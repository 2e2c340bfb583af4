/** What carries the live events of a page; without either, the page asks again and again. */
export type Transport = "ws" | "sse";

/** Which carrier is tried, and how that goes. */
export interface Ladder {
  readonly transport: Transport;
  /** When it began to stand, in ms; null while it does not. */
  readonly openSince: number | null;
  /** Tries in a row of this carrier that came to nothing. */
  readonly failures: number;
  /** How often the socket was tried again, beside the events, since it was last of use. */
  readonly probes: number;
}

/** A carrier that ended sooner than this was no use: some proxies let a socket open and cut it at its first message. */
const USEFUL_MS = 5000;
/** Tries in a row that one carrier gets before the other one. */
const TRIES = 2;

export const firstLadder = (transport: Transport): Ladder => ({ transport, openSince: null, failures: 0, probes: 0 });

export const opened = (ladder: Ladder, now: number): Ladder => ({ ...ladder, openSince: ladder.openSince ?? now });

/** The carrier ended, or could not begin. The other one is next once this one has failed too often; `only` has no other. */
export function closed(
  { transport, openSince, failures, probes }: Ladder,
  now: number,
  only: Transport | null = null,
): Ladder {
  const wasUseful = openSince !== null && now - openSince >= USEFUL_MS;
  const next = {
    openSince: null,
    failures: wasUseful ? 0 : failures + 1,
    probes: wasUseful && transport === "ws" ? 0 : probes,
  };
  if (next.failures < TRIES || transport === only) return { ...next, transport };
  return { ...next, transport: transport === "ws" ? "sse" : "ws", failures: 0 };
}

/** How long events have to stand in for the socket before it is tried again. */
export const probeAfterMs = ({ probes }: Ladder): number => Math.min(300_000, 5000 * 2 ** probes);

export const probed = (ladder: Ladder): Ladder => ({ ...ladder, probes: ladder.probes + 1 });

/** The socket can be had again. */
export const backToSocket = (ladder: Ladder): Ladder => ({ ...ladder, transport: "ws", openSince: null, failures: 0 });
