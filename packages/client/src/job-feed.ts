import type { FeedData } from "@darkroom/api";
import { applyEvent, type CustomEvent, isCustom, isTerminal, type JobEvent, type JobView } from "@darkroom/contracts";
import { call } from "./call.ts";
import { isRefusal, type Transport } from "./transport.ts";

/**
 * How often jobs are asked for over HTTP of which no event can tell, in milliseconds: while no socket gets through, and jobs of
 * others, which an operator may follow. It also says so when the key was revoked.
 */
const POLL_MS = 10_000;
/** How long the feed goes on while nobody watches, so that one wait after the other shares it. */
const LINGER_MS = 1000;
/** Jobs that are asked for at once, in one batch. */
const READ_AT_ONCE = 20;
/** Jobs of others that are followed each by itself; a socket carries at most 128 subscriptions. */
const MAX_ALONE = 100;

/** Is told of one job, beginning with how it is. */
export interface JobListener {
  onView(view: JobView): void;
  /** A newer event, and the job after it. */
  onEvent(event: JobEvent, view: JobView): void;
  /** The server refuses, or the connection was given up: nothing follows. */
  onError(error: unknown): void;
}

interface WatchedJob {
  readonly jobId: string;
  readonly listeners: Set<JobListener>;
  view: JobView | null;
  /** What arrived before the view. */
  early: JobEvent[];
  /** Whether the feed has told of it, so that it will go on to. */
  isTold: boolean;
  /** Ends the subscription of its own that a job of others has. */
  stop: (() => void) | null;
}

/**
 * Follows any number of jobs over one subscription: the feed of everything that happens to the caller's jobs. A job's view is
 * read once, and kept up to date by its events; after a lost connection the feed goes on where it was.
 */
export class JobFeed {
  readonly #transport: Transport;
  readonly #jobs = new Map<string, WatchedJob>();
  readonly #unread = new Set<WatchedJob>();
  /** Who is told of what services added. */
  readonly #custom = new Set<(event: CustomEvent) => void>();
  /** Whether the feed has told how everything is, and who waits for that: with null, or with why it will not. */
  #hasBegun = false;
  readonly #beginning = new Set<(error: unknown) => void>();
  #isReading = false;
  #subscription: { unsubscribe(): void } | null = null;
  #poll: ReturnType<typeof setInterval> | undefined;
  #linger: ReturnType<typeof setTimeout> | undefined;

