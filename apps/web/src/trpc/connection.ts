import { createExternalStore, type ExternalStore } from "./external-store.ts";

export interface Connection {
  /** `polling`: no line for events can be had, and the page asks again and again instead. */
  readonly status: "connecting" | "live" | "polling" | "reconnecting" | "offline";
  /** What carries the events; null while nothing does. */
  readonly transport: "ws" | "sse" | null;
  /** When the status began, by this machine's clock (ms). */
  readonly since: number;
  readonly reconnects: number;
}

export type ConnectionStore = ExternalStore<Connection>;

/** What the line and the polls report. */
export interface ConnectionReports {
  opened(transport: "ws" | "sse"): void;
  /** The line is away; called again for each try that fails. Without a network `isOnline` is false. */
  closed(isOnline: boolean): void;
  /** A poll was answered, or not. */
  polled(isAnswered: boolean): void;
}

export function createConnectionStore(now: () => number = Date.now): ConnectionStore & ConnectionReports {
  const store = createExternalStore<Connection>({ status: "connecting", transport: null, since: now(), reconnects: 0 });
  const become = (held: Connection, status: Connection["status"]): Connection =>
    held.status === status ? held : { ...held, status, transport: null, since: now() };
  return {
    ...store,
    opened: (transport) =>
      store.update((held) => {
        if (held.status === "live" && held.transport === transport) return held;
        const isFirst = held.status === "connecting" || held.status === "live";
        return { status: "live", transport, since: now(), reconnects: held.reconnects + (isFirst ? 0 : 1) };
      }),
    // A further try that fails is no news for a page that gets its answers by polling.
    closed: (isOnline) =>
      store.update((held) => {
        if (!isOnline) return become(held, "offline");
        return held.status === "polling" ? held : become(held, "reconnecting");
      }),
    polled: (isAnswered) =>
      store.update((held) => (held.status === "live" ? held : become(held, isAnswered ? "polling" : "reconnecting"))),
  };
}
