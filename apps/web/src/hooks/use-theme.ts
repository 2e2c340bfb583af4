"use client";

import { useSyncExternalStore } from "react";
import { browserStorage, THEME_KEY } from "./browser-storage.ts";

export type Theme = "light" | "dark";

const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  // `public/theme.js` listens too, and did so first.
  const system = matchMedia("(prefers-color-scheme: light)");
  system.addEventListener("change", listener);
  listeners.add(listener);
  return () => {
    system.removeEventListener("change", listener);
    listeners.delete(listener);
  };
}

/** The theme that `public/theme.js` set before the first paint, and a way to change it. Null on the server. */
export function useTheme(): { theme: Theme | null; setTheme(theme: Theme): void } {
  const theme = useSyncExternalStore<Theme | null>(
    subscribe,
    () => (document.documentElement.dataset.theme === "light" ? "light" : "dark"),
    () => null,
  );
  return {
    theme,
    setTheme(next) {
      document.documentElement.dataset.theme = next;
      browserStorage().setItem(THEME_KEY, next);
      for (const listener of listeners) listener();
    },
  };
}
