import type { Tracer } from "@darkroom/contracts";
import type { SlotKind } from "@darkroom/db";
import type { Publisher, Queue } from "@darkroom/queue";
import type { Attempt } from "../attempt/attempt.ts";
import type { Backend } from "../backend/backend.ts";
import type { Metrics } from "../health/metrics.ts";
import type { RunParts } from "../run/run-job.ts";
import type { Wakeup } from "../wakeup.ts";
import type { HeldWork } from "./held-work.ts";
import type { Savings } from "./savings.ts";
import type { JobTaker } from "./take-job.ts";

export interface ProcessorParts extends Omit<RunParts, "client" | "catalog" | "layouts"> {
  readonly backend: Backend;
  /** Of the slot that it looks for. */
  readonly kind: SlotKind;
  /** Something changed on the backend: its other slots may have something to do. */
  readonly notifyOthers: () => void;
  readonly queue: Queue;
  readonly publisher: Publisher;
  readonly heldWork: HeldWork;
  /** What the slots of this backend have left to be saved. */
  readonly savings: Savings;
  readonly workerId: string;
  readonly metrics: Metrics;
  readonly tracer: Tracer;
}

/** What the steps of one slot's loop share. */
export interface SlotLoop extends ProcessorParts {
  readonly wakeup: Wakeup;
  readonly taker: JobTaker;
  /** It takes nothing more. */
  isQuiet: boolean;
  /** It writes nothing more either. */
  isCrashed: boolean;
  /** The attempt whose prompt has the slot. */
  current: Attempt | null;
}
