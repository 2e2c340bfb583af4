import { setTimeout as sleep } from "node:timers/promises";
import type { VirtualClock } from "../site/clock.ts";
import { flush, type Line } from "./transcript.ts";

/** Lets the simulator's time pass, as little of it as possible. */
export interface Pacing {
  /**
   * Steps the clock until the condition holds. Every socket is flushed before it is asked.
   *
   * @throws after 15 s in which nobody waited on the clock, with what `describe` says was awaited
   */
  until(condition: () => boolean, describe: () => string): Promise<void>;
  /** Steps the clock until at most so many prompts are left. Null: at once. */
  untilRemaining(count: number | null): Promise<void>;
  /** Flushes every socket and lets time pass once; `idle` if nothing can change any more. */
  step(): Promise<"stepped" | "busy" | "idle">;
}

/** How long the simulator may be busy without its clock being asked for time. */
export const patienceMs = 15_000;
/** A question of the recording may have come so many waits of a node later. */
export const patienceSteps = 400;

export function createPacing(url: string, clock: VirtualClock, lines: ReadonlyMap<string, Line>): Pacing {
  const flushAll = (): Promise<unknown> => Promise.all([...lines.values()].map(flush));

  async function remaining(): Promise<number> {
    const info = (await (await fetch(`${url}/prompt`)).json()) as { exec_info: { queue_remaining: number } };
    return info.exec_info.queue_remaining;
  }

  return {
    async until(condition, describe) {
      for (let idleSince = performance.now(); ; ) {
        await flushAll();
        if (condition()) return;
        if (clock.step()) idleSince = performance.now();
        else if (performance.now() - idleSince > patienceMs) throw new Error(`never happened: ${describe()}`);
        else await sleep(2);
      }
    },
    async untilRemaining(count) {
      for (let step = 0; count !== null && step < patienceSteps; step += 1) {
        if ((await remaining()) <= count) return;
        if (!clock.step()) await sleep(2);
      }
    },
    async step() {
      await flushAll();
      if (clock.step()) return "stepped";
      if ((await remaining()) === 0) return "idle";
      await sleep(2);
      return "busy";
    },
  };
}
