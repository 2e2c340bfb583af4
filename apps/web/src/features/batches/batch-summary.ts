import type { JobState, JobView } from "@darkroom/contracts";
import { t, tPlural } from "../../language/say.ts";
import { workflowText } from "../../language/workflow-text.ts";
import type { Wanted } from "../../trpc/feed/batch-sender.ts";
import { jobTitle } from "../jobs/job-title.ts";
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
  jobs: readonly Pick<JobView, "jobId" | "state" | "retryOf">[],
  unsent: readonly Wanted[],
): BatchSummary {
  const places = newestTries<{
    readonly jobId?: string;
    readonly retryOf?: string | null;
    readonly state: JobState | null;
  }>([...jobs, ...unsent.map(({ retryOf }) => ({ state: null, retryOf: retryOf ?? null }))]);
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

/** What all of its pictures are of: their prompt, or how many prompts of which workflow. */
export function batchTitle(jobs: readonly Pick<JobView, "inputs" | "workflow">[]): string | null {
  const [first] = jobs;
  if (first === undefined) return null;
  const titles = new Set(jobs.map(jobTitle));
  return titles.size === 1
    ? jobTitle(first)
    : tPlural(
        titles.size,
        "{1}: {0} prompt",
        "{1}: {0} prompts",
        workflowText(first.workflow.slug, first.workflow.name),
      );
}

/** In words: `12 pictures: 3 done, 1 running, 8 waiting`. */
export function summaryText({ total, done, running, waiting, failed, canceled, unsent }: BatchSummary): string {
  const parts = [
    ...(done > 0 ? [t`${done} done`] : []),
    ...(running > 0 ? [tPlural(running, "{0} running", "{0} running")] : []),
    ...(waiting > 0 ? [t`${waiting} waiting`] : []),
    ...(failed > 0 ? [t`${failed} failed`] : []),
    ...(canceled > 0 ? [t`${canceled} canceled`] : []),
    ...(unsent > 0 ? [t`${unsent} not sent yet`] : []),
  ];
  return tPlural(total, "{0} picture: {1}", "{0} pictures: {1}", parts.join(", "));
}
