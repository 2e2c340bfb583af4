import type { InputValues, JobState } from "@darkroom/contracts";
import { newestTries } from "./batch-grid.ts";

/** How many pictures of a batch stand where. */
export interface BatchSummary {
  readonly total: number;
  readonly done: number;
  readonly failed: number;
  readonly canceled: number;
  readonly running: number;
  readonly waiting: number;
  readonly unsent: number;
}

/** Counts pictures, not tries: of a picture that was tried again only the newest try. */
export function summaryOf(
  jobs: readonly { readonly state: JobState; readonly inputs: InputValues }[],
  unsent: readonly InputValues[],
): BatchSummary {
  const places = newestTries([...jobs, ...unsent.map((inputs) => ({ state: null, inputs }))]);
  const count = (...states: (JobState | null)[]): number => places.filter(({ state }) => states.includes(state)).length;
  return {
    total: places.length,
    done: count("succeeded"),
    failed: count("failed"),
    canceled: count("canceled"),
    running: count("running", "canceling"),
    waiting: count("queued"),
    unsent: count(null),
  };
}

/** In words: `12 pictures: 3 done, 1 running, 8 waiting`. */
export function summaryText({ total, unsent, ...by }: BatchSummary): string {
  const parts = (["done", "running", "waiting", "failed", "canceled"] as const)
    .filter((state) => by[state] > 0)
    .map((state) => `${by[state]} ${state}`);
  if (unsent > 0) parts.push(`${unsent} not sent yet`);
  return `${total} ${total === 1 ? "picture" : "pictures"}: ${parts.join(", ")}`;
}
