import type { CustomEvent, JobView } from "@darkroom/contracts";
import type { EventDoor } from "./custom-events.ts";
import { JobFeed } from "./job-feed.ts";
import { createJobHandle, type JobHandle, type WaitOptions } from "./job-handle.ts";
import { Submission } from "./submission.ts";
import { type ClientOptions, type ConnectionState, createTransport, isRefusal, type Transport } from "./transport.ts";
import type { JobRequest } from "./workflows.ts";

export type { AppRouter, SubmitInput } from "@darkroom/api";
export type { CustomEvent, JobEvent, JobView, Output } from "@darkroom/contracts";
export {
  type CustomEvents,
  customEvents,
  type EventDoor,
  type EventRegistry,
  type PublishOptions,
  type RegisteredEvent,
} from "./custom-events.ts";
export type { JobHandle, WaitOptions } from "./job-handle.ts";
export { JobNotSucceeded, type JobProgress, Submission } from "./submission.ts";
export {
  type ClientOptions,
  ConnectionLost,
  type ConnectionState,
  isRefusal,
  type RetryPolicy,
  reach,
} from "./transport.ts";
// With a star, because only so may a program declare more of `Workflows` in the name of this module.
export type * from "./workflows.ts";

/** How often a submit or an event is sent before its connection's failure is the caller's. */
const SUBMIT_TRIES = 3;

/** Darkroom for another service. Everything goes through one HTTP address and at most one socket. */
export interface DarkroomClient {
  /** The whole API, typed. */
  readonly trpc: Transport["trpc"];
  /**
   * Makes a job. Without an idempotency key it gets one, so a try that was cut off is repeated safely; a process that may be
   * killed gives a key of its own, and gets the same job when it asks again.
   */
  submit<Workflow extends string>(input: JobRequest<Workflow>): Submission;
  /** The handle of a job that exists. */
  job(jobId: string): JobHandle;
  /** Submits and waits for the end; look at the answer's `state`. */
  generateAndWait<Workflow extends string>(input: JobRequest<Workflow>, options?: WaitOptions): Promise<JobView>;
  /** Adds an event of one's own to a feed; `customEvents` declares them with their types. */
  publish: EventDoor["publish"];
  /** Calls back with each event that a service adds to the caller's feed from when it resolves on, with what stops that. */
  onCustomEvent(tell: (event: CustomEvent) => void): Promise<() => void>;
  /** How the socket is; `onConnectionState` calls back on every change, and answers what stops that. */
  connectionState(): ConnectionState;
  onConnectionState(tell: (state: ConnectionState) => void): () => void;
  /** Closes the socket; it opens again when it is needed. */
  close(): Promise<void>;
}

export function createDarkroomClient(options: ClientOptions): DarkroomClient {
  const transport = createTransport(options);
  const feed = new JobFeed(transport);
  const job = (jobId: string): JobHandle => createJobHandle(transport, feed, jobId);
  const submit: DarkroomClient["submit"] = (input) => {
    const once = { idempotencyKey: crypto.randomUUID(), ...input };
    const handle = tried(() => transport.trpc.job.submit.mutate(once)).then(({ jobId }) => {
      if (jobId === null) throw new Error("a dry run has no job; use trpc.job.submit for it");
      return job(jobId);
    });
    // Whoever only gave callbacks hears of a refusal by `onError`; without this it would also end the process.
    handle.catch(() => undefined);
    return new Submission(handle, feed);
  };
  return {
    trpc: transport.trpc,
    submit,
    job,
    generateAndWait: async (input, wait) => (await submit(input)).wait(wait),
    publish: (event) => {
      const once = { eventId: crypto.randomUUID(), ...event };
      return tried(() => transport.trpc.event.publish.mutate(once));
    },
    onCustomEvent: (tell) => feed.listen(tell),
    connectionState: transport.connectionState,
    onConnectionState: transport.onConnectionState,
    close: () => {
      feed.close();
      return transport.close();
    },
  };
}

/** Sends what may be sent twice, again where its connection failed. */
async function tried<Answer>(send: () => Promise<Answer>): Promise<Answer> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await send();
    } catch (error) {
      if (hasAnswer(error) || tries === SUBMIT_TRIES) throw error;
    }
  }
}

/** True if the server answered: a refusal by a limit, too, is for the caller to act on. */
const hasAnswer = (error: unknown): boolean =>
  isRefusal(error) || (error instanceof Error && "data" in error && error.data !== undefined && error.data !== null);
