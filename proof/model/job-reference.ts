import { type DurableEvent, isTerminal, type JobState, jobStages, type QueueEntry } from "@darkroom/contracts";
import type { Outcome } from "@darkroom/db";

/** When the database's clock begins, in milliseconds since 1970. Any time does; this one is easy to tell from today. */
export const clockStart = Date.UTC(2030, 0, 1);
export const leaseSeconds = 10;
export const jobTimeoutSeconds = 60;
const silenceSeconds = 10;
const budget = 3;

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
}
export interface AttemptRow {
  readonly jobId: string;
  readonly attempt: number;
  readonly backendId: string;
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
interface BackendRow {
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

export interface NewRow {
  readonly jobId: string;
  readonly priority: QueueEntry["priority"];
  readonly capabilityKey: string;
  readonly modelKey: string | null;
  readonly idempotencyKey: string | null;
  readonly inputsHash: string;
  readonly retryOf: string | null;
}

/** What Postgres should hold, and what each verb of `@darkroom/db` should answer: one person's reading of the promises. */
export class JobReference {
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

  copy(): JobReference {
    return Object.assign(new JobReference(), structuredClone({ ...this }));
  }

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

  submit(ownerId: string, batchId: string | null, jobs: readonly NewRow[]): unknown {
    const keyed = jobs.map((job) => ({ ...job, idempotencyKey: job.idempotencyKey ?? job.jobId }));
    const known = keyed.map(({ idempotencyKey }) =>
      [...this.jobs.values()].find((job) => job.ownerId === ownerId && job.idempotencyKey === idempotencyKey),
    );
    if (known.some((job) => job !== undefined)) {
      const isSame = known.every((job, index) => job?.inputsHash === keyed[index]?.inputsHash);
      if (!isSame) return "IDEMPOTENCY_CONFLICT";
      return known.map((job) => ({ jobId: job?.jobId, state: job?.state, version: job?.version }));
    }
    if (!this.seqs.has(ownerId)) this.seqs.set(ownerId, 0);
    if (batchId !== null)
      this.batches.set(batchId, { batchId, open: jobs.length, succeeded: 0, failed: 0, canceled: 0 });
    for (const job of keyed) {
      this.jobs.set(job.jobId, {
        ...job,
        ownerId,
        batchId,
        queuedAt: this.now,
        state: "queued",
        stage: null,
        version: 1,
        attempt: 0,
        failures: 0,
        infraFailures: 0,
        leaseUntil: null,
        runAfter: this.now,
        changedAt: this.now,
        startedAt: null,
        adoptBackendId: null,
        percent: null,
        failureCode: null,
      });
      this.#say(this.#job(job.jobId), "job.queued", batchId ?? "");
    }
    return keyed.map(({ jobId }) => ({ jobId, state: "queued", version: 1 }));
  }

