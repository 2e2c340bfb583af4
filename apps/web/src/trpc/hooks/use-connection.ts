"use client";

import { useSyncExternalStore } from "react";
import type { Connection } from "../connection.ts";
import { useServices } from "../provider.tsx";

const initial: Connection = { status: "connecting", transport: null, since: 0, reconnects: 0 };

/** The address of the server's sockets; null where they are switched off. */
export const useSocketPath = (): string | null => useServices().socketPath;

/** How this tab learns what happens. */
export function useConnection(): Connection {
  const { connection } = useServices();
  return useSyncExternalStore(connection.subscribe, connection.get, () => initial);
}
