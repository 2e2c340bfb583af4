import { setTimeout as sleep } from "node:timers/promises";
import { audit } from "./audit.ts";
import { type FaultCase, textOf } from "./cases.ts";
import type { Lane } from "./lane.ts";
import { scenarios } from "./scenarios.ts";
import { createStage, PATIENCE_MS, type Stage } from "./stage.ts";

export interface Verdict {
  readonly name: string;
  /** What was found wrong; none: it passed. */
  readonly faults: readonly string[];
  readonly seconds: number;
  /** What the processes printed. */
  readonly log: string;
}

/** How long a prompt that nobody wants may stay on ComfyUI, and how late a failpoint beside the jobs may come. */
const AFTER_MS = 10_000;

export const nameOf = (one: FaultCase): string =>
  one.fault === null ? one.scenario : `${one.scenario}: ${textOf(one.fault)}`;

/** Plays one case on a lane and has it audited. Never throws: what goes wrong is a fault. */
export async function runCase(lane: Lane, one: FaultCase): Promise<Verdict> {
  const startedAt = performance.now();
  let stage: Stage | null = null;
  let faults: string[];
  try {
    stage = await createStage(lane);
    faults = await play(stage, one);
  } catch (error) {
    faults = [error instanceof Error ? error.message : String(error)];
  }
  await stage?.close().catch((error: unknown) => faults.push(`the stage was not cleared: ${String(error)}`));
  return { name: nameOf(one), faults, seconds: (performance.now() - startedAt) / 1000, log: stage?.log() ?? "" };
}

async function play(stage: Stage, one: FaultCase): Promise<string[]> {
  const expectation = await scenarios[one.scenario](stage, one.fault === null ? undefined : textOf(one.fault));
  const faults: string[] = [];
  if (!(await stage.allEnded(PATIENCE_MS))) faults.push("not everything had ended in time");
  // A point beside the jobs, such as a shutdown's, may come after their end.
  if (one.fault !== null && !(await stage.wasHit(AFTER_MS))) faults.push("the failpoint was not reached");
  await quiet(stage);
  return [...faults, ...(await audit(stage, { mayRepeat: one.fault?.kind === "error", ...expectation }))];
}

/** Waits until ComfyUI has nothing of ours any more: an orphan is removed by the next sweep, after its job's end. */
async function quiet({ lane }: Stage): Promise<void> {
  const isOpen = (outcome: string): boolean => outcome === "running" || outcome === "waiting";
  const deadline = performance.now() + lane.patience.of(AFTER_MS);
  while (lane.simulator.control.ledger().some(({ outcome }) => isOpen(outcome)) && performance.now() < deadline)
    await sleep(50);
}
