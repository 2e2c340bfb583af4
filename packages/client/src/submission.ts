import { isTerminal, type JobEvent, type JobView } from "@darkroom/contracts";
import { call } from "./call.ts";
import type { JobFeed } from "./job-feed.ts";
import type { JobHandle, WaitOptions } from "./job-handle.ts";

/** A job's progress: what `job.progressed` says. */
export type JobProgress = Extract<JobEvent, { type: "job.progressed" }>;

/** What `onError` is given for a job that ended without success. */
export class JobNotSucceeded extends Error {
  override readonly name = "JobNotSucceeded";
  readonly job: JobView;

  constructor(job: JobView) {
    super(job.failure?.message ?? `job ${job.jobId} was ${job.state}`);
    this.job = job;
  }
}

interface Callbacks {
  queued: ((job: JobView) => void)[];
  started: ((job: JobView) => void)[];
  progress: ((progress: JobProgress, job: JobView) => void)[];
  complete: ((job: JobView) => void)[];
  error: ((error: unknown) => void)[];
}

/**
 * A submit on its way: a promise of the job's handle, the job's events, and callbacks, whichever suits the caller. Every
 * callback but `onProgress` is called once; of `onComplete` and `onError` exactly one is, at the end.
 */
export class Submission implements Promise<JobHandle>, AsyncIterable<JobEvent> {
  readonly [Symbol.toStringTag] = "Submission";
  readonly #handle: Promise<JobHandle>;
  readonly #feed: JobFeed;
  readonly #callbacks: Callbacks = { queued: [], started: [], progress: [], complete: [], error: [] };
  #isFollowed = false;

  constructor(handle: Promise<JobHandle>, feed: JobFeed) {
    this.#handle = handle;
    this.#feed = feed;
  }

  onQueued(callback: (job: JobView) => void): this {
    return this.#on("queued", callback);
  }

  onStarted(callback: (job: JobView) => void): this {
    return this.#on("started", callback);
  }

  onProgress(callback: (progress: JobProgress, job: JobView) => void): this {
    return this.#on("progress", callback);
  }

  /** The job has succeeded; its `outputs` are there. */
  onComplete(callback: (job: JobView) => void): this {
    return this.#on("complete", callback);
  }

  /** The submit was refused, the job failed or was canceled ({@link JobNotSucceeded}), or nothing can be heard of it. */
  onError(callback: (error: unknown) => void): this {
    return this.#on("error", callback);
  }

  /** The job once it has ended, however it ended. */
  async wait(options?: WaitOptions): Promise<JobView> {
    return (await this.#handle).wait(options);
  }

  // biome-ignore lint/suspicious/noThenProperty: it is a promise of the handle, so that `await submit(…)` gives that.
  then<Result = JobHandle, Refused = never>(
    onFulfilled?: ((handle: JobHandle) => Result | PromiseLike<Result>) | null,
    onRejected?: ((error: unknown) => Refused | PromiseLike<Refused>) | null,
  ): Promise<Result | Refused> {
    return this.#handle.then(onFulfilled, onRejected);
  }

  catch<Refused = never>(onRejected: (error: unknown) => Refused | PromiseLike<Refused>): Promise<JobHandle | Refused> {
    return this.#handle.catch(onRejected);
  }

  finally(onFinally?: (() => void) | null): Promise<JobHandle> {
    return this.#handle.finally(onFinally);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<JobEvent, void, undefined> {
    yield* (await this.#handle).events();
  }

  #on<Name extends keyof Callbacks>(name: Name, callback: Callbacks[Name][number]): this {
    (this.#callbacks[name] as (typeof callback)[]).push(callback);
    if (!this.#isFollowed) this.#follow();
    return this;
  }

  #follow(): void {
    this.#isFollowed = true;
    this.#handle.then(
      ({ jobId }) => this.#watch(jobId),
      (error: unknown) => this.#tell("error", error),
    );
  }

  #watch(jobId: string): void {
    const done = new Set<keyof Callbacks>();
    const once = (name: "queued" | "started" | "complete", view: JobView) => {
      if (done.has(name)) return;
      done.add(name);
      for (const callback of this.#callbacks[name]) call(callback, view);
    };
    const look = (view: JobView) => {
      // A job may be further than when it is first seen: each step is told all the same, once and in order.
      once("queued", view);
      if (view.startedAt !== null) once("started", view);
      if (!isTerminal(view.state)) return;
      if (view.state === "succeeded") once("complete", view);
      else this.#tell("error", new JobNotSucceeded(view));
      queueMicrotask(() => unwatch());
    };
    const unwatch = this.#feed.watch(jobId, {
      onView: look,
      onEvent: (event, view) => {
        if (event.type === "job.progressed")
          for (const callback of this.#callbacks.progress) call(callback, event, view);
        look(view);
      },
      onError: (error) => {
        this.#tell("error", error);
        queueMicrotask(() => unwatch());
      },
    });
  }

  #tell(_: "error", error: unknown): void {
    for (const callback of this.#callbacks.error.splice(0)) call(callback, error);
  }
}
