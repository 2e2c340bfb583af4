import { eventText, type FeedData } from "@darkroom/api";
import {
  applyEvent,
  isTerminal,
  type JobEvent,
  type JobView,
  type Principal,
  plainProgress,
} from "@darkroom/contracts";

/** The id of what a job's stream says last: whoever comes back with it has heard everything. */
export const END_ID = "end";

interface Options {
  /** It ends when the job has. */
  readonly isOneJob: boolean;
  /** A job as it is now; null for one that is gone. Asked for jobs of which the stream has not told yet. */
  readonly viewOf: (jobId: string) => Promise<JobView | null>;
}

/**
 * Makes the values of a feed into server-sent events: each event under its own type, and after it how its job stands as
 * `progress`. The last of a value carries the value's cursor as its id, so that a stream which broke off in the middle of
 * one begins it again.
 */
export function createStreamText(principal: Principal, { isOneJob, viewOf }: Options) {
  const views = new Map<string, JobView>();

  /** The job after the event; null where nothing of it changed. */
  async function after(event: JobEvent): Promise<JobView | null> {
    if (!("jobId" in event) || event.type === "job.previewed") return null;
    const known = views.get(event.jobId);
    const view = known ?? (await viewOf(event.jobId));
    if (view === null) return null;
    const next = applyEvent(view, event);
    if (isTerminal(next.state)) views.delete(event.jobId);
    else views.set(event.jobId, next);
    return next === known ? null : next;
  }

  return async (cursor: string, { events, jobs, reset }: FeedData): Promise<{ text: string; isOver: boolean }> => {
    const messages: string[] = [];
    const tell = (view: JobView, at: string) =>
      messages.push(message("progress", JSON.stringify(plainProgress(view, { userId: principal.ownerId, at }))));
    let last: JobView | null = null;
    if (jobs !== undefined) {
      messages.push(message("snapshot", JSON.stringify({ jobs, ...(reset === true && { reset }) })));
      for (const view of jobs) {
        views.set(view.jobId, view);
        tell(view, view.finishedAt ?? new Date().toISOString());
        last = view;
      }
    }
    for (const event of events) {
      messages.push(message(event.type, eventText(principal, event)));
      const view = await after(event);
      if (view !== null) tell(view, event.at);
      last = view ?? last;
    }
    const isOver = isOneJob && last !== null && isTerminal(last.state);
    return { text: withId(messages, isOver ? END_ID : cursor), isOver };
  };
}

const message = (type: string, data: string): string => `event: ${type}\ndata: ${data}\n\n`;

function withId(messages: readonly string[], id: string): string {
  return [...messages.slice(0, -1), `id: ${id}\n${messages.at(-1) ?? ":\n\n"}`].join("");
}
