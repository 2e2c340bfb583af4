import { applyEvent, type InputValues, isDurable, isTerminal, type JobEvent, type JobView } from "@darkroom/contracts";

/** A job that was asked for here and has no answer yet. `key` is its idempotency key. */
export interface Submission {
  readonly key: string;
  readonly workflow: { readonly slug: string; readonly name: string };
  readonly inputs: InputValues;
  readonly createdAt: string;
}

/** What this tab knows of its owner's jobs. Immutable: each function below returns the next state. */
export interface FeedState {
  readonly jobs: ReadonlyMap<string, JobView>;
  /** Job ids, newest first. */
  readonly order: readonly string[];
  /** Newest first. */
  readonly submissions: readonly Submission[];
  /** The key of the submission that a job came from, so that its card stays the same element. */
  readonly keys: ReadonlyMap<string, string>;
  /** Events of jobs that are being fetched. */
  readonly waiting: ReadonlyMap<string, readonly JobEvent[]>;
  /** Jobs that are not there any more: an answer that was under way when they went must not bring them back. */
  readonly gone: ReadonlySet<string>;
  /** True once a snapshot has arrived. */
  readonly isReady: boolean;
}

export const emptyFeed: FeedState = {
  jobs: new Map(),
  order: [],
  submissions: [],
  keys: new Map(),
  waiting: new Map(),
  gone: new Set(),
  isReady: false,
};

const newestFirst = (a: JobView, b: JobView): number =>
  b.createdAt.localeCompare(a.createdAt) || b.jobId.localeCompare(a.jobId);

/** `held`, with what never changes in a job but was not known when this view began (see `firstView`). */
function withFacts(held: JobView, { seed, inputs, createdAt, batchId, retryOf, priority, metadata }: JobView): JobView {
  if (held.createdAt === createdAt && held.seed === seed) return held;
  return { ...held, seed, inputs, createdAt, batchId, retryOf, priority, metadata };
}

/** The newer of two views, `next` being the server's; of equal age, `next` with what only `held` knows of the moment. */
export function newerView(held: JobView | undefined, next: JobView): JobView {
  if (held === undefined) return next;
  if (held.version > next.version) return withFacts(held, next);
  if (held.version < next.version || isTerminal(next.state)) return next;
  const heldIsAhead = (held.progress?.percent ?? -1) > (next.progress?.percent ?? -1);
  return {
    ...next,
    progress: heldIsAhead ? held.progress : next.progress,
    stage: heldIsAhead ? held.stage : next.stage,
    previewUrl: next.previewUrl ?? held.previewUrl,
    position: next.position ?? held.position,
    // Without a position nobody looked; with one, no estimate means that it is no longer known.
    ...(next.position === null && next.etaSeconds === null
      ? { waitSeconds: held.waitSeconds, etaSeconds: held.etaSeconds, etaRangeSeconds: held.etaRangeSeconds }
      : {}),
  };
}

/** Takes views in; events that waited for them are applied. */
export function withJobs(state: FeedState, given: readonly JobView[]): FeedState {
  const views = given.filter(({ jobId }) => !state.gone.has(jobId));
  if (views.length === 0) return state;
  const jobs = new Map(state.jobs);
  const waiting = new Map(state.waiting);
  let isNew = false;
  for (const view of views) {
    isNew ||= !jobs.has(view.jobId);
    const merged = newerView(jobs.get(view.jobId), view);
    jobs.set(view.jobId, (waiting.get(view.jobId) ?? []).reduce(applyEvent, merged));
    waiting.delete(view.jobId);
  }
  const order = isNew ? [...jobs.values()].sort(newestFirst).map(({ jobId }) => jobId) : state.order;
  return { ...state, jobs, waiting, order };
}

/** The owner's open jobs, as of now. `stale` names jobs held as open that are open no longer: fetch them. */
export function withSnapshot(state: FeedState, views: readonly JobView[]): { state: FeedState; stale: string[] } {
  const open = new Set(views.map(({ jobId }) => jobId));
  const stale = [...state.jobs.values()]
    .filter((view) => !isTerminal(view.state) && !open.has(view.jobId))
    .map(({ jobId }) => jobId);
  return { state: { ...withJobs(state, views), isReady: true }, stale };
}

/** Applies events in order. `missing` names jobs to fetch: unknown ones, and ones whose versions show a gap. */
export function withEvents(state: FeedState, events: readonly JobEvent[]): { state: FeedState; missing: string[] } {
  if (events.length === 0) return { state: state.isReady ? state : { ...state, isReady: true }, missing: [] };
  const jobs = new Map(state.jobs);
  const waiting = new Map(state.waiting);
  const missing = new Set<string>();
  const gone = new Set<string>();
  for (const event of events) {
    if (!("jobId" in event)) continue;
    if (event.type === "job.removed") {
      gone.add(event.jobId);
      continue;
    }
    const view = jobs.get(event.jobId);
    if (view === undefined) {
      if (!waiting.has(event.jobId)) missing.add(event.jobId);
      waiting.set(event.jobId, [...(waiting.get(event.jobId) ?? []), event]);
      continue;
    }
    if (isDurable(event) && event.version > view.version + 1) missing.add(event.jobId);
    jobs.set(event.jobId, applyEvent(view, event));
  }
  const next = [...gone].reduce(withoutJob, { ...state, jobs, waiting, isReady: true });
  return { state: next, missing: [...missing].filter((jobId) => !gone.has(jobId)) };
}

/** Adds a submission that has no answer yet, so that its card shows at once. */
export function withSubmission(state: FeedState, submission: Submission): FeedState {
  return { ...state, submissions: [submission, ...state.submissions] };
}

/** Replaces a submission by the job that it became, in the same place. */
export function withAnswer(state: FeedState, key: string, view: JobView): FeedState {
  const keys = new Map(state.keys).set(view.jobId, key);
  const submissions = state.submissions.filter((submission) => submission.key !== key);
  return withJobs({ ...state, keys, submissions }, [view]);
}

/** Removes a submission that was refused. */
export function withoutSubmission(state: FeedState, key: string): FeedState {
  return { ...state, submissions: state.submissions.filter((submission) => submission.key !== key) };
}

/** Forgets a job that was removed, or that the server does not know. */
export function withoutJob(state: FeedState, jobId: string): FeedState {
  const jobs = new Map(state.jobs);
  const waiting = new Map(state.waiting);
  jobs.delete(jobId);
  waiting.delete(jobId);
  const gone = new Set(state.gone).add(jobId);
  return { ...state, jobs, waiting, gone, order: state.order.filter((id) => id !== jobId) };
}

/** Takes jobs back in that were forgotten and are there after all. */
export function withJobsBack(state: FeedState, views: readonly JobView[]): FeedState {
  const gone = new Set(state.gone);
  for (const { jobId } of views) gone.delete(jobId);
  return withJobs({ ...state, gone }, views);
}

/** How the open jobs are doing as a whole; `percent` is their mean. */
export function summaryOf(state: FeedState): { open: number; percent: number } {
  const open = [...state.jobs.values()].filter((view) => !isTerminal(view.state));
  const total = open.reduce((sum, view) => sum + (view.progress?.percent ?? 0), 0);
  return {
    open: open.length + state.submissions.length,
    percent: open.length === 0 ? 0 : Math.round(total / open.length),
  };
}
