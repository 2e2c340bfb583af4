import type { JobView } from "@darkroom/contracts";
import { t } from "../../../language/say.ts";

type Ended = Pick<JobView, "state" | "finishedAt">;

/** When the newest of these jobs ended, by the server's clock (ISO 8601); empty if none has. */
export function newestEnd(jobs: Iterable<Ended>): string {
  let newest = "";
  for (const { finishedAt } of jobs) if (finishedAt !== null && finishedAt > newest) newest = finishedAt;
  return newest;
}

/**
 * What is to be told of what ended after `seen`, the newest end that somebody has looked at; null if it is nothing. Ends
 * are compared with ends, both of the server's clock: the visitor's may be wrong.
 */
export function awayText(jobs: Iterable<Ended>, seen: string | null): string | null {
  if (seen === null) return null;
  const missed = [...jobs].filter(({ finishedAt }) => finishedAt !== null && finishedAt > seen);
  const finished = missed.filter(({ state }) => state === "succeeded").length;
  const failed = missed.filter(({ state }) => state === "failed").length;
  if (finished + failed === 0) return null;
  if (failed === 0) return t`${finished} finished while you were away.`;
  if (finished === 0) return t`${failed} failed while you were away.`;
  return t`${finished} finished and ${failed} failed while you were away.`;
}