  claim(wish: { jobId: string; backendId: string; adopt: boolean }): number | null {
    const job = this.#job(wish.jobId);
    if (this.#start(job, wish)) return job.attempt;
    const isAbandoned = wish.adopt && job.state === "running" && this.#isExpired(job.leaseUntil) && this.leasesExpire();
    if (!isAbandoned || this.#openDispatch(job)?.backendId !== wish.backendId || this.#hasFelledWorkers(job))
      return null;
    this.#return(job, { reason: "lease-expired", outcome: "lease-expired", adoptable: true });
    return this.#start(job, wish) ? job.attempt : null;
  }

  #start(job: JobRow, { backendId, adopt }: { backendId: string; adopt: boolean }): boolean {
    const isMine = job.adoptBackendId === null || job.adoptBackendId === backendId;
    if (job.state !== "queued" || job.runAfter > this.now || !isMine || (this.isPaused && !adopt)) return false;
    job.state = "running";
    job.attempt += 1;
    job.stage = "preparing";
    job.adoptBackendId = null;
    job.percent = null;
    job.leaseUntil = this.now + leaseSeconds * 1000;
    job.startedAt = this.now;
    job.changedAt = this.now;
    this.attempts.push({ jobId: job.jobId, attempt: job.attempt, backendId, outcome: null });
    this.#advance(job, "job.started", backendId);
    return true;
  }

  dispatch(record: Omit<DispatchRow, "fate">): boolean {
    const job = this.#held(record);
    if (job?.state !== "running") return false;
    this.#orphan(job);
    this.dispatches.push({ ...record, fate: "open" });
    return true;
  }

  closeDispatch(promptId: string): void {
    const record = this.dispatches.find((dispatch) => dispatch.promptId === promptId);
    if (record?.fate === "open") record.fate = "closed";
    if (record?.fate === "orphaned") record.fate = "orphaned, closed";
  }

  /** What a worker finds when it looks through the prompts of a backend. */
  openDispatches(backendId: string): unknown[] {
    return this.dispatches
      .filter((record) => record.backendId === backendId && !record.fate.includes("closed"))
      .map(({ promptId, jobId, attempt, fate }) => {
        const job = this.#job(jobId);
        const leaseLive = (job.state === "running" || job.state === "canceling") && !this.#isExpired(job.leaseUntil);
        return { promptId, attempt, leaseLive, current: this.isOpen(job) && fate === "open" };
      });
  }

  stage(held: { jobId: string; attempt: number }, stage: (typeof jobStages)[number]): number | null {
    const job = this.#held(held);
    if (job === undefined) return null;
    const from = job.stage === null ? -1 : jobStages.indexOf(job.stage);
    if (job.state !== "running" || jobStages.indexOf(stage) <= from) return 0;
    if (job.stage === "preparing" && stage === "loading") job.startedAt = this.now;
    job.stage = stage;
    if (stage === "saving") this.saved.add(`${job.jobId} ${job.attempt}`);
    this.#advance(job, "job.staged", stage);
    return 1;
  }

  output(held: { jobId: string; attempt: number }, ordinal: number): number | null {
    const job = this.#held(held);
    if (job === undefined) return null;
    const name = `${held.jobId} ${held.attempt} ${ordinal}`;
    if (this.outputs.has(name)) return 0;
    this.outputs.add(name);
    this.#advance(job, "output.created");
    return 1;
  }

  heartbeat(
    workerId: string,
    jobs: readonly { jobId: string; attempt: number; percent: number | null }[],
    slots: readonly { backendId: string; ordinal: number }[],
  ): unknown {
    const leaseUntil = this.now + leaseSeconds * 1000;
    const lostJobs: unknown[] = [];
    const canceling: string[] = [];
    const lostSlots: unknown[] = [];
    for (const { jobId, attempt, percent } of jobs) {
      const job = this.#held({ jobId, attempt });
      if (job === undefined) lostJobs.push({ jobId, attempt });
      else {
        job.leaseUntil = leaseUntil;
        job.percent = percent ?? job.percent;
        if (job.state === "canceling") canceling.push(jobId);
      }
    }
    for (const { backendId, ordinal } of slots) {
      const slot = this.slots.find((row) => row.backendId === backendId && row.ordinal === ordinal);
      if (slot?.holder === workerId) slot.leaseUntil = leaseUntil;
      else lostSlots.push({ backendId, ordinal });
    }
    return { lostJobs, canceling: canceling.sort(), lostSlots };
  }

  /** The entry to push: `null` if there is none, `"lost"` if the attempt lost the job. */
  settle(held: { jobId: string; attempt: number }, wish: Outcome): QueueEntry | null | "lost" {
    const job = this.#held(held);
    if (job === undefined) return "lost";
    const outcome = this.#decide(job, wish);
    if (outcome === null) return "lost";
    switch (outcome.type) {
      case "succeeded":
      case "canceled":
        this.#end(job, outcome.type, null);
        return null;
      case "failed":
        this.#end(job, "failed", outcome.failure.code);
        return null;
      case "retry":
        job.failures += outcome.infra ? 0 : 1;
        job.infraFailures += outcome.infra ? 1 : 0;
        this.#return(job, {
          reason: outcome.infra ? "prompt-lost" : "failure",
          outcome: "retry",
          adoptable: false,
          delaySeconds: outcome.delaySeconds,
        });
        return outcome.delaySeconds > 0 ? null : this.entryOf(job);
      case "released":
        this.#return(job, { reason: "released", outcome: "released", adoptable: true });
        return this.entryOf(job);
    }
  }

