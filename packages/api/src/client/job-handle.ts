import { applyEvent, isTerminal, type JobEvent, type JobView, type Output } from "@darkroom/contracts";
import type { CancelAnswer } from "../answers/index.ts";
import { followJob } from "./follow-job.ts";
import type { Transport } from "./transport.ts";

/**
 * How often a waiting handle asks over HTTP, in milliseconds. The events tell sooner; this finds the end where no socket
 * gets through, and says so when the key was revoked.
 */
const SAFETY_POLL_MS = 10_000;

export interface WaitOptions {
  readonly signal?: AbortSignal;
  /** After this, the wait rejects with a `TimeoutError`; the job goes on. */
  readonly timeoutMs?: number;
}

/** One job: follow it, wait for it, stop it, fetch what it made. */
export interface JobHandle {
  readonly jobId: string;
  /** The job's events from now on; ends after the job has. Beyond a hundred at once, from when another has ended. */
  events(options?: { readonly signal?: AbortSignal }): AsyncIterable<JobEvent>;
  /** The job once it has ended, whether it succeeded, failed or was canceled: look at `state`. */
  wait(options?: WaitOptions): Promise<JobView>;
  cancel(): Promise<CancelAnswer>;
  /** The job as it is now. */
  view(): Promise<JobView>;
  /** The file of an output. Rejects unless the server answers 200. */
  download(output: Pick<Output, "url">, options?: { readonly signal?: AbortSignal }): Promise<Response>;
}

export function createJobHandle(transport: Transport, jobId: string): JobHandle {
  const view = (): Promise<JobView> => transport.trpc.job.byId.query({ jobId });

  return {
    jobId,
    view,
    cancel: () => transport.trpc.job.cancel.mutate({ jobId }),

    async *events({ signal } = {}) {
      const stop = new AbortController();
      let current: JobView | null = null;
      for await (const data of followJob(transport, jobId, anyOf(stop.signal, signal))) {
        current = data.jobs?.[0] ?? current;
        for (const event of data.events) {
          yield event;
          if (current !== null) current = applyEvent(current, event);
        }
        if (current !== null && isTerminal(current.state)) return;
      }
    },

    async wait({ signal, timeoutMs } = {}) {
      const done = new AbortController();
      // `AbortSignal.timeout` refuses fractions, which any computed time has.
      const timeout = timeoutMs === undefined ? undefined : AbortSignal.timeout(Math.ceil(timeoutMs));
      const until = anyOf(done.signal, signal, timeout);
      try {
        return await Promise.race([endByEvents(transport, jobId, until), endByPolling(view, until)]);
      } finally {
        done.abort();
      }
    },

    async download({ url }, { signal } = {}) {
      const response = await transport.get(url, signal);
      if (response.ok) return response;
      await response.body?.cancel();
      throw new Error(`downloading ${url} was answered with ${response.status}`);
    },
  };
}

async function endByEvents(transport: Transport, jobId: string, signal: AbortSignal): Promise<JobView> {
  let current: JobView | null = null;
  for await (const data of followJob(transport, jobId, signal)) {
    current = data.jobs?.[0] ?? current;
    if (current === null) continue;
    current = data.events.reduce<JobView>(applyEvent, current);
    if (isTerminal(current.state)) return current;
  }
  throw new Error(`the events of job ${jobId} ended before the job did`);
}

async function endByPolling(view: () => Promise<JobView>, signal: AbortSignal): Promise<JobView> {
  while (true) {
    await pause(SAFETY_POLL_MS, signal);
    const current = await view().catch((error: unknown) => {
      // A server that cannot be reached may come back; one that refuses will not change its mind.
      if (isRefusal(error)) throw error;
      return null;
    });
    if (current !== null && isTerminal(current.state)) return current;
  }
}

/** True for an answer of the server, false for a connection that failed. */
export function isRefusal(error: unknown): boolean {
  return error instanceof Error && "data" in error && error.data !== undefined && error.data !== null;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", onAbort);
      resolve();
    }, ms);
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
  });
}

function anyOf(...signals: readonly (AbortSignal | undefined)[]): AbortSignal {
  return AbortSignal.any(signals.filter((signal) => signal !== undefined));
}
