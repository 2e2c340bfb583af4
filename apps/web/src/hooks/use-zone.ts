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