  #decide(job: JobRow, wish: Outcome): Outcome | null {
    if (job.state === "canceling") return wish.type === "succeeded" ? wish : { type: "canceled" };
    if (wish.type === "canceled") return null;
    if (wish.type !== "retry") return wish;
    const poison = { code: "POISON", message: "", retryable: false } as const;
    if (wish.infra) return job.infraFailures + 1 >= budget ? { type: "failed", failure: poison } : wish;
    return job.failures + 1 >= budget ? { type: "failed", failure: wish.failure } : wish;
  }

  cancel(jobId: string): JobState {
    const job = this.#job(jobId);
    if (job.state === "queued") this.#end(job, "canceled", null);
    else if (job.state === "running") {
      job.state = "canceling";
      job.changedAt = this.now;
      this.#advance(job, "job.canceling");
    }
    return job.state;
  }

  cancelBatch(batchId: string): JobState[] {
    const jobs = [...this.jobs.values()].filter((job) => job.batchId === batchId);
    return jobs.toSorted((a, b) => (a.jobId < b.jobId ? -1 : 1)).map(({ jobId }) => this.cancel(jobId));
  }

  reportBackend(backendId: string, reachable: boolean): void {
    const known = this.backends.get(backendId);
    this.backends.set(backendId, {
      reachable,
      seenAt: this.now,
      reachedAt: reachable ? this.now : (known?.reachedAt ?? null),
      drainingAt: known?.drainingAt ?? null,
    });
  }

  drain(backendId: string, draining: boolean): boolean {
    const backend = this.backends.get(backendId);
    if (backend === undefined) return false;
    backend.drainingAt = draining ? (backend.drainingAt ?? this.now) : null;
    return true;
  }

