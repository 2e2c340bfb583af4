import type { JobState, JobView } from "@darkroom/contracts";
import type { FeedState } from "./feed-state.ts";

/** Which of one's jobs a list is of. */
export interface HistoryFilter {
  readonly states?: readonly JobState[] | undefined;
  /** A workflow's slug. */
  readonly workflow?: string | undefined;
  readonly batchId?: string | undefined;
  /** True: only jobs with a favorite. */
  readonly favorite?: boolean | undefined;
  /** Made at this time or later, and before that one; ISO 8601. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly search?: string | undefined;
}

/** Whether a job belongs in the list by what can change while it is looked at. */
function stillMatches(view: JobView, { states, favorite }: HistoryFilter): boolean {
  if (states !== undefined && !states.includes(view.state)) return false;
  return favorite !== true || view.outputs.some((output) => output.favorite);
}

/** Whether a job that was just made belongs in the list. Which texts it would be found by only the server knows. */
function matches(view: JobView, filter: HistoryFilter): boolean {
  const { workflow, batchId, from, to, search } = filter;
  if (search !== undefined || !stillMatches(view, filter)) return false;
  if (workflow !== undefined && view.workflow.slug !== workflow) return false;
  if (batchId !== undefined && view.batchId !== batchId) return false;
  const at = Date.parse(view.createdAt);
  return (from === undefined || at >= Date.parse(from)) && (to === undefined || at < Date.parse(to));
}

/** What the feed knows better than the pages of a list. */
export interface Difference {
  /** Made since the newest page was read, newest first. */
  readonly appeared: readonly string[];
  /** Gone, or in the list no more by its filter. */
  readonly left: readonly string[];
}

/** `newest` is when the list's newest job was made; an empty list has none. Its cost goes with the feed, not with the list. */
export function differenceOf(
  { jobs, gone }: Pick<FeedState, "jobs" | "gone">,
  filter: HistoryFilter,
  newest: string,
): Difference {
  const appeared: JobView[] = [];
  const left = [...gone];
  for (const view of jobs.values()) {
    if (!stillMatches(view, filter)) left.push(view.jobId);
    else if (view.createdAt > newest && matches(view, filter)) appeared.push(view);
  }
  appeared.sort((a, b) => b.createdAt.localeCompare(a.createdAt) || b.jobId.localeCompare(a.jobId));
  return { appeared: appeared.map(({ jobId }) => jobId), left };
}

export interface HistoryPage {
  readonly items: readonly JobView[];
  readonly nextCursor: string | null;
}

/**
 * The pages with their newest part read again, so that somebody who comes back need not load all of them. If more has
 * come than one page holds, there would be a gap: then the list begins anew with that page.
 */
export function withNewest(pages: readonly HistoryPage[], newest: HistoryPage): HistoryPage[] {
  const items = pages.flatMap((page) => page.items);
  const last = newest.items.at(-1);
  if (last === undefined || newest.nextCursor === null) return [newest];
  const overlap = items.findIndex(({ jobId }) => jobId === last.jobId);
  if (overlap < 0) return [newest];
  const older = items.slice(overlap + 1);
  return [{ items: [...newest.items, ...older], nextCursor: pages.at(-1)?.nextCursor ?? null }];
}
