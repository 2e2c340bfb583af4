import { type DurableEvent, isTerminal, type JobState, type jobStages, type QueueEntry } from "@darkroom/contracts";
import { budget, leaseSeconds, silenceSeconds } from "../settings.ts";

/** When the database's clock begins, in milliseconds since 1970. Any time does; this one is easy to tell from today. */
export const clockStart = Date.UTC(2030, 0, 1);

/** The tables by name, each with its rows, as JSON. */
export type Rows = Readonly<Record<string, readonly unknown[]>>;

/** A job as the reference keeps it; every time is in milliseconds since 1970. */
export interface JobRow {
  readonly jobId: string;
  readonly ownerId: string;
  readonly batchId: string | null;
  readonly priority: QueueEntry["priority"];
  readonly capabilityKey: string;
  readonly modelKey: string | null;
  readonly idempotencyKey: string;
  readonly inputsHash: string;
  readonly retryOf: string | null;
  readonly queuedAt: number;
  state: JobState;
  stage: (typeof jobStages)[number] | null;
  version: number;
  attempt: number;
  failures: number;
  infraFailures: number;
  leaseUntil: number | null;
  runAfter: number;
  changedAt: number;
  startedAt: number | null;
  adoptBackendId: string | null;
  percent: number | null;
  failureCode: string | null;
  isRemoved: boolean;
}
export interface AttemptRow {
  readonly jobId: string;
  readonly attempt: number;
  readonly backendId: string;
  readonly startedAt: number;
  /** When its prompt was first seen to run; null if it was not. */
  stagedAt: number | null;
  outcome: string | null;
}
export interface DispatchRow {
  readonly promptId: string;
  readonly jobId: string;
  readonly attempt: number;
  readonly backendId: string;
  fate: "open" | "orphaned" | "closed" | "orphaned, closed";
}
interface BatchRow {
  readonly batchId: string;
  open: number;
  succeeded: number;
  failed: number;
  canceled: number;
}
export interface BackendRow {
  reachable: boolean;
  seenAt: number;
  reachedAt: number | null;
  drainingAt: number | null;
}
interface SlotRow {
  readonly backendId: string;
  readonly ordinal: number;
  holder: string | null;
  leaseUntil: number | null;
}

/** What an event says, without what nobody can predict. */
export interface EventGist {
  readonly ownerId: string;
  readonly ownerSeq: number;
  readonly type: DurableEvent["type"];
  /** Of the job; a batch's event has the batch's id. */
  readonly id: string;
  readonly version: number | null;
  readonly attempt: number | null;
  /** The rest of what its type carries, as far as it can be predicted. */
  readonly about: string;
}

/** For lists whose order Postgres leaves open. */
export const byJobId = (a: { jobId: string }, b: { jobId: string }): number => (a.jobId < b.jobId ? -1 : 1);

/** What Postgres should hold, and what can be read off it. */
export class Tables {
  now = clockStart;
  jobs = new Map<string, JobRow>();
  attempts: AttemptRow[] = [];
  dispatches: DispatchRow[] = [];
  outputs = new Set<string>();
  /** Attempts that reached the stage `saving`. */
  saved = new Set<string>();
  batches = new Map<string, BatchRow>();
  backends = new Map<string, BackendRow>();
  slots: SlotRow[] = [];
  seqs = new Map<string, number>();
  /** Events since `takeEvents`. */
  events: EventGist[] = [];
  isPaused = false;
  maintenance: { tickedAt: number; expireAfter: number } | null = null;
  /** Capability key → since when live backends are known to lack it. */
  incapable = new Map<string, number>();

  takeEvents(): EventGist[] {
    return this.events.splice(0);
  }

