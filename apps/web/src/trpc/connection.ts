import { createExternalStore, type ExternalStore } from "./external-store.ts";

export interface Connection {
  readonly status: "connecting" | "live" | "reconnecting";
  /** When the status began, by this machine's clock (ms). */
  readonly since: number;
  readonly reconnects: number;
}

export type ConnectionStore = ExternalStore<Connection>;

export function createConnectionStore(
  now: () => number = Date.now,
): ConnectionStore & { opened(): void; closed(): void } {
  const store = createExternalStore<Connection>({ status: "connecting", since: now(), reconnects: 0 });
  return {
    ...store,
    opened: () =>
      store.update((held) => ({
        status: "live",
        since: now(),
        reconnects: held.reconnects + (held.status === "reconnecting" ? 1 : 0),
      })),
    closed: () =>
      store.update((held) =>
        held.status === "reconnecting" ? held : { ...held, status: "reconnecting", since: now() },
      ),
  };
}
