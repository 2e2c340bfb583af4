import { backoffMs, isTerminal, type JobEvent, type JobView } from "@darkroom/contracts";
import type { ApiClient } from "../client.ts";
import type { ConnectionReports, ConnectionStore } from "../connection.ts";
import { createExternalStore, type ExternalStore } from "../external-store.ts";
import { toRefusal } from "../refusal.ts";
import type { ActiveJobs } from "./active-jobs.ts";
import { emptyFeed, type FeedState, withEvents, withJobs, withoutJob, withSnapshot } from "./feed-state.ts";

/** How often the newest jobs are asked for while no line brings what happens to them. */
const POLL_MS = 3000;
/** As many as the contact sheet shows. Open jobs that are older are asked for one by one. */
const POLLED = 24;
/** Waits before subscribing again, after the server refused or ended the subscription. */
const RESUBSCRIBE = { firstMs: 3000, maxMs: 10_000 };

export interface FeedData {
  readonly events: readonly JobEvent[];
  readonly jobs?: readonly JobView[];
  readonly reset?: true;
}

export interface FeedOptions {
  readonly client: ApiClient;
  readonly connection: ConnectionStore & Pick<ConnectionReports, "polled">;
  readonly activeJobs: ActiveJobs;
  /** Called after the event was applied. */
  readonly onEvent?: (event: JobEvent, view: JobView | undefined) => void;
}

/** The tab's one subscription to its owner's jobs, and the store that it fills. */
export interface Feed {
  readonly store: ExternalStore<FeedState>;
  /** Fetches a job into the store; one that is gone is dropped. */
  fetch(jobId: string): Promise<void>;
  /** Holds back jobs that appear while `work` runs: one of them may be its own answer. */
  holdUnknown<Answer>(work: () => Promise<Answer>): Promise<Answer>;
  /** Subscribes until the returned function is called. */
  start(): () => void;
}

export function createFeed({ client, connection, activeJobs, onEvent }: FeedOptions): Feed {
  const store = createExternalStore(emptyFeed);
  const remembered = new Set(activeJobs.read());
  let holding = 0;
  let held = new Set<string>();

  store.subscribe(() => {
    const state = store.get();
    if (!state.isReady) return;
    const open = state.order.filter((jobId) => {
      const view = state.jobs.get(jobId);
      return view !== undefined && !isTerminal(view.state);
    });
    activeJobs.write([...open, ...remembered]);
  });

  async function fetch(jobId: string): Promise<void> {
    try {
      const view = (await client.job.byId.query({ jobId })) as JobView;
      remembered.delete(jobId);
      store.update((state) => withJobs(state, [view]));
    } catch (error) {
      if (toRefusal(error).code !== "NOT_FOUND") return;
      remembered.delete(jobId);
      store.update((state) => withoutJob(state, jobId));
    }
  }

  function fetchAll(jobIds: Iterable<string>): void {
    for (const jobId of jobIds) {
      if (holding > 0) held.add(jobId);
      else void fetch(jobId);
    }
  }

  function receive({ events, jobs }: FeedData): void {
    if (jobs !== undefined) {
      const next = withSnapshot(store.get(), jobs);
      store.update(() => next.state);
      for (const { jobId } of jobs) remembered.delete(jobId);
      fetchAll(new Set([...next.stale, ...remembered]));
    }
    const next = withEvents(store.get(), events);
    store.update(() => next.state);
    fetchAll(next.missing);
    for (const event of events) {
      if ("jobId" in event) onEvent?.(event, next.state.jobs.get(event.jobId));
    }
  }

  /** Does without the line: jobs of other tabs appear too, and an empty list is known to be empty. */
  async function poll(): Promise<void> {
    const { status } = connection.get();
    if (status === "live" || status === "offline") return;
    try {
      const { items } = await client.job.list.query({ limit: POLLED });
      if (connection.get().status === "live") return;
      const jobs = items as readonly JobView[];
      const listed = new Set(jobs.map(({ jobId }) => jobId));
      store.update((state) => ({ ...withJobs(state, holding > 0 ? jobs.filter(isHeld(state)) : jobs), isReady: true }));
      const open = [...store.get().jobs.values()].filter((view) => !isTerminal(view.state) && !listed.has(view.jobId));
      fetchAll(new Set([...open.map(({ jobId }) => jobId), ...remembered]));
      connection.polled(true);
    } catch {
      connection.polled(false);
    }
  }

  return {
    store,
    fetch,
    async holdUnknown(work) {
      holding += 1;
      try {
        return await work();
      } finally {
        holding -= 1;
        if (holding === 0) {
          const known = store.get().jobs;
          const unknown = [...held].filter((jobId) => !known.has(jobId));
          held = new Set();
          fetchAll(unknown);
        }
      }
    },
    start() {
      const unsubscribe = keepSubscribed(client, receive);
      const polling = setInterval(() => void poll(), POLL_MS);
      return () => {
        clearInterval(polling);
        unsubscribe();
      };
    },
  };
}

/** While something is being submitted a job that is not known yet may be its own answer. */
const isHeld =
  ({ jobs }: FeedState) =>
  ({ jobId }: JobView): boolean =>
    jobs.has(jobId);

/** Subscribes to the feed, and again whenever the server refuses or ends the subscription. Returns what ends it. */
function keepSubscribed(client: ApiClient, receive: (data: FeedData) => void): () => void {
  let isStopped = false;
  let subscription: { unsubscribe(): void } | undefined;
  let restart: ReturnType<typeof setTimeout> | undefined;
  /** Ends of the subscription since it last gave something. */
  let refusals = 0;
  const subscribe = (): void => {
    if (isStopped) return;
    // tRPC resumes after a lost socket by itself; what ends here was refused or ended by the server.
    const again = (): void => {
      restart = setTimeout(subscribe, backoffMs(refusals, RESUBSCRIBE));
      refusals += 1;
    };
    subscription = client.job.onFeed.subscribe(undefined, {
      onData: ({ data }) => {
        refusals = 0;
        receive(data as FeedData);
      },
      onError: again,
      onComplete: again,
    });
  };
  subscribe();
  return () => {
    isStopped = true;
    clearTimeout(restart);
    subscription?.unsubscribe();
  };
}
