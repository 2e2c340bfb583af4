import { type AlertParts, createAlertCheck } from "./check-alerts.ts";
import { noteMinute } from "./minutes.ts";
import { keepRunning, type Tasks } from "./tasks.ts";

const ALERTS_SECONDS = 5;
const MINUTES_MS = 10_000;

/** What looks after the system as a whole, until it is stopped. */
export interface Looked {
  stop(): Promise<void>;
}

/**
 * Looks for alerts and notes the minutes. Web processes and workers alike do, since either kind may be all that is left; one of them
 * does each time.
 */
export function startLooking(parts: AlertParts & { readonly tasks: Tasks }): Looked {
  const check = createAlertCheck(parts);
  const { tasks, log } = parts;
  const loops = [
    // A little less than its turn, or one that looks alone would find every second look too early.
    keepRunning({
      name: "alerts",
      everyMs: ALERTS_SECONDS * 1000,
      work: () => check(ALERTS_SECONDS * 0.9),
      tasks,
      log,
    }),
    keepRunning({ name: "minutes", everyMs: MINUTES_MS, work: () => noteMinute(parts), tasks, log }),
  ];
  return { stop: async () => void (await Promise.all(loops.map((loop) => loop.stop()))) };
}
