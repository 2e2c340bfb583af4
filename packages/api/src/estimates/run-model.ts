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

/** How long a job runs on a backend (null: on any); null while too few runs of its workflow at about its size are known. */
export type RunModel = (job: JobSize, backendId: string | null) => RunLength | null;

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

/** Learns from runs that succeeded, the newest first: per workflow, and per backend where there were enough. */
export function learnRunTimes(runs: readonly RunTime[]): RunModel {
  const groups = new Map<string, RunTime[]>();
  const keyOf = (workflowId: string, backendId: string | null) => `${workflowId} ${backendId ?? "any"}`;
  for (const run of runs) {
    for (const backendId of [null, run.backendId]) {
      const key = keyOf(run.workflowId, backendId);
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [run]);
      else group.push(run);
    }
  }
  const learned = new Map<string, Learned>();
  for (const [key, group] of groups) {
    const isOfAll = key.endsWith(" any");
    if (isOfAll || group.length >= MIN_RUNS_OF_BACKEND) learned.set(key, learn(group));
  }
  return ({ workflowId, size }, backendId) => {
    const ofAll = learned.get(keyOf(workflowId, null));
    if (ofAll === undefined || !isAbout(workOf(size), ofAll.works)) return null;
    const { line, level, ratios, drifts } = learned.get(keyOf(workflowId, backendId)) ?? ofAll;
    const usable = ratios === null ? ofAll : { ratios, drifts };
    if (usable.ratios === null) return null;
    return { seconds: level * secondsOn(line, size), ratios: usable.ratios, drifts: usable.drifts };
  };
}

const isAbout = (work: number, works: readonly number[]): boolean =>
  works.filter((each) => each <= work * ALIKE && each >= work / ALIKE).length >= MIN_ALIKE;

function learn(runs: readonly RunTime[]): Learned {
  const line = fit(runs);
  const ofLine = runs.map(({ size, seconds }) => seconds / secondsOn(line, size));
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
    drifts: ofLine
      .slice(0, Math.max(1, ofLine.length - 2 * RECENT_RUNS + 2))
      .map((_, index) => (levelAfter(index) ?? 1) / (levelAfter(index + RECENT_RUNS) ?? 1))
      .map((drift) => drift ** DRIFT_AHEAD)
      .sort((a, b) => a - b),
    works: runs.map(({ size }) => workOf(size)),
  };
}

const secondsOn = ({ base, perWork }: Line, size: InputValues): number => base + perWork * workOf(size);

/** Seconds that every run takes, and seconds for each unit of work. */
interface Line {
  readonly base: number;
  readonly perWork: number;
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
function fit(runs: readonly RunTime[]): Line {
  const points = runs.map(({ size, seconds }) => ({ work: workOf(size), seconds }));
  const slopes: number[] = [];
  for (const [index, a] of points.entries()) {
    for (const b of points.slice(index + 1)) {
      if (a.work !== b.work) slopes.push((a.seconds - b.seconds) / (a.work - b.work));
    }
  }
  const perWork = median(slopes);
  if (perWork !== null && perWork >= 0) {
    const base = median(points.map(({ work, seconds }) => seconds - perWork * work)) ?? 0;
    if (base >= 0) return { base, perWork };
  }
  // One size only, or nothing that a line with a base explains: as much time as there is work.
  return { base: 0, perWork: median(points.map(({ work, seconds }) => seconds / work)) ?? 0 };
}
