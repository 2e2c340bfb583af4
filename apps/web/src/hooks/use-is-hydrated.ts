"use client";

import { useSyncExternalStore } from "react";

/** Whether the page listens yet: what is typed before that into a field whose value React holds is lost, so such fields wait for it. */
export function useIsHydrated(): boolean {
  return useSyncExternalStore(
    () => () => {},
    () => true,
    () => false,
  );
}
