import type { CancelAnswer } from "@darkroom/api";
import {
  type DurableEvent,
  isTerminal,
  type JobEvent,
  type JobView,
  type Output,
  stateAfter,
} from "@darkroom/contracts";
import type { JobFeed } from "./job-feed.ts";
import type { Transport } from "./transport.ts";

export interface WaitOptions {
  readonly signal?: AbortSignal;
  /** After this, the wait rejects with a `TimeoutError`; the job goes on. */
  readonly timeoutMs?: number;
}

/** One job: follow it, wait for it, stop it, fetch what it made. */
export interface JobHandle {
  readonly jobId: string;
  /** The job's events from now on. The last one is the job's end, also of a job that ended before. */
  events(options?: { readonly signal?: AbortSignal }): AsyncIterable<JobEvent>;
  /** The job once it has ended, whether it succeeded, failed or was canceled: look at `state`. */
  wait(options?: WaitOptions): Promise<JobView>;
  cancel(): Promise<CancelAnswer>;
  /** The job as it is now. */
  view(): Promise<JobView>;
  /** The file of an output. Rejects unless the server answers 200. */
  download(output: Pick<Output, "url">, options?: { readonly signal?: AbortSignal }): Promise<Response>;
}

/** What a timeline has after a version, up to the job's end; only the end where nothing was known. */
function untilEnd(timeline: readonly { readonly payload: DurableEvent }[], told: number | null): DurableEvent[] {
  const events = timeline.map(({ payload }) => payload);
  const end = events.findIndex((event) => isTerminal(stateAfter(event) ?? "queued"));
  return events.slice(0, end + 1).filter((event, place) => {
    if (told === null) return place === end;
    return "version" in event && event.version > told;
  });
}

export function createJobHandle(transport: Transport, feed: JobFeed, jobId: string): JobHandle {
  return {
    jobId,
    view: () => transport.trpc.job.byId.query({ jobId }),
    cancel: () => transport.trpc.job.cancel.mutate({ jobId }),

    async *events({ signal } = {}) {
      const arrived: JobEvent[] = [];
      /** The version of the job up to which everything was told; null before anything is known of it. */
      let told: number | null = null;
      let end: { readonly error?: unknown; readonly isUntold?: true } | null = null;
      // Not `Promise.withResolvers`, which Node 20 does not have.
      let wake = (): void => undefined;
      const changed = () =>
        new Promise<void>((resolve) => {
          wake = resolve;
        });
      const say = (how: typeof end) => {
        end ??= how;
        wake();
      };
      const onAbort = () => say({ error: signal?.reason });
      signal?.throwIfAborted();
      signal?.addEventListener("abort", onAbort, { once: true });
      const unwatch = feed.watch(jobId, {
        onView: ({ state, version }) => {
          if (isTerminal(state)) say({ isUntold: true });
          else told ??= version;
        },
        onEvent: (event, { state, version }) => {
          arrived.push(event);
          told = version;
          say(isTerminal(state) ? {} : null);
        },
        onError: (error) => say({ error }),
      });
      try {
        while (true) {
          const event = arrived.shift();
          const how = end as { readonly error?: unknown; readonly isUntold?: true } | null;
          if (event !== undefined) yield event;
          else if (how === null) await changed();
          else if ("error" in how) throw how.error;
          else if (how.isUntold) return yield* untilEnd(await transport.trpc.job.timeline.query({ jobId }), told);
          else return;
        }
      } finally {
        signal?.removeEventListener("abort", onAbort);
        unwatch();
      }
    },

    wait({ signal, timeoutMs } = {}) {
      // `AbortSignal.timeout` refuses fractions, which any computed time has.
      const timeout = timeoutMs === undefined ? undefined : AbortSignal.timeout(Math.ceil(timeoutMs));
      const until = AbortSignal.any([signal, timeout].filter((one) => one !== undefined));
      return new Promise<JobView>((resolve, reject) => {
        until.throwIfAborted();
        const onAbort = () => over(() => reject(until.reason));
        const look = (view: JobView) => {
          if (isTerminal(view.state)) over(() => resolve(view));
        };
        const over = (tell: () => void) => {
          until.removeEventListener("abort", onAbort);
          // The feed may tell at once, before `unwatch` is there.
          queueMicrotask(() => unwatch());
          tell();
        };
        until.addEventListener("abort", onAbort, { once: true });
        const unwatch = feed.watch(jobId, {
          onView: look,
          onEvent: (_, view) => look(view),
          onError: (error) => over(() => reject(error)),
        });
      });
    },

    async download({ url }, { signal } = {}) {
      const response = await transport.get(url, signal);
      if (response.ok) return response;
      const { error } = (await response.json().catch(() => ({}))) as { error?: { message: string } };
      const data = error ?? { message: `downloading ${url} was answered with ${response.status}` };
      throw Object.assign(new Error(data.message), { data });
    },
  };
}
