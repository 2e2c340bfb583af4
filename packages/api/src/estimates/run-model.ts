import type { InputValues } from "@darkroom/contracts";
import type { JobSize, RunTime } from "@darkroom/db";
import { type DurationRatios, learnRatios } from "./duration-ratios.ts";
import { median } from "./quantile.ts";

/** What is known of a run before it runs. */
export interface RunLength {
  /** The median: half of the runs like it take less. */
  readonly seconds: number;
  /** How runs like it differ from that. */
  readonly ratios: DurationRatios;
  /** How the runs of the near future, all alike, may differ from those of the near past. */
  readonly drifts: DurationRatios;
}

/**
 * How long a job runs on a backend (null: on any); null while too few runs of its workflow at about its size are known. `isChange`: another
 * workflow ran there before it, so that models may have to be loaded.
 */
export type RunModel = (job: JobSize, backendId: string | null, isChange: boolean) => RunLength | null;

/** Below so many runs on a backend, those on all backends say more. */
const MIN_RUNS_OF_BACKEND = 4;
/** Runs at about a job's size without which its length is not known. */
const MIN_ALIKE = 3;
/** A run is at about a job's size if its work is at most so many times more or less. */
const ALIKE = 2;
/** The last runs, whose median says how fast a backend is now: a slower or faster one is believed at the third. */
const RECENT_RUNS = 5;

/** How much further ahead a queue reaches than the distance over which changes were seen. */
const DRIFT_AHEAD = 1.5;

interface Learned {
  readonly line: Line;
  /** How much longer the last runs took than the line says. */
  readonly level: number;
  readonly ratios: DurationRatios | null;
  readonly drifts: DurationRatios;
  readonly works: readonly number[];
}

/** What was learned the last time, by workflow and backend, with the runs that it was learned from. */
export type RunMemory = Map<string, { readonly from: string; readonly learned: Learned }>;

/**
 * Learns from runs that succeeded, the newest first: per workflow, and per backend where there were enough. What `memory` learned
 * from the same runs is used again: learning all of twenty workflows takes 25 ms, and in a second few of them have a new run.
 */
export function learnRunTimes(runs: readonly RunTime[], memory: RunMemory = new Map()): RunModel {
  const groups = new Map<string, Run[]>();
  const keyOf = (workflowId: string, backendId: string | null) => `${workflowId} ${backendId ?? "any"}`;
  const changes = changesOf(runs);
  for (const [index, run] of runs.entries()) {
    const each = { work: workOf(run.size), seconds: run.seconds, isChange: changes[index] === true };
    for (const backendId of [null, run.backendId]) {
      const key = keyOf(run.workflowId, backendId);
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [each]);
      else group.push(each);
    }
  }
  const learned = new Map<string, Learned>();
  for (const [key, group] of groups) {
    const isOfAll = key.endsWith(" any");
    if (!isOfAll && group.length < MIN_RUNS_OF_BACKEND) continue;
    const from = group.map(({ work, seconds, isChange }) => `${work} ${seconds} ${isChange}`).join();
    const before = memory.get(key);
    const now = before?.from === from ? before : { from, learned: learn(group) };
    memory.set(key, now);
    learned.set(key, now.learned);
  }
  for (const key of memory.keys()) if (!learned.has(key)) memory.delete(key);
  return ({ workflowId, size }, backendId, isChange) => {
    const work = workOf(size);
    const ofAll = learned.get(keyOf(workflowId, null));
    if (ofAll === undefined || !isAbout(work, ofAll.works)) return null;
    const { line, level, ratios, drifts } = learned.get(keyOf(workflowId, backendId)) ?? ofAll;
    const usable = ratios === null ? ofAll : { ratios, drifts };
    if (usable.ratios === null) return null;
    const seconds = level * secondsOn(line, { work, isChange });
    return { seconds, ratios: usable.ratios, drifts: usable.drifts };
  };
}