  constructor(transport: Transport) {
    this.#transport = transport;
    transport.onGiveUp((error) => this.#failAll(error));
  }

  /** Tells the listener of the job until the answer is called. */
  watch(jobId: string, listener: JobListener): () => void {
    let job = this.#jobs.get(jobId);
    if (job === undefined) {
      job = { jobId, listeners: new Set(), view: null, early: [], isTold: false, stop: null };
      this.#jobs.set(jobId, job);
      this.#read(job);
    }
    job.listeners.add(listener);
    this.#start();
    if (job.view !== null) listener.onView(job.view);
    return () => this.#unwatch(jobId, listener);
  }

  /**
   * Tells of each event that a service added, from when the answer is there until it is called. Rejects if the server refuses, or
   * the connection was given up.
   */
  async listen(tell: (event: CustomEvent) => void): Promise<() => void> {
    // A socket that is refused says nothing of why, and would be tried for ever.
    await this.#transport.trpc.session.me.query();
    const stop = () => {
      this.#custom.delete(tell);
      this.#lingerIfIdle();
    };
    this.#custom.add(tell);
    this.#start();
    // What is published before the feed stands would be missed.
    const error = this.#hasBegun ? null : await new Promise<unknown>((resolve) => this.#beginning.add(resolve));
    if (error === null) return stop;
    stop();
    throw error;
  }

  close(): void {
    clearTimeout(this.#linger);
    clearInterval(this.#poll);
    this.#subscription?.unsubscribe();
    this.#subscription = null;
    this.#hasBegun = false;
  }

  #begin(error: unknown): void {
    for (const told of this.#beginning) told(error);
    this.#beginning.clear();
  }

  #unwatch(jobId: string, listener: JobListener): void {
    const job = this.#jobs.get(jobId);
    job?.listeners.delete(listener);
    if (job === undefined || job.listeners.size > 0) return;
    job.stop?.();
    this.#jobs.delete(jobId);
    this.#lingerIfIdle();
  }

  #lingerIfIdle(): void {
    if (this.#jobs.size > 0 || this.#custom.size > 0) return;
    clearTimeout(this.#linger);
    this.#linger = setTimeout(() => this.close(), LINGER_MS);
  }

  #start(): void {
    clearTimeout(this.#linger);
    if (this.#subscription !== null) return;
    this.#subscription = this.#transport.trpc.job.onFeed.subscribe(undefined, {
      onData: ({ data }) => this.#onFeed(data),
      onError: (error) => this.#failAll(error),
    });
    this.#poll = setInterval(() => this.#pollUntold(), POLL_MS);
  }

  #onFeed({ events, jobs }: FeedData): void {
    this.#hasBegun = true;
    this.#begin(null);
    if (jobs !== undefined) {
      const open = new Map(jobs.map((view) => [view.jobId, view]));
      for (const job of this.#jobs.values()) {
        const view = open.get(job.jobId);
        job.isTold = view !== undefined;
        // It has ended, or is somebody else's; or it was made a moment ago, and its events are to come.
        if (view === undefined) this.#read(job);
        else this.#take(job, view);
      }
    }
    for (const event of events) {
      if (isCustom(event)) for (const tell of [...this.#custom]) call(tell, event);
      const job = "jobId" in event ? this.#jobs.get(event.jobId) : undefined;
      if (job === undefined) continue;
      job.isTold = true;
      this.#apply(job, event);
    }
  }

  #apply(job: WatchedJob, event: JobEvent): void {
    if (job.view === null) return void job.early.push(event);
    const next = applyEvent(job.view, event);
    if (next === job.view) return;
    job.view = next;
    for (const listener of [...job.listeners]) listener.onEvent(event, next);
  }

  #take(job: WatchedJob, view: JobView): void {
    if (job.view !== null && (view.version < job.view.version || isTerminal(job.view.state))) return;
    const isNews = job.view === null || job.view.version < view.version;
    job.view = view;
    if (isNews) for (const listener of [...job.listeners]) listener.onView(view);
    for (const event of job.early.splice(0)) this.#apply(job, event);
  }

  /** Reads a job's view, a batch of jobs at a time. */
  #read(job: WatchedJob): void {
    this.#unread.add(job);
    if (this.#isReading) return;
    this.#isReading = true;
    void this.#readAll().finally(() => {
      this.#isReading = false;
    });
  }

  async #readAll(): Promise<void> {
    // The jobs of one turn of the loop are read together.
    await Promise.resolve();
    while (this.#unread.size > 0) {
      const some = [...this.#unread].slice(0, READ_AT_ONCE);
      for (const job of some) this.#unread.delete(job);
      await Promise.all(some.map((job) => this.#readOne(job)));
    }
  }

  async #readOne(job: WatchedJob): Promise<void> {
    const { jobId, view: before } = job;
    try {
      const view = await this.#transport.trpc.job.byId.query({ jobId }, { context: { isBatched: true } });
      const isMissed = before !== null && before.version < view.version && !job.isTold;
      this.#take(job, view);
      // The feed stands and did not tell: the job is somebody else's.
      if (isMissed && this.#isOpen() && !isTerminal(view.state)) this.#followAlone(job);
    } catch (error) {
      // A server that cannot be reached may come back, and the poll asks again; one that refuses will not change its mind.
      if (isRefusal(error)) this.#fail(job, error);
    }
  }

  #followAlone(job: WatchedJob): void {
    const alone = [...this.#jobs.values()].filter(({ stop }) => stop !== null).length;
    if (job.stop !== null || alone >= MAX_ALONE) return;
    const { jobId } = job;
    const subscription = this.#transport.trpc.job.onEvent.subscribe(
      { jobId },
      {
        onData: ({ data: { events, jobs = [] } }) => {
          for (const view of jobs) this.#take(job, view);
          for (const event of events) this.#apply(job, event);
        },
        onError: (error) => this.#fail(job, error),
      },
    );
    job.stop = () => subscription.unsubscribe();
  }

  #isOpen = (): boolean => this.#transport.connectionState() === "open";

  #pollUntold(): void {
    for (const job of this.#jobs.values()) {
      if (!this.#isOpen() || job.view === null || (!job.isTold && job.stop === null)) this.#read(job);
    }
  }

  #fail(job: WatchedJob, error: unknown): void {
    for (const listener of [...job.listeners]) listener.onError(error);
  }

  #failAll(error: unknown): void {
    this.close();
    this.#begin(error);
    for (const job of [...this.#jobs.values()]) this.#fail(job, error);
  }
}
