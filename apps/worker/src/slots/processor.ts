import { createCooldown, failpoint } from "@darkroom/contracts";
import { acquireSlot, openDispatches, releaseSlot } from "@darkroom/db";
import { sweepPrompts } from "../backend/sweep-prompts.ts";
import { createWakeup, type Wakeup } from "../wakeup.ts";
import type { HeldSlotEntry } from "./held-work.ts";
import type { ProcessorParts, SlotLoop } from "./slot-loop.ts";
import { createJobTaker } from "./take-job.ts";
import { takeTurn } from "./take-turn.ts";

/** What fails a loop fails it again at once, as an outage of Postgres does: one kind of error is logged this often. */
const SAY_EVERY_MS = 60_000;

const nameOf = (error: unknown): string =>
  error instanceof Error ? ("code" in error ? String(error.code) : error.name) : "unknown";

/** One slot's loop: hold a slot, adopt or take, run (or be the next to run), leave the outputs to be saved, again. */
export interface Processor {
  /** Something may be there to take. */
  readonly wakeup: Wakeup;
  /** Runs until `quiet`, and until the jobs that it had are settled. */
  run(): Promise<void>;
  /** Takes nothing more. */
  quiet(): void;
  /** Ends without releasing its slot or writing anything, as a killed process would. */
  crash(): void;
}

export function createProcessor(parts: ProcessorParts): Processor {
  const { backend, settings } = parts;
  const log = parts.log.child({ backend: backend.backendId });
  const wakeup = createWakeup();
  const taker = createJobTaker({ ...parts, log });
  const loop: SlotLoop = { ...parts, log, wakeup, taker, isQuiet: false, isCrashed: false, current: null };

  return {
    wakeup,
    run: async () => {
      const isNews = createCooldown(SAY_EVERY_MS);
      while (!loop.isQuiet) {
        const wasHeld = await holdSlot(loop).catch((error: unknown) => {
          if (isNews(nameOf(error))) log.warn({ err: error }, "the slot loop failed; it begins again");
          backend.suspect();
          return false;
        });
        if (!loop.isQuiet && !wasHeld) await wakeup.wait(settings.idleMs * (0.75 + Math.random() / 4));
      }
      await loop.savings.drained();
    },
    quiet: () => {
      loop.isQuiet = true;
      wakeup.notify();
    },
    crash: () => {
      loop.isCrashed = true;
      loop.isQuiet = true;
      wakeup.notify();
    },
  };
}

/** Takes turns as long as it holds a slot. False if no slot was to be had, or this one is no good any more. */
async function holdSlot(loop: SlotLoop): Promise<boolean> {
  const { backend, kind, database, workerId, settings, heldWork, wakeup, log } = loop;
  const { backendId } = backend;
  const { leaseSeconds, concurrency } = settings;
  // Nothing new goes to a draining backend, but what nobody wants must not run on there: removing it needs no slot.
  if (kind === "run" && backend.isDraining())
    await sweepPrompts(backend, await openDispatches(database, backend), { database, log });
  // Asked before the slot is held: each slot that is given up wakes the others, which would try in its place at once.
  if (!isWanted(loop) || !(await loop.storageGate.isOpen())) return false;
  const slot = await acquireSlot(database, { backendId, workerId, concurrency, leaseSeconds, kind });
  if (slot === null) return false;
  await failpoint("slot.acquired");
  let isLost = false;
  const entry: HeldSlotEntry = {
    backendId,
    ordinal: slot.ordinal,
    kind,
    lost: () => {
      isLost = true;
      loop.current?.abort({ type: "released", why: "another worker holds the slot" });
      wakeup.notify();
    },
  };
  heldWork.addSlot(entry);
  loop.notifyOthers();
  try {
    while (!loop.isQuiet && !isLost && isWanted(loop)) {
      const turn = await takeTurn(loop);
      if (turn === "leave") return false;
      if (turn === "idle" && !loop.isQuiet && !isLost) await wakeup.wait(settings.idleMs);
    }
    return !isLost;
  } finally {
    heldWork.removeSlot(entry);
    await failpoint("slot.releasing");
    // After a crash nobody would release it either: its lease ends.
    if (!loop.isCrashed)
      await releaseSlot(database, { backendId, ordinal: slot.ordinal, workerId }).catch((error: unknown) =>
        log.warn({ err: error }, "could not release the slot; its lease will end"),
      );
  }
}

/** The slot `next` goes to a worker that has one of kind `run` there: it hears at once when a run begins. */
function isWanted({ backend, kind, heldWork }: SlotLoop): boolean {
  const { backendId } = backend;
  const isHeld = [...heldWork.slots].some((slot) => slot.backendId === backendId && slot.kind === "run");
  return backend.isReady() && (kind === "run" || isHeld);
}
