import { failpoint } from "@darkroom/contracts";
import { acquireSlot, type Claim, claimJob, isPaused, releaseSlot } from "@darkroom/db";
import { type Queue, type QueueEntry, QueueUnavailable } from "@darkroom/queue";
import { AttemptReleased, createAttempt, LeaseLost } from "./attempt.ts";
import type { Backend } from "./backend.ts";
import { type Bell, createBell } from "./bell.ts";
import { decideCapability } from "./decide-capability.ts";
import type { Metrics } from "./metrics.ts";
import type { Registry } from "./registry.ts";
import { type RunParts, runJob } from "./run-job.ts";
import { settle } from "./settle.ts";
import { sweepDispatches } from "./sweep-dispatches.ts";

export interface ProcessorParts extends Omit<RunParts, "client"> {
  readonly backend: Backend;
  readonly queue: Queue;
  readonly registry: Registry;
  readonly workerId: string;
  readonly metrics: Metrics;
}

/** One slot's loop: hold a slot, adopt or take, run, settle, again. */
export interface Processor {
  /** Something may be there to take. */
  readonly bell: Bell;
  /** Runs until `quiet`, and until the job it has then is settled. */
  run(): Promise<void>;
  /** Takes nothing more. */
  quiet(): void;
  /** Ends without releasing its slot, as a killed process would. */
  crash(): void;
}

/** How a turn went: a job ran, nothing was there, or the slot is no good any more. */
type Turn = "worked" | "idle" | "leave";

export function createProcessor(parts: ProcessorParts): Processor {
  const { backend, database, queue, registry, workerId, settings, storage, metrics } = parts;
  const { backendId } = backend;
  const log = parts.log.child({ backend: backendId });
  const { leaseSeconds, concurrency } = settings;
  const bell = createBell();
  let isQuiet = false;
  let isCrashed = false;
  let isQueueDown = false;

  async function run(): Promise<void> {
    while (!isQuiet) {
      const wasHeld = await holdSlot().catch((error: unknown) => {
        log.warn({ err: error }, "the slot loop failed; it begins again");
        backend.suspect();
        return false;
      });
      if (!isQuiet && !wasHeld) await bell.wait(settings.idleMs * (0.75 + Math.random() / 4));
    }
  }

  /** False if no slot was to be had. */
  async function holdSlot(): Promise<boolean> {
    // Nothing new goes there, but what nobody wants must not run on: removing it needs no slot.
    if (backend.isDraining()) await sweepDispatches(backend, { database, log });
    if (!backend.isReady()) return false;
    const slot = await acquireSlot(database, { backendId, workerId, concurrency, leaseSeconds });
    if (slot === null) return false;
    await failpoint("slot.acquired");
    let isLost = false;
    const entry = {
      backendId,
      ordinal: slot.ordinal,
      lost: () => {
        isLost = true;
        current?.abort(new AttemptReleased("another worker holds the slot"));
        bell.ring();
      },
    };
    registry.addSlot(entry);
    try {
      while (!isQuiet && !isLost && backend.isReady()) {
        const turn = await takeTurn();
        if (turn === "leave") return false;
        if (turn === "idle" && !isQuiet && !isLost) await bell.wait(settings.idleMs);
      }
      return !isLost;
    } finally {
      registry.removeSlot(entry);
      await failpoint("slot.releasing");
      // A crash leaves it to its lease.
      if (!isCrashed)
        await releaseSlot(database, { backendId, ordinal: slot.ordinal, workerId }).catch((error: unknown) =>
          log.warn({ err: error }, "could not release the slot; its lease will end"),
        );
    }
  }

  let current: ReturnType<typeof createAttempt> | null = null;

  async function takeTurn(): Promise<Turn> {
    const free = await storage.freeBytes();
    if (free < settings.minFreeBytes) {
      log.error({ freeBytes: free }, "too little free space for outputs; taking nothing");
      return "leave";
    }
    // What was begun comes before what is new.
    const { adoptable, isOccupied } = await sweepDispatches(backend, { database, log });
    for (const jobId of adoptable) {
      const ended = await claimAndRun({ jobId, adopt: true }, null);
      if (ended !== null) return ended;
    }
    if (isQuiet || isOccupied || (await isPaused(database))) return "idle";
    const entry = await take();
    if (entry === null) return "idle";
    await failpoint("take.taken");
    // Claimed by another, canceled or not due: drop it and take again.
    return (await claimAndRun({ jobId: entry.jobId }, entry.modelKey)) ?? "worked";
  }

  /** The next job in turn that this backend can run. */
  async function take(): Promise<QueueEntry | null> {
    for (;;) {
      const { catalog, warmModelKey } = backend;
      if (catalog === null || isQuiet) return null;
      const answer = await queue.take({ backendId, catalogHash: catalog.hash, warmModelKey }).catch(queueDown);
      if (answer === null) return null;
      if (isQueueDown) log.info("redis gives jobs again");
      isQueueDown = false;
      switch (answer.type) {
        case "job":
          return answer.entry;
        case "empty":
          return null;
        case "unknown-capability":
          await decideCapability(answer, catalog, { database, queue });
      }
    }
  }

  /** While Redis is away the slot is kept, and prompts that are open go on being adopted. */
  function queueDown(error: unknown): null {
    if (!(error instanceof QueueUnavailable)) throw error;
    if (!isQueueDown) log.warn({ err: error }, "redis gives no jobs");
    isQueueDown = true;
    return null;
  }

  /** Null if there was nothing to claim. */
  async function claimAndRun(claim: Pick<Claim, "jobId" | "adopt">, modelKey: string | null): Promise<Turn | null> {
    const claimed = await claimJob(database, { ...claim, workerId, backendId, leaseSeconds });
    if (claimed === null || isCrashed) return null;
    const { job, events } = claimed;
    await failpoint("claim.committed");
    const attempt = createAttempt(job, backendId, log);
    const jobLog = attempt.log;
    current = attempt;
    registry.addAttempt(attempt);
    parts.announcer.events(events);
    // It was found in Postgres, so its entry in Redis is still there; whoever takes it would drop it.
    if (claim.adopt === true) queue.remove([job.jobId]).catch(() => undefined);
    jobLog.info({ adopts: job.openDispatch?.promptId }, "claimed");
    const startedAt = performance.now();
    try {
      await failpoint("claim.registered");
      const outcome = await runJob(attempt, { ...parts, client: backend.client, log: jobLog });
      if (modelKey !== null) backend.warm(modelKey);
      if (isCrashed) return "leave";
      attempt.isSettling = true;
      if (attempt.isBackendStuck && attempt.promptId !== null) backend.quarantine(attempt.promptId);
      if (attempt.isBackendUnreachable) backend.failed();
      await settle({ ...parts, leaseSeconds, log: jobLog }, attempt, outcome);
      metrics.attemptEnded(backendId, outcome.type, (performance.now() - startedAt) / 1000);
      jobLog.info({ outcome: outcome.type }, "settled");
      if (outcome.type === "succeeded") backend.worked();
      if (outcome.type !== "released") return "worked";
      if (attempt.isBackendWedged) backend.rest();
      // Given back because something is out of order: whoever is in order shall have it first.
      backend.suspect();
      return "leave";
    } finally {
      registry.removeAttempt(attempt);
      current = null;
    }
  }

  return {
    bell,
    run,
    quiet: () => {
      isQuiet = true;
      bell.ring();
    },
    crash: () => {
      isCrashed = true;
      isQuiet = true;
      current?.abort(new LeaseLost("the worker crashed"));
      bell.ring();
    },
  };
}
