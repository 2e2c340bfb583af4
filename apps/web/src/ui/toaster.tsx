"use client";

import { useSyncExternalStore } from "react";
import { later } from "./later.tsx";
import type { Toast } from "./toasts.tsx";

const Toasts = later(() => import("./toasts.tsx").then((module) => module.Toasts));

let isWanted = false;
const listeners = new Set<() => void>();
let mounted: () => void = () => {};
const isMounted = new Promise<void>((resolve) => {
  mounted = resolve;
});

/** Shows one sentence in a corner, for a while. The first one loads what shows them. */
export async function showToast(toast: Toast): Promise<void> {
  isWanted = true;
  for (const listener of listeners) listener();
  const { show } = await import("./toasts.tsx");
  await isMounted;
  show(toast);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Where toasts appear. One for all pages; it loads nothing until there is something to say. */
export function Toaster() {
  const isShown = useSyncExternalStore(
    subscribe,
    () => isWanted,
    () => false,
  );
  return isShown && <Toasts onMounted={mounted} />;
}