  /** As `Rows` of the database are read, so that the two can be compared. */
  rows(): Rows {
    const byId = <Row extends { jobId: string }>(a: Row, b: Row) => (a.jobId < b.jobId ? -1 : 1);
    return {
      jobs: [...this.jobs.values()].toSorted(byId).map((job) => ({
        id: job.jobId,
        state: job.state,
        stage: job.stage,
        version: job.version,
        attempt: job.attempt,
        failures: job.failures,
        infraFailures: job.infraFailures,
        leaseUntil: job.leaseUntil,
        runAfter: job.runAfter,
        changedAt: job.changedAt,
        startedAt: job.startedAt,
        adoptBackendId: job.adoptBackendId,
        percent: job.percent,
        failureCode: job.failureCode,
        retryOf: job.retryOf,
        isRemoved: job.isRemoved,
      })),
      attempts: this.attempts
        .toSorted((a, b) => (a.jobId === b.jobId ? a.attempt - b.attempt : byId(a, b)))
        .map(({ jobId, attempt, outcome }) => ({ id: jobId, attempt, outcome })),
      dispatches: this.dispatches
        .toSorted((a, b) => (a.promptId < b.promptId ? -1 : 1))
        .map(({ promptId, jobId, attempt, backendId, fate }) => ({ promptId, jobId, attempt, backendId, fate })),
      outputs: [...this.outputs].sort(),
      batches: [...this.batches.values()].toSorted((a, b) => (a.batchId < b.batchId ? -1 : 1)),
      slots: this.slots
        .toSorted((a, b) => (a.backendId === b.backendId ? a.ordinal - b.ordinal : a.backendId < b.backendId ? -1 : 1))
        .map(({ backendId, ordinal, holder, leaseUntil }) => ({ backendId, ordinal, holder, leaseUntil })),
      feeds: [...this.seqs].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([ownerId, seq]) => ({ ownerId, seq })),
      backends: [...this.backends]
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([backendId, backend]) => ({ backendId, ...backend })),
      incapable: [...this.incapable]
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([capabilityKey, since]) => ({ capabilityKey, since })),
      isPaused: [this.isPaused],
    };
  }

  /** As it should stand in Redis. */
  entryOf(job: JobRow): QueueEntry {
    const { jobId, ownerId, priority, modelKey, adoptBackendId } = job;
    const capabilityKey = adoptBackendId === null ? job.capabilityKey : `backend:${adoptBackendId}`;
    return { jobId, ownerId, priority, capabilityKey, modelKey };
  }

  isOpen({ state }: JobRow): boolean {
    return !isTerminal(state);
  }

  /** Waiting and due, oldest first. */
  due(): JobRow[] {
    return [...this.jobs.values()]
      .filter(({ state, runAfter }) => state === "queued" && runAfter <= this.now)
      .toSorted((a, b) => a.queuedAt - b.queuedAt || (a.jobId < b.jobId ? -1 : 1));
  }

  /** What Redis must know of by now, newest first. */
  unqueued(): JobRow[] {
    return this.due()
      .filter(({ changedAt, runAfter }) => changedAt < this.now - 2000 || runAfter > changedAt)
      .reverse();
  }

  /** Whether maintenance has been there all along, so that a lease in the past means a dead worker. */
  leasesExpire(): boolean {
    if (this.maintenance === null) return false;
    const { tickedAt, expireAfter } = this.maintenance;
    return this.now > expireAfter && tickedAt > this.now - (leaseSeconds * 2000) / 3;
  }

  isLive({ reachable, drainingAt, reachedAt }: BackendRow): boolean {
    return reachable && drainingAt === null && reachedAt !== null && reachedAt > this.now - silenceSeconds * 1000;
  }

  isExpired(leaseUntil: number | null): boolean {
    return leaseUntil !== null && leaseUntil < this.now;
  }

  /** @throws Error if there never was one */
  job(jobId: string): JobRow {
    const job = this.jobs.get(jobId);
    if (job === undefined) throw new Error(`the reference has no job ${jobId}`);
    return job;
  }

  /** The job, if the attempt is the one that holds it. */
  held({ jobId, attempt }: { jobId: string; attempt: number }): JobRow | undefined {
    const job = this.job(jobId);
    return job.attempt === attempt && (job.state === "running" || job.state === "canceling") ? job : undefined;
  }

  /** The job's last dispatch that is still open. */
  openDispatch({ jobId }: JobRow): DispatchRow | undefined {
    return this.dispatches.findLast((record) => record.jobId === jobId && record.fate === "open");
  }
  /** Whether three workers in a row died over the job while it was in their own hands, not in ComfyUI's. */
  hasKilledWorkers(job: JobRow): boolean {
    const holds = this.attempts.filter(({ jobId }) => jobId === job.jobId).slice(-budget);
    const hasNoPrompt = this.openDispatch(job) === undefined;
    return (
      holds.length === budget &&
      holds.every(({ jobId, attempt, outcome }) => {
        const isDispatched = this.dispatches.some((record) => record.jobId === jobId && record.attempt === attempt);
        const isInOwnHands = hasNoPrompt || this.saved.has(`${jobId} ${attempt}`);
        return (outcome ?? "lease-expired") === "lease-expired" && !isDispatched && isInOwnHands;
      })
    );
  }
}