  acquireSlot(wish: { backendId: string; workerId: string; concurrency: number; kind: "run" | "next" }): number | null {
    const { backendId, workerId, concurrency, kind } = wish;
    const [first, last] = kind === "run" ? [0, concurrency - 1] : [concurrency, concurrency];
    for (let ordinal = first; ordinal <= last; ordinal += 1) {
      if (this.slots.some((slot) => slot.backendId === backendId && slot.ordinal === ordinal)) continue;
      this.slots.push({ backendId, ordinal, holder: null, leaseUntil: null });
    }
    if (this.backends.get(backendId)?.drainingAt != null) return null;
    const [slot] = this.slots
      .filter((row) => row.backendId === backendId && row.ordinal >= first && row.ordinal <= last)
      .filter(({ holder, leaseUntil }) => holder === null || (this.#isExpired(leaseUntil) && this.leasesExpire()))
      .toSorted((a, b) => a.ordinal - b.ordinal);
    if (slot === undefined) return null;
    slot.holder = workerId;
    slot.leaseUntil = this.now + leaseSeconds * 1000;
    return slot.ordinal;
  }

  releaseSlot(held: { backendId: string; ordinal: number; workerId: string }): void {
    const slot = this.slots.find((row) => row.backendId === held.backendId && row.ordinal === held.ordinal);
    if (slot?.holder !== held.workerId) return;
    slot.holder = null;
    slot.leaseUntil = null;
  }

  /** Whether maintenance has been there all along, so that a lease in the past means a dead worker. */
  leasesExpire(): boolean {
    if (this.maintenance === null) return false;
    const { tickedAt, expireAfter } = this.maintenance;
    return this.now > expireAfter && tickedAt > this.now - (leaseSeconds * 2000) / 3;
  }

  /** The half of a tick that happens in Postgres. `isAble` says what a backend's catalog can run. */
  maintain(isAble: (backendId: string, capabilityKey: string) => boolean): void {
    const last = this.maintenance;
    const wasAway = last === null || last.tickedAt < this.now - (leaseSeconds * 2000) / 3;
    const expireAfter = wasAway ? this.now + leaseSeconds * 1000 : last.expireAfter;
    this.maintenance = { tickedAt: this.now, expireAfter };
    if (this.now > expireAfter) {
      this.#expireLeases();
      this.#giveUpAdoption();
    }
    this.#failIncapable(isAble);
  }

  #expireLeases(): void {
    const jobs = [...this.jobs.values()].toSorted((a, b) => (a.jobId < b.jobId ? -1 : 1));
    for (const job of jobs) {
      if (!this.#isExpired(job.leaseUntil)) continue;
      if (job.state === "canceling") this.#end(job, "canceled", null);
      else if (this.#hasFelledWorkers(job)) this.#end(job, "failed", "POISON");
      else this.#return(job, { reason: "lease-expired", outcome: "lease-expired", adoptable: true });
    }
  }

  #giveUpAdoption(): void {
    const before = this.now - silenceSeconds * 1000;
    const waiting = [...this.jobs.values()].filter(({ state }) => state === "queued");
    for (const job of waiting.toSorted((a, b) => a.queuedAt - b.queuedAt || (a.jobId < b.jobId ? -1 : 1))) {
      if (job.adoptBackendId === null) continue;
      const backend = this.backends.get(job.adoptBackendId);
      const isDrained = backend?.drainingAt != null;
      const reachedAt = backend?.reachedAt ?? backend?.seenAt ?? job.changedAt;
      if (reachedAt >= before && !(isDrained && (backend.drainingAt ?? 0) < before)) continue;
      this.#orphan(job);
      job.adoptBackendId = null;
      job.changedAt = this.now;
      if (backend !== undefined && backend.seenAt >= before && !isDrained) job.infraFailures += 1;
      if (job.infraFailures >= budget) this.#end(job, "failed", "POISON");
    }
  }

  #failIncapable(isAble: (backendId: string, capabilityKey: string) => boolean): void {
    const live = [...this.backends].filter(([, backend]) => this.#isLive(backend)).map(([backendId]) => backendId);
    const waiting = [...this.jobs.values()].filter(({ state }) => state === "queued");
    const keys = new Set(waiting.map(({ capabilityKey }) => capabilityKey));
    const lacking = [...keys].filter((key) => live.length > 0 && !live.some((backendId) => isAble(backendId, key)));
    for (const key of this.incapable.keys()) if (!lacking.includes(key)) this.incapable.delete(key);
    for (const key of lacking) if (!this.incapable.has(key)) this.incapable.set(key, this.now);
    for (const job of waiting.toSorted((a, b) => (a.jobId < b.jobId ? -1 : 1))) {
      const since = this.incapable.get(job.capabilityKey);
      if (since === undefined || job.adoptBackendId !== null) continue;
      if (Math.max(since, job.changedAt) < this.now - jobTimeoutSeconds * 1000)
        this.#end(job, "failed", "NO_CAPABLE_BACKEND");
    }
  }

  #isLive({ reachable, drainingAt, reachedAt }: BackendRow): boolean {
    return reachable && drainingAt === null && reachedAt !== null && reachedAt > this.now - silenceSeconds * 1000;
  }

  #isExpired(leaseUntil: number | null): boolean {
    return leaseUntil !== null && leaseUntil < this.now;
  }

