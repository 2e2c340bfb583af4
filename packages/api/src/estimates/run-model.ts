import type { InputValues } from "@darkroom/contracts";
import type { JobSize, RunTime } from "@darkroom/db";
import { type DurationRatios, learnRatios } from "./duration-ratios.ts";
import { median } from "./quantile.ts";

/** What is known of a run before it runs. */
export interface RunLength {
  /** The median: half of the runs like it take less. */
  readonly seconds: number;
  /** How runs like it differ from that; null: too few were seen. */
  readonly ratios: DurationRatios | null;
}

/** How long a job runs on a backend (null: on any); null when nothing is known of jobs like it. */
export type RunModel = (job: JobSize, backendId: string | null) => RunLength | null;

/** Below so many runs on a backend, those on all backends say more. */
const MIN_RUNS = 4;

interface Learned {
  readonly line: Line;
  readonly ratios: DurationRatios | null;
}

/** Learns from runs that succeeded: per workflow, and per backend where there were enough. */
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
    if (isOfAll || group.length >= MIN_RUNS) learned.set(key, learn(group));
  }
  return ({ workflowId, size }, backendId) => {
    const ofAll = learned.get(keyOf(workflowId, null));
    const { line, ratios } = learned.get(keyOf(workflowId, backendId)) ?? ofAll ?? {};
    if (line === undefined) return null;
    return { seconds: secondsOn(line, size), ratios: ratios ?? ofAll?.ratios ?? null };
  };
}

/** What a run of a workflow takes that never ran: as long as anything. */
export function usualLength(runs: readonly RunTime[]): RunLength {
  const seconds = median(runs.map((run) => run.seconds)) ?? 0;
  return { seconds, ratios: seconds > 0 ? learnRatios(runs.map((run) => run.seconds / seconds)) : null };
}

function learn(runs: readonly RunTime[]): Learned {
  const line = fit(runs);
  const ratios = runs.map(({ size, seconds }) => seconds / secondsOn(line, size));
  return { line, ratios: ratios.every(Number.isFinite) ? learnRatios(ratios) : null };
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
