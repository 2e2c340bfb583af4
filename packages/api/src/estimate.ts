import type { Wait } from "@darkroom/contracts";

/** What an estimate is made of. */
export interface Pace {
  /** Workflow id → median seconds that a run of it takes. */
  readonly medianSeconds: ReadonlyMap<string, number>;
  /** Median seconds of the last hour's runs of any workflow: what one turn of a slot takes. Null before the first. */
  readonly turnSeconds: number | null;
  /** Slots that live backends offer, and how many of them are held. */
  readonly slots: { readonly held: number; readonly total: number };
}

/**
 * When a waiting job starts and ends: the jobs before it, and half of each run that is under way, spread over the slots.
 * Null, not a guess, when no job of its workflow has succeeded yet or no slot is there.
 */
export function estimateWait(position: number, workflowId: string, { medianSeconds, turnSeconds, slots }: Pace): Wait {
  const runSeconds = medianSeconds.get(workflowId);
  if (runSeconds === undefined || slots.total < 1) return { position, waitSeconds: null, etaSeconds: null };
  const isNext = position < slots.total - slots.held;
  const turns = isNext ? 0 : (position + slots.held / 2) / slots.total;
  const waitSeconds = Math.round(turns * (turnSeconds ?? runSeconds));
  return { position, waitSeconds, etaSeconds: Math.max(1, Math.round(waitSeconds + runSeconds)) };
}