/** Of each run, whether its backend had run another workflow before it, or nothing. */
function changesOf(runs: readonly RunTime[]): boolean[] {
  const lastOn = new Map<string, string>();
  return runs
    .toReversed()
    .map(({ backendId, workflowId }) => {
      const isChange = lastOn.get(backendId) !== workflowId;
      lastOn.set(backendId, workflowId);
      return isChange;
    })
    .toReversed();
}

const isAbout = (work: number, works: readonly number[]): boolean =>
  works.filter((each) => each <= work * ALIKE && each >= work / ALIKE).length >= MIN_ALIKE;

function learn(runs: readonly Run[]): Learned {
  const line = fit(runs);
  const ofLine = runs.map((run) => run.seconds / secondsOn(line, run));
  const levelAfter = (index: number): number | null => median(ofLine.slice(index, index + RECENT_RUNS));
  // What each run would have been told, from the runs before it: so a change of speed is among the errors that are expected.
  const ratios = ofLine.flatMap((ratio, index) => {
    const level = levelAfter(index + 1);
    return level === null ? [] : [ratio / level];
  });
  return {
    line,
    level: levelAfter(0) ?? 1,
    ratios: ratios.every(Number.isFinite) ? learnRatios(ratios) : null,
    // Speeds change now and then: half of the future goes on as it is, however often the past did not.
    drifts: ofLine
      .slice(0, Math.max(1, ofLine.length - 2 * RECENT_RUNS + 2))
      .map((_, index) => (levelAfter(index) ?? 1) / (levelAfter(index + RECENT_RUNS) ?? 1))
      .flatMap((drift) => [1, drift ** DRIFT_AHEAD])
      .sort((a, b) => a - b),
    works: runs.map(({ work }) => work),
  };
}

/** A run that was seen. */
interface Run {
  readonly work: number;
  readonly seconds: number;
  /** Its backend had run another workflow before it, or nothing: models may have had to be loaded. */
  readonly isChange: boolean;
}

const secondsOn = ({ base, perWork, change }: Line, { work, isChange }: Omit<Run, "seconds">): number =>
  base + perWork * work + (isChange ? change : 0);

/** Seconds that every run takes, seconds for each unit of work, and seconds more after a run of another workflow. */
interface Line {
  readonly base: number;
  readonly perWork: number;
  readonly change: number;
}

/** Steps × megapixels × pictures, of what the inputs name; what they do not name counts one. */
export function workOf(size: InputValues): number {
  const number = (name: string): number | null => {
    const value = size[name];
    return typeof value === "number" && value > 0 ? value : null;
  };
  const [width, height] = [number("width"), number("height")];
  const megapixels = width === null || height === null ? 1 : (width * height) / 1e6;
  return megapixels * (number("steps") ?? 1) * (number("count") ?? 1);
}

/** The line through the runs by medians (Theil and Sen), which a cold start or a stalled run does not bend. */
function fit(runs: readonly Run[]): Line {
  const slopes: number[] = [];
  for (const [index, a] of runs.entries()) {
    for (const b of runs.slice(index + 1)) {
      if (a.isChange === b.isChange && a.work !== b.work) slopes.push((a.seconds - b.seconds) / (a.work - b.work));
    }
  }
  const perWork = median(slopes);
  if (perWork !== null && perWork >= 0) {
    const [base, change] = levels(runs, (run) => run.seconds - perWork * run.work);
    if (base >= 0) return { base, perWork, change };
  }
  // One size only, or nothing that a line with a base explains: as much time as there is work.
  const warm = runs.filter(({ isChange }) => !isChange);
  const proportion = median((warm.length === 0 ? runs : warm).map(({ work, seconds }) => seconds / work)) ?? 0;
  const [, change] = levels(runs, (run) => run.seconds - proportion * run.work);
  return { base: 0, perWork: proportion, change };
}

/** The median of what runs like the one before took, and how much more it is of the others; never less. */
function levels(runs: readonly Run[], of: (run: Run) => number): [base: number, change: number] {
  const same = median(runs.filter(({ isChange }) => !isChange).map(of));
  const change = median(runs.filter(({ isChange }) => isChange).map(of));
  if (same === null || change === null) return [same ?? change ?? 0, 0];
  return [same, Math.max(0, change - same)];
}
