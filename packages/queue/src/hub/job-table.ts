import {
  type CustomEvent,
  type FeedEvent,
  isAfterEnd,
  isTerminal,
  type JobState,
  stateAfter,
  type TransientEvent,
  type Wait,
} from "@darkroom/contracts";

/** A job as it stood at some moment, so that its transient events can be judged. A `JobView` fits. */
export interface KnownJob {
  readonly jobId: string;
  readonly version: number;
  readonly attempt: number;
  readonly state: JobState;
}

/** Jobs remembered per owner. An ended one is needed only while late transients of it may arrive. */
const MAX_JOBS = 1000;

interface TableRow {
  version: number;
  attempt: number;
  isQueued: boolean;
  /** It ended, or was removed since: none of its transients is true any more. */
  isOver: boolean;
  /** As last delivered; null before the first. */
  wait: Wait | null;
}

/**
 * What a transient event is, compared with the last durable event of its job. `ahead` tells nothing yet, because the event
 * that it belongs to has not come or the job is not known: Postgres must be read first.
 */
export type Verdict = "fresh" | "stale" | "ahead";

/** The last durable event of each job of one owner: what its transient events are judged by. */
export class JobTable {
  readonly #rows = new Map<string, TableRow>();
  readonly #queued = new Set<string>();

  /** Remembers a durable event. */
  apply(event: FeedEvent): void {
    if (!("jobId" in event)) return;
    const row = this.#rows.get(event.jobId);
    if (row !== undefined && row.version >= event.version) return;
    const { jobId, version, attempt } = event;
    const isQueued = stateAfter(event) === "queued";
    this.#set(jobId, { version, attempt, isQueued, isOver: isAfterEnd(event), wait: null });
  }

  has(jobId: string): boolean {
    return this.#rows.has(jobId);
  }

  /** Remembers a job as a snapshot or Postgres has it, unless something is known of it. */
  seed({ jobId, version, attempt, state }: KnownJob): void {
    if (this.#rows.has(jobId)) return;
    this.#set(jobId, { version, attempt, isQueued: state === "queued", isOver: isTerminal(state), wait: null });
  }

  judge(event: TransientEvent | CustomEvent): Verdict {
    if (!("jobId" in event)) return "fresh";
    const row = this.#rows.get(event.jobId);
    if (row === undefined) return "ahead";
    if (row.isOver || event.version < row.version || event.attempt < row.attempt) return "stale";
    return event.version > row.version ? "ahead" : "fresh";
  }

  /** Jobs that wait, as last delivered. */
  *queued(): Iterable<[jobId: string, row: TableRow]> {
    for (const jobId of this.#queued) {
      const row = this.#rows.get(jobId);
      if (row !== undefined) yield [jobId, row];
    }
  }

  hasQueued(): boolean {
    return this.#queued.size > 0;
  }

  #set(jobId: string, row: TableRow): void {
    // Deleted first, so that iteration begins with what changed longest ago.
    this.#rows.delete(jobId);
    this.#rows.set(jobId, row);
    if (row.isQueued) this.#queued.add(jobId);
    else this.#queued.delete(jobId);
    if (this.#rows.size <= MAX_JOBS) return;
    for (const [id, { isOver }] of this.#rows) {
      if (!isOver) continue;
      this.#rows.delete(id);
      return;
    }
    const [oldest] = this.#rows.keys();
    if (oldest === undefined) return;
    this.#rows.delete(oldest);
    this.#queued.delete(oldest);
  }
}
