import { failpoint } from "@darkroom/contracts";
import { acquireSlot, admit, type Claim, claimJob, releaseSlot, type SlotKind } from "@darkroom/db";
import { type Queue, type QueueEntry, QueueUnavailable } from "@darkroom/queue";
import { AttemptReleased, createAttempt, LeaseLost } from "../attempt/attempt.ts";
import type { Backend } from "../backend/backend.ts";
import { decideCapability } from "../backend/decide-capability.ts";
import { sweepDispatches } from "../backend/sweep-prompts.ts";
import type { Metrics } from "../health/metrics.ts";
import { type RunParts, runJob } from "../run/run-job.ts";
import { settle } from "../run/settle.ts";
import { watchWaiting } from "../run/watch-waiting.ts";
import { type Bell, createBell } from "../wakeup.ts";
import type { Registry } from "./held-work.ts";

export interface ProcessorParts extends Omit<RunParts, "client"> {
  readonly backend: Backend;
  /** Of the slot that it looks for. */
  readonly kind: SlotKind;
  /** Something changed on the backend: its other slots may have something to do. */
  readonly ringOthers: () => void;
  readonly queue: Queue;
  readonly registry: Registry;
  readonly workerId: string;
  readonly metrics: Metrics;
}

/** One slot's loop: hold a slot, adopt or take, run (or be the next to run), settle, again. */
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
  const { backend, kind, database, queue, registry, workerId, settings, storage, metrics } = parts;
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
    if (kind === "run" && backend.isDraining()) await sweepDispatches(backend, { database, log });
    if (!isWanted()) return false;
    const slot = await acquireSlot(database, { backendId, workerId, concurrency, leaseSeconds, kind });
    if (slot === null) return false;
    await failpoint("slot.acquired");
    let isLost = false;
    const entry = {
      backendId,
      ordinal: slot.ordinal,
      kind,
      lost: () => {
        isLost = true;
        current?.abort(new AttemptReleased("another worker holds the slot"));
        bell.ring();
      },
    };
    registry.addSlot(entry);
    parts.ringOthers();
    try {
      while (!isQuiet && !isLost && isWanted()) {
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

  /** The slot `next` goes to a worker that has one of kind `run` there: it hears at once when a run begins. */
  function isWanted(): boolean {
    const isHeld = [...registry.slots].some((slot) => slot.backendId === backendId && slot.kind === "run");
    return backend.isReady() && (kind === "run" || isHeld);
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
      const ended = await claimAndRun({ jobId, adopt: true }, false);
      if (ended !== null) return ended;
    }
    if (isQuiet || isOccupied) return "idle";
    const place = await admit(database, { backendId, kind, concurrency });
    if (place === null) return "idle";
    if (place === "next") await failpoint("next.granted");
    const entry = await take();
    if (entry === null) return "idle";
    await failpoint("take.taken");
    // Claimed by another, canceled or not due: drop it and take again.
    return (await claimAndRun({ jobId: entry.jobId }, place === "next")) ?? "worked";
  }

  /** The next job in turn that this backend can run. */
  async function take(): Promise<QueueEntry | null> {
    for (;;) {
      const { catalog } = backend;
      const warmModelKey = settings.prefersWarm ? backend.warmModelKey : null;
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
  async function claimAndRun(claim: Pick<Claim, "jobId" | "adopt">, isBehind: boolean): Promise<Turn | null> {
    const claimed = await claimJob(database, { ...claim, workerId, backendId, leaseSeconds });
    if (claimed === null || isCrashed) return null;
    const { job, events } = claimed;
    await failpoint("claim.committed");
    const attempt = createAttempt(job, { backendId, log, isBehind, onStaged: parts.ringOthers });
    const jobLog = attempt.log;
    current = attempt;
    registry.addAttempt(attempt);
    parts.announcer.events(events);
    // It was found in Postgres, so its entry in Redis is still there; whoever takes it would drop it.
    if (claim.adopt === true) queue.remove([job.jobId]).catch(() => undefined);
    jobLog.info({ adopts: job.openDispatch?.promptId, isBehind }, "claimed");
    // Prompts run in the order in which they are sent, so the model of this one is warm for the one after it.
    if (job.modelKey !== null) backend.warm(job.modelKey);
    if (isQuiet && isBehind) attempt.giveBack();
    const endWatch = watchWaiting(attempt, { backend, database, intervalMs: settings.quietMs, log: jobLog });
    const startedAt = performance.now();
    try {
      await failpoint("claim.registered");
      const outcome = await runJob(attempt, { ...parts, client: backend.client, log: jobLog });
      if (isCrashed) return "leave";
      attempt.isSettling = true;
      if (attempt.isBackendStuck && attempt.promptId !== null) backend.quarantine(attempt.promptId);
      // Of one outage each prompt tells; the one that runs is heard.
      if (attempt.isBackendUnreachable && (attempt.hasBegun || !attempt.isBehind)) backend.failed();
      if (attempt.isBackendBroken) backend.rest();
      await settle({ ...parts, leaseSeconds, log: jobLog }, attempt, outcome);
      metrics.attemptEnded(backendId, outcome.type, (performance.now() - startedAt) / 1000);
      jobLog.info({ outcome: outcome.type }, "settled");
      if (outcome.type === "succeeded") backend.worked();
      if (outcome.type !== "released") return "worked";
      // Given back because something is out of order: whoever is in order shall have it first.
      backend.suspect();
      return "leave";
    } finally {
      endWatch();
      registry.removeAttempt(attempt);
      current = null;
      parts.ringOthers();
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
