import type { Page } from "./fixtures.ts";

interface Moving {
  moved?: number;
}

/** From the next navigation on {@link movesOf} tells how much moved. */
export const watchMoves = (page: Page): Promise<unknown> =>
  page.addInitScript(() => {
    (globalThis as Moving).moved = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const { value, hadRecentInput } = entry as PerformanceEntry & { value: number; hadRecentInput: boolean };
        if (!hadRecentInput) (globalThis as Moving).moved = ((globalThis as Moving).moved ?? 0) + value;
      }
    }).observe({ type: "layout-shift", buffered: true });
  });

/** How much of what is seen has moved by itself: 1 is all of it by its whole height. */
export const movesOf = (page: Page): Promise<number> => page.evaluate(() => (globalThis as Moving).moved ?? Number.NaN);
