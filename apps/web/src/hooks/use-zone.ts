"use client";

import { useSyncExternalStore } from "react";

/** The visitor's time zone, as `Intl` takes it; UTC until the page is hydrated, because the server does not know it. */
export function useZone(): string | undefined {
  return useSyncExternalStore(
    () => () => {},
    () => undefined,
    () => "UTC",
  );
}

/** Whether the page listens yet: what is typed before that into a field of React's is lost, so fields wait for it. */
export function useIsHydrated(): boolean {
  return useSyncExternalStore(
    () => () => {},
    () => true,
    () => false,
  );
}
