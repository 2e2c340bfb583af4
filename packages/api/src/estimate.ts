import type { Wait } from "@darkroom/contracts";

/** What an estimate is made of. */
export interface Pace {
  /** Workflow id → median seconds that a run of it takes. */
  readonly medianSeconds: ReadonlyMap<string, number>;
  /** Median seconds of the last hour's runs of any workflow: what one turn of a slot takes. Null before the first. */
  readonly turnSeconds: number | null;
  /** Slots that live backends offer. */
  readonly slots: number;
  /** For each running job the seconds it still takes, by its own progress; null when that tells nothing yet. */
  readonly running: readonly (number | null)[];
}

/**
 * When a waiting job starts and ends: what is left of the runs under way and the jobs before it, spread over the slots.
 * Null, not a guess, when no job of its workflow has succeeded yet or no slot is there.
 */
export function estimateWait(position: number, workflowId: string, pace: Pace): Wait {
  const { medianSeconds, slots, running } = pace;
  const runSeconds = medianSeconds.get(workflowId);
  if (runSeconds === undefined || slots < 1) return { position, waitSeconds: null, etaSeconds: null };
  const turnSeconds = pace.turnSeconds ?? runSeconds;
  const left = running.reduce<number>((sum, seconds) => sum + (seconds ?? turnSeconds / 2), 0);
  const isNext = position < slots - running.length;
  const waitSeconds = isNext ? 0 : Math.round((left + position * turnSeconds) / slots);
  return { position, waitSeconds, etaSeconds: Math.max(1, Math.round(waitSeconds + runSeconds)) };
}
