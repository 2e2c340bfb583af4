"use client";

import { useEffect, useRef } from "react";
import { hasSingleKeys } from "./single-keys.ts";

/** Does `act` when a letter is pressed alone, unless somebody writes or has switched such keys off. For what is on the screen by itself, as a dialog. */
export function useKey(letter: string, act: () => void): void {
  const latest = useRef(act);
  useEffect(() => {
    latest.current = act;
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== letter || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
      if (event.target instanceof HTMLElement && event.target.matches("input, textarea, select")) return;
      if (hasSingleKeys()) latest.current();
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, [letter]);
}
