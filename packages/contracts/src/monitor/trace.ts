import { timeOfId } from "../ids.ts";

/** The steps between a click and what it made, in their order, over all processes. */
export type StepName = "click" | "submit" | "queue" | "claim" | "dispatch" | "run" | "collect" | "settle" | "delivered";

/** One step of what a request asked for, once it is over. Times in ms since 1970, by the clock of the process that took it. */
export interface Step {
  readonly name: StepName;
  readonly startMs: number;
  readonly endMs: number;
  readonly facts: Readonly<Record<string, string | number | boolean>>;
  /** The code of what it failed with; absent: it did not. */
  readonly error?: string;
}

/** Where steps are noted. All of one request are one trace, `click` is what the others belong to. */
export interface Tracer {
  /** False: nobody collects, and what it takes to note a step can be spared. */
  readonly isOn: boolean;
  step(requestId: string, step: Step): void;
}

/** A tab's clock may be off; an id that is older than this says nothing of a click. */
const LONGEST_CLICK_MS = 60_000;

/**
 * When the request was made: our ids tell it, of a page's the click. `arrivedMs` where the id is somebody else's, or says what
 * cannot be.
 */
export function clickedAt(requestId: string, arrivedMs: number): number {
  const isOurs = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(requestId);
  if (!isOurs) return arrivedMs;
  const clickedMs = timeOfId(requestId).getTime();
  return clickedMs <= arrivedMs && clickedMs > arrivedMs - LONGEST_CLICK_MS ? clickedMs : arrivedMs;
}
