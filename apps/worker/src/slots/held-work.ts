import type { HeldSlot, SlotKind } from "@darkroom/db";
import type { Attempt } from "../attempt/attempt.ts";

/** A slot this worker holds, and what to do when another worker got it. */
export interface HeldSlotEntry extends HeldSlot {
  readonly kind: SlotKind;
  lost(): void;
}

/** What this worker holds right now: the heartbeat renews it, cancels and shutdown find it here. */
export interface HeldWork {
  readonly attempts: ReadonlyMap<string, Attempt>;
  readonly slots: ReadonlySet<HeldSlotEntry>;
  addAttempt(attempt: Attempt): void;
  removeAttempt(attempt: Attempt): void;
  addSlot(slot: HeldSlotEntry): void;
  removeSlot(slot: HeldSlotEntry): void;
}

export function createHeldWork(): HeldWork {
  const attempts = new Map<string, Attempt>();
  const slots = new Set<HeldSlotEntry>();
  return {
    attempts,
    slots,
    addAttempt: (attempt) => void attempts.set(attempt.job.jobId, attempt),
    removeAttempt: (attempt) => {
      // A job can come back to the same worker before its old attempt has unwound: never remove the newer one.
      if (attempts.get(attempt.job.jobId) === attempt) attempts.delete(attempt.job.jobId);
    },
    addSlot: (slot) => void slots.add(slot),
    removeSlot: (slot) => void slots.delete(slot),
  };
}
