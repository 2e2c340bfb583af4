import { isTerminal, type JobView, type Output } from "@darkroom/contracts";
import { isSeen } from "../output/output-kind.ts";

/** Which jobs are selected, and from which one a range goes. */
export interface Selection {
  readonly ids: ReadonlySet<string>;
  readonly anchor: string | null;
}

export const nothing: Selection = { ids: new Set(), anchor: null };

/** Selects a job, or no longer. */
export function toggled({ ids }: Selection, jobId: string): Selection {
  const next = new Set(ids);
  if (!next.delete(jobId)) next.add(jobId);
  return { ids: next, anchor: jobId };
}

/** Selects every job from the last one that was touched to this one, in the order in which they are shown. */
export function extended(selection: Selection, jobId: string, shown: readonly string[]): Selection {
  const [from, to] = [shown.indexOf(selection.anchor ?? ""), shown.indexOf(jobId)];
  if (from < 0 || to < 0) return toggled(selection, jobId);
  const range = shown.slice(Math.min(from, to), Math.max(from, to) + 1);
  return { ids: new Set([...selection.ids, ...range]), anchor: selection.anchor };
}

/** What can be done with the selected jobs, each with those it can be done with. */
export interface Actions {
  readonly outputs: readonly Output[];
  /** Outputs of ended jobs, which can be marked. */
  readonly markable: readonly Output[];
  /** Whether each of them is a favorite already. */
  readonly isAllFavorite: boolean;
  /** The two still pictures to compare; null unless exactly two jobs have one each. */
  readonly pair: readonly [JobView, JobView] | null;
  readonly cancelable: readonly JobView[];
  readonly retryable: readonly JobView[];
  readonly removable: readonly JobView[];
}

export function actionsOf(jobs: readonly JobView[]): Actions {
  const ended = jobs.filter(({ state }) => isTerminal(state));
  const markable = ended.flatMap(({ outputs }) => outputs.filter(isSeen));
  const [first, second] = jobs;
  const isPair = jobs.length === 2 && jobs.every(({ outputs }) => outputs.some(({ kind }) => kind === "image"));
  return {
    outputs: jobs.flatMap(({ outputs }) => outputs),
    markable,
    isAllFavorite: markable.length > 0 && markable.every(({ favorite }) => favorite),
    pair: isPair && first !== undefined && second !== undefined ? [first, second] : null,
    cancelable: jobs.filter(({ state }) => state === "queued" || state === "running"),
    retryable: jobs.filter(({ state }) => state === "failed"),
    removable: ended,
  };
}