  #job(jobId: string): JobRow {
    const job = this.jobs.get(jobId);
    if (job === undefined) throw new Error(`the reference has no job ${jobId}`);
    return job;
  }

  /** The job, if the attempt is the one that holds it. */
  #held({ jobId, attempt }: { jobId: string; attempt: number }): JobRow | undefined {
    const job = this.#job(jobId);
    return job.attempt === attempt && (job.state === "running" || job.state === "canceling") ? job : undefined;
  }

  /** Whether three workers in a row died over the job while it was in their own hands, not in ComfyUI's. */
  #hasFelledWorkers(job: JobRow): boolean {
    const holds = this.attempts.filter(({ jobId }) => jobId === job.jobId).slice(-budget);
    const hasNoPrompt = this.#openDispatch(job) === undefined;
    return (
      holds.length === budget &&
      holds.every(({ jobId, attempt, outcome }) => {
        const isDispatched = this.dispatches.some((record) => record.jobId === jobId && record.attempt === attempt);
        const isInOwnHands = hasNoPrompt || this.saved.has(`${jobId} ${attempt}`);
        return (outcome ?? "lease-expired") === "lease-expired" && !isDispatched && isInOwnHands;
      })
    );
  }

  #openDispatch({ jobId }: JobRow): DispatchRow | undefined {
    return this.dispatches.findLast((record) => record.jobId === jobId && record.fate === "open");
  }

  #orphan({ jobId }: JobRow): void {
    for (const record of this.dispatches) {
      if (record.jobId === jobId && record.fate === "open") record.fate = "orphaned";
    }
  }

  #return(job: JobRow, back: { reason: string; outcome: string; adoptable: boolean; delaySeconds?: number }): void {
    if (!back.adoptable) this.#orphan(job);
    this.#endAttempt(job, back.outcome);
    job.state = "queued";
    job.stage = null;
    job.percent = null;
    job.leaseUntil = null;
    job.startedAt = null;
    job.changedAt = this.now;
    job.runAfter = this.now + (back.delaySeconds ?? 0) * 1000;
    job.adoptBackendId = (back.adoptable ? this.#openDispatch(job)?.backendId : null) ?? null;
    this.#advance(job, "job.retried", back.reason);
  }

  #end(job: JobRow, state: "succeeded" | "failed" | "canceled", failureCode: string | null): void {
    job.state = state;
    job.stage = null;
    job.percent = null;
    job.leaseUntil = null;
    job.adoptBackendId = null;
    job.failureCode = failureCode;
    job.changedAt = this.now;
    this.#endAttempt(job, state);
    const open = this.#openDispatch(job);
    if (state === "succeeded" && open !== undefined) open.fate = "closed";
    this.#advance(job, `job.${state}`, failureCode ?? "");
    const batch = job.batchId === null ? undefined : this.batches.get(job.batchId);
    if (batch === undefined) return;
    batch.open -= 1;
    batch[state] += 1;
    const { batchId, open: left, succeeded, failed, canceled } = batch;
    if (left > 0) return;
    const about = `${succeeded} ${failed} ${canceled}`;
    this.#append(job.ownerId, { type: "batch.settled", id: batchId, version: null, attempt: null, about });
  }

  #endAttempt({ jobId, attempt }: JobRow, outcome: string): void {
    const row = this.attempts.find((item) => item.jobId === jobId && item.attempt === attempt);
    if (row?.outcome === null) row.outcome = outcome;
  }

  #advance(job: JobRow, type: DurableEvent["type"], about = ""): void {
    job.version += 1;
    this.#say(job, type, about);
  }

  #say({ ownerId, jobId: id, version, attempt }: JobRow, type: DurableEvent["type"], about: string): void {
    this.#append(ownerId, { type, id, version, attempt, about });
  }

  #append(ownerId: string, event: Omit<EventGist, "ownerId" | "ownerSeq">): void {
    const ownerSeq = (this.seqs.get(ownerId) ?? 0) + 1;
    this.seqs.set(ownerId, ownerSeq);
    this.events.push({ ownerId, ownerSeq, ...event });
  }
}
