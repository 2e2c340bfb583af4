"use client";

import { useSyncExternalStore } from "react";
import { later } from "./later.tsx";

export interface Toast {
  readonly text: string;
  readonly look?: "plain" | "good" | "bad";
  /** What can be done about it, for as long as the toast is there. */
  readonly action?: { readonly label: string; readonly run: () => void };
  /** How long it stays, in ms; while the pointer is on it, longer. */
  readonly stayMs?: number;
  /** It went by itself or was put away, and its action was not taken. */
  readonly onGone?: () => void;
}

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
