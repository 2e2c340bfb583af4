import type { WorkflowDefinition } from "@darkroom/contracts";
import type { SimulatedVersion } from "@darkroom/simulator";
import type { Settings } from "../../settings.ts";
import type { Bench } from "../worker-fixture.ts";

/** What was seen when it was over. */
export interface Seen {
  /** The job's end, its prompts and its attempts. */
  readonly ends: string;
  /** From the moment that `since` names. */
  readonly ms: number;
}

/** Something that real ComfyUI servers do, and where Darkroom is when it is over. */
export interface Surprise {
  readonly name: string;
  /** The recorded scenario, or where it was reported. */
  readonly shownBy: string;
  readonly stepMs?: number;
  /** The servers that have it in store. Default: all. */
  readonly versions?: readonly SimulatedVersion[];
  readonly workflow?: WorkflowDefinition;
  readonly settings?: Partial<Settings>;
  /** Left out of `npm test`: another test there shows the same. */
  readonly isShownElsewhere?: true;
  readonly ends: string;
  /** What the time counts from, and to. */
  readonly since: string;
  readonly withinMs: number;
  readonly happen: (bench: Bench, start: () => void) => Promise<Seen>;
}

/** Within this the end of a run is known, whatever ComfyUI says of it. */
export const KNOWN_AT_ONCE_MS = 3000;
/** Within this a server that is of no use counts as dead. */
export const DEAD_MS = 10_000;
/** Within this a backend takes another job after one that did it harm. */
export const NEXT_JOB_MS = 30_000;

export const toTheEnd = "ComfyUI's end of the run to job.succeeded";
export const toRelease = "the fault to the job given back";
