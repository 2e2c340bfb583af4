import { type JobState, jobStages, type QueueEntry } from "@darkroom/contracts";
import type { SettledOutcome } from "@darkroom/db";
import { maintain } from "./job-reference/maintenance.ts";
import { byJobId, type DispatchRow, type JobRow, Tables } from "./job-reference/tables.ts";
import { advance, end, giveBack, orphan, say, start } from "./job-reference/transitions.ts";
import { budget, leaseSeconds } from "./settings.ts";

/** A job as `submit` is given it. */
export interface NewRow {
  readonly jobId: string;
  readonly priority: QueueEntry["priority"];
  readonly capabilityKey: string;
  readonly modelKey: string | null;
  readonly idempotencyKey: string | null;
  readonly inputsHash: string;
  readonly retryOf: string | null;
}

/** What each verb of `@darkroom/db` should do to the tables, and answer: one person's reading of the promises. */
export class JobReference extends Tables {
  copy(): JobReference {
    return Object.assign(new JobReference(), structuredClone({ ...this }));
  }

  submit(ownerId: string, batchId: string | null, jobs: readonly NewRow[]): unknown {
    const keyed = jobs.map((job) => ({ ...job, idempotencyKey: job.idempotencyKey ?? job.jobId }));
    const known = keyed.map(({ idempotencyKey }) =>
      [...this.jobs.values()].find((job) => job.ownerId === ownerId && job.idempotencyKey === idempotencyKey),
    );
    if (known.some((job) => job !== undefined)) {
      const isSame = known.every((job, index) => {
        const asked = keyed[index];
        return job?.inputsHash === asked?.inputsHash && job?.priority === asked?.priority;
      });
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
        isRemoved: false,
      });
      say(this, this.job(job.jobId), "job.queued", batchId ?? "");
    }
    return keyed.map(({ jobId }) => ({ jobId, state: "queued", version: 1 }));
  }

  claim(wish: { jobId: string; backendId: string; adopt: boolean }): number | null {
    const job = this.job(wish.jobId);
    if (start(this, job, wish)) return job.attempt;
    const isAbandoned = wish.adopt && job.state === "running" && this.isExpired(job.leaseUntil) && this.leasesExpire();
    if (!isAbandoned || this.openDispatch(job)?.backendId !== wish.backendId || this.hasKilledWorkers(job)) return null;
    giveBack(this, job, { reason: "lease-expired", outcome: "lease-expired", adoptable: true });
    return start(this, job, wish) ? job.attempt : null;
  }

  dispatch(record: Omit<DispatchRow, "fate">): boolean {
    const job = this.held(record);
    if (job?.state !== "running") return false;
    orphan(this, job);
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
        const job = this.job(jobId);
        const leaseLive = (job.state === "running" || job.state === "canceling") && !this.isExpired(job.leaseUntil);
        return { promptId, attempt, leaseLive, current: this.isOpen(job) && fate === "open" };
      });
  }

  stage(held: { jobId: string; attempt: number }, stage: (typeof jobStages)[number]): number | null {
    const job = this.held(held);
    if (job === undefined) return null;
    const from = job.stage === null ? -1 : jobStages.indexOf(job.stage);
    if (job.state !== "running" || jobStages.indexOf(stage) <= from) return 0;
    const attempt = this.attempts.find((row) => row.jobId === job.jobId && row.attempt === job.attempt);
    if (attempt === undefined) throw new Error("a running job has an attempt");
    attempt.stagedAt ??= this.now;
    const isNewRun = job.startedAt !== null && job.startedAt >= attempt.startedAt;
    if (job.stage === "preparing" && stage === "loading" && isNewRun) job.startedAt = this.now;
    job.stage = stage;
    if (stage === "saving") this.saved.add(`${job.jobId} ${job.attempt}`);
    advance(this, job, "job.staged", stage);
    return 1;
  }

  output(held: { jobId: string; attempt: number }, ordinal: number): number | null {
    const job = this.held(held);
    if (job === undefined) return null;
    const name = `${held.jobId} ${held.attempt} ${ordinal}`;
    if (this.outputs.has(name)) return 0;
    this.outputs.add(name);
    advance(this, job, "output.created");
    return 1;
  }

  heartbeat(
    workerId: string,
    jobs: readonly { jobId: string; attempt: number; percent: number | null }[],
    slots: readonly { backendId: string; ordinal: number }[],
  ): unknown {
    const leaseUntil = this.now + leaseSeconds * 1000;
    const lostJobs: unknown[] = [];
    const canceling: { jobId: string; version: number }[] = [];
    const lostSlots: unknown[] = [];
    for (const { jobId, attempt, percent } of jobs) {
      const job = this.held({ jobId, attempt });
      if (job === undefined) lostJobs.push({ jobId, attempt });
      else {
        job.leaseUntil = leaseUntil;
        job.percent = percent ?? job.percent;
        if (job.state === "canceling") canceling.push({ jobId, version: job.version });
      }
    }
    for (const { backendId, ordinal } of slots) {
      const slot = this.slots.find((row) => row.backendId === backendId && row.ordinal === ordinal);
      if (slot?.holder === workerId) slot.leaseUntil = leaseUntil;
      else lostSlots.push({ backendId, ordinal });
    }
    return { lostJobs, canceling: canceling.sort(byJobId), lostSlots };
  }

  /** The entry to push: `null` if there is none, `"lost"` if the attempt lost the job. */
  settle(held: { jobId: string; attempt: number }, wish: SettledOutcome): QueueEntry | null | "lost" {
    const job = this.held(held);
    if (job === undefined) return "lost";
    const outcome = this.#decide(job, wish);
    if (outcome === null) return "lost";
    switch (outcome.type) {
      case "succeeded":
      case "canceled":
        end(this, job, outcome.type, null);
        return null;
      case "failed":
        end(this, job, "failed", outcome.failure.code);
        return null;
      case "retry":
        job.failures += outcome.infra ? 0 : 1;
        job.infraFailures += outcome.infra ? 1 : 0;
        giveBack(this, job, {
          reason: outcome.infra ? "prompt-lost" : "failure",
          outcome: "retry",
          adoptable: false,
          delaySeconds: outcome.delaySeconds,
        });
        return outcome.delaySeconds > 0 ? null : this.entryOf(job);
      case "released":
        giveBack(this, job, { reason: outcome.reason ?? "released", outcome: "released", adoptable: true });
        return this.entryOf(job);
      case "backend-gone":
        job.infraFailures += outcome.counts ? 1 : 0;
        giveBack(this, job, { reason: "backend-gone", outcome: "backend-gone", adoptable: false });
        return this.entryOf(job);
    }
  }

  #decide(job: JobRow, wish: SettledOutcome): SettledOutcome | null {
    if (job.state === "canceling") return wish.type === "succeeded" ? wish : { type: "canceled" };
    if (wish.type === "canceled") return null;
    const poison = { code: "POISON", message: "", retryable: false } as const;
    const isLost = (wish.type === "retry" && wish.infra) || (wish.type === "backend-gone" && wish.counts);
    if (isLost) return job.infraFailures + 1 >= budget ? { type: "failed", failure: poison } : wish;
    if (wish.type !== "retry") return wish;
    return job.failures + 1 >= budget ? { type: "failed", failure: wish.failure } : wish;
  }

  /** How many events tell of it; `null` if there is no such job any more. */
  remove(jobId: string): number | null | "JOB_NOT_ENDED" {
    const job = this.job(jobId);
    if (job.isRemoved) return null;
    if (this.isOpen(job)) return "JOB_NOT_ENDED";
    job.isRemoved = true;
    job.failureCode = null;
    for (const name of this.outputs) if (name.startsWith(`${jobId} `)) this.outputs.delete(name);
    advance(this, job, "job.removed");
    return 1;
  }

  cancel(jobId: string): JobState | undefined {
    const job = this.job(jobId);
    if (job.isRemoved) return undefined;
    if (job.state === "queued") end(this, job, "canceled", null);
    else if (job.state === "running") {
      job.state = "canceling";
      job.changedAt = this.now;
      advance(this, job, "job.canceling");
    }
    return job.state;
  }

  cancelBatch(batchId: string): (JobState | undefined)[] {
    const jobs = [...this.jobs.values()].filter((job) => job.batchId === batchId && !job.isRemoved);
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
      .filter(({ holder, leaseUntil }) => holder === null || (this.isExpired(leaseUntil) && this.leasesExpire()))
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

  /** The half of a tick that happens in Postgres. `isAble` says what a backend's catalog can run. */
  maintain(isAble: (backendId: string, capabilityKey: string) => boolean): void {
    maintain(this, isAble);
  }
}
