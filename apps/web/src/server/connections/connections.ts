import type { Identity } from "@darkroom/auth";
import { newId, type Principal } from "@darkroom/contracts";
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
  /** Resolves when it is gone. */
  readonly closed: Promise<void>;
}

/** What happened to connections since the start. */
export interface ConnectionCounts {
  readonly opened: number;
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

/** Every open connection of this process: who holds how many, and how they ended. */
export interface Connections {
  /** What has no room for another connection of this caller; null if there is room. */
  fullFor(principal: Principal, address: string | undefined): "owner" | "address" | null;
  /** Counts a connection from now until `remove`. */
  add(
    identity: Pick<Identity, "principal" | "credential">,
    address: string | undefined,
    transport: Connection["transport"],
    line: Line,
  ): { readonly connection: Connection; remove(code: number): void };
  /** Notes an attempt that was refused. */
  refused(status: number): void;
  all(): readonly OpenConnection[];
  counts(): ConnectionCounts;
}

export function createConnections(limits: ConnectionLimits): Connections {
  const open = new Set<OpenConnection>();
  const byOwner = createCounts();
  /** Guests only: accounts and keys are limited as themselves, however many share an address. */
  const byAddress = createCounts();
  let opened = 0;
  const closed = new Map<number, number>();
  const refused = new Map<number, number>();
  const addressOf = (principal: Principal, address: string | undefined) =>
    principal.kind === "guest" ? address : undefined;

  return {
    fullFor(principal, address) {
      if (byOwner.of(principal.ownerId) >= limits.perOwner) return "owner";
      const counted = addressOf(principal, address);
      return counted !== undefined && byAddress.of(counted) >= limits.perAddress ? "address" : null;
    },

    add({ principal, credential }, address, transport, line) {
      const now = new Date().toISOString();
      const connection: Connection = {
        connectionId: newId(),
        principal,
        transport,
        connectedAt: now,
        lastSeenAt: now,
      };
      const gone = Promise.withResolvers<void>();
      const entry: OpenConnection = { connection, credential, line, closed: gone.promise };
      const counted = addressOf(principal, address);
      open.add(entry);
      opened += 1;
      byOwner.add(principal.ownerId);
      if (counted !== undefined) byAddress.add(counted);
      return {
        connection,
        remove(code) {
          if (!open.delete(entry)) return;
          closed.set(code, (closed.get(code) ?? 0) + 1);
          byOwner.remove(principal.ownerId);
          if (counted !== undefined) byAddress.remove(counted);
          gone.resolve();
        },
      };
    },

    refused: (status) => void refused.set(status, (refused.get(status) ?? 0) + 1),
    all: () => [...open],
    counts: () => ({ opened, closed, refused }),
  };
}
