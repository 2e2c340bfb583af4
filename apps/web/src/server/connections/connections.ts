import type { Identity } from "@darkroom/auth";
import { newId, type Principal } from "@darkroom/contracts";
import type { ConnectionCountsBy, CountChange, Full } from "@darkroom/queue";
import { createCounts } from "./counts.ts";

/** One open connection, as operators see it. */
export interface Connection {
  readonly connectionId: string;
  readonly principal: Principal;
  /** A WebSocket, or one subscription as server-sent events. */
  readonly transport: "ws" | "sse";
  /** ISO 8601. */
  readonly connectedAt: string;
  /** When its client last sent something; ISO 8601. */
  lastSeenAt: string;
}

/** What we can do to a connection, whatever carries it. */
export interface Line {
  /** Asks the client to reconnect, and gives it nothing more here. */
  sendAway(): void;
  close(code: number, reason: string): void;
}

export interface OpenConnection {
  readonly connection: Connection;
  /** What its owner was known by when it was opened. */
  readonly credential: Identity["credential"];
  readonly line: Line;
  /** Called when it is gone; whoever waits for that sets it. */
  onGone: () => void;
}

/** What happened to connections since the start. */
export interface ConnectionCounts {
  readonly opened: number;
  /** Subscriptions that went on from where an earlier connection had ended. */
  readonly resumed: number;
  /** Close code → how many; 1006 is a connection that broke. */
  readonly closed: ReadonlyMap<number, number>;
  /** HTTP status → attempts to connect that were answered with it. */
  readonly refused: ReadonlyMap<number, number>;
}

/** Connections that one owner may hold, and that the guests of one address may hold together. */
export interface ConnectionLimits {
  readonly perOwner: number;
  readonly perAddress: number;
}

/** A place among the connections, taken before the connection stands. */
export interface Place {
  /** Makes it a connection, which is counted until `remove`. */
  add<Made extends Line>(
    identity: Pick<Identity, "principal" | "credential">,
    transport: Connection["transport"],
    lineOf: (connection: Connection) => Made,
  ): { readonly connection: Connection; readonly line: Made; remove(code: number): void };
  /** Gives the place back, if it did not become a connection. */
  free(): void;
}

/** What the other processes know of this one's connections. */
export interface SharedCounts {
  /**
   * Counts a connection over all processes, if there is room; else what has none. The counts are this process' own, with the new
   * one in them. Null too while nobody can tell: then this process' own limits hold.
   */
  admit(asked: CountChange): Promise<Full>;
  /** Tells what is left of an owner's and an address' connections here. */
  gone(change: CountChange): void;
}

/** Every open connection of this process: who holds how many, and how they ended. */
export interface Connections {
  /** A place for another connection of this caller, or what has no room for it. `address` is a key, never an address itself. */
  admit(principal: Principal, address: string | undefined): Promise<Place | "owner" | "address">;
  /** Notes an attempt that was refused. */
  refused(status: number): void;
  /** Notes a subscription that goes on from where another connection had ended. */
  resumed(): void;
  all(): readonly OpenConnection[];
  counts(): ConnectionCounts;
  /** Open connections by owner, and of guests by address. */
  countsBy(): ConnectionCountsBy;
}

const nobodyWaits = (): void => undefined;

export function createConnections(limits: ConnectionLimits, shared: SharedCounts): Connections {
  const open = new Set<OpenConnection>();
  const byOwner = createCounts();
  /** Guests only: accounts and keys are limited as themselves, however many share an address. */
  const byAddress = createCounts();
  let opened = 0;
  let resumed = 0;
  const closed = new Map<number, number>();
  const refused = new Map<number, number>();

  /** Counts one, until the answer is called. */
  function count(ownerId: string, address: string | undefined): () => void {
    byOwner.add(ownerId);
    if (address !== undefined) byAddress.add(address);
    let isCounted = true;
    return () => {
      if (!isCounted) return;
      isCounted = false;
      byOwner.remove(ownerId);
      if (address !== undefined) byAddress.remove(address);
      shared.gone({
        owner: { id: ownerId, count: byOwner.of(ownerId), limit: null },
        address: address === undefined ? null : { key: address, count: byAddress.of(address), limit: null },
      });
    };
  }

  function placeOf(uncount: () => void): Place {
    let isTaken = false;
    return {
      free: () => {
        if (!isTaken) uncount();
      },
      add({ principal, credential }, transport, lineOf) {
        isTaken = true;
        const now = new Date().toISOString();
        const connection: Connection = {
          connectionId: newId(),
          principal,
          transport,
          connectedAt: now,
          lastSeenAt: now,
        };
        const line = lineOf(connection);
        const entry: OpenConnection = { connection, credential, line, onGone: nobodyWaits };
        open.add(entry);
        opened += 1;
        return {
          connection,
          line,
          remove(code) {
            if (!open.delete(entry)) return;
            closed.set(code, (closed.get(code) ?? 0) + 1);
            uncount();
            entry.onGone();
          },
        };
      },
    };
  }

  return {
    async admit(principal, given) {
      const { ownerId } = principal;
      const address = principal.kind === "guest" ? given : undefined;
      // Counted before anybody is asked, so that two attempts at once see each other.
      const uncount = count(ownerId, address);
      const owner = { id: ownerId, count: byOwner.of(ownerId), limit: limits.perOwner };
      const ofAddress =
        address === undefined ? null : { key: address, count: byAddress.of(address), limit: limits.perAddress };
      const full =
        owner.count > owner.limit
          ? "owner"
          : ofAddress !== null && ofAddress.count > ofAddress.limit
            ? "address"
            : await shared.admit({ owner, address: ofAddress });
      if (full === null) return placeOf(uncount);
      // Told too: an attempt that was counted beside this one has told a number with this one in it.
      uncount();
      return full;
    },

    refused: (status) => void refused.set(status, (refused.get(status) ?? 0) + 1),
    resumed: () => {
      resumed += 1;
    },
    all: () => [...open],
    counts: () => ({ opened, resumed, closed, refused }),
    countsBy: () => ({ owners: byOwner.all(), addresses: byAddress.all() }),
  };
}
