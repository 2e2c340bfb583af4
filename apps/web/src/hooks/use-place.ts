"use client";

import { useEffect, useLayoutEffect, useRef } from "react";

/** The window has come to rest once it has not moved for so long, in ms. */
const REST_MS = 120;

/**
 * Brings the window back to where it was when somebody comes back to this entry of the browser's history. Browsers do so
 * themselves, but only for as much of the page as is there at that moment, and a virtual list is not.
 *
 * @param isReady Whether the page is as long as it was.
 */
export function usePlace(isReady: boolean): void {
  const isRestored = useRef(false);
  useLayoutEffect(() => {
    if (!isReady || isRestored.current) return;
    isRestored.current = true;
    const { place } = (history.state ?? {}) as { place?: number };
    if (place !== undefined && place > 0) window.scrollTo({ top: place, behavior: "instant" });
  }, [isReady]);

  useEffect(() => {
    let rest: ReturnType<typeof setTimeout> | undefined;
    const keep = (): void => history.replaceState({ ...history.state, place: window.scrollY }, "");
    const onScroll = (): void => {
      clearTimeout(rest);
      rest = setTimeout(keep, REST_MS);
    };
    window.addEventListener("scroll", onScroll, { passive: true });
    return () => {
      clearTimeout(rest);
      window.removeEventListener("scroll", onScroll);
    };
  }, []);
}
