/**
 * How runs differ from what the model says of them: true length / predicted length of each run that was learned from, in
 * ascending order. An empirical distribution, because no formula fits runs that now and then load a model first.
 */
export type DurationRatios = readonly number[];

/** Below so many runs nothing can be said of the slowest tenth. */
const MIN_RUNS = 8;
/** How much more (or less) than any before it a run takes that is like none: a model is loaded anew, or all of it was cached. */
const SURPRISE = 2;

/**
 * The distribution of these ratios (true / predicted, in any order); null if there are fewer than eight. One run in as many as were
 * seen is expected to be slower than any of them, and one faster (the rule of succession): otherwise what has not happened in forty
 * runs could never happen in a queue.
 */
export function learnRatios(ratios: readonly number[]): DurationRatios | null {
  if (ratios.length < MIN_RUNS) return null;
  // The model was fitted to these very runs, and the fewer they are, the more of the extremes have not been seen.
  const widening = 1 + 2 / ratios.length;
  const wide = ratios.map((ratio) => Math.max(ratio, 0.01) ** widening);
  return [...wide, SURPRISE * Math.max(...wide), Math.min(...wide) / SURPRISE].sort((a, b) => a - b);
}

/** The ratio at a quantile (0–1), interpolated: `ratioAtQuantile(ratios, 0.9)` is exceeded by one run in ten. */
export function ratioAtQuantile(ratios: DurationRatios, quantile: number): number {
  const at = Math.min(Math.max(quantile * ratios.length - 0.5, 0), ratios.length - 1);
  const below = ratios[Math.floor(at)] ?? 1;
  const above = ratios[Math.ceil(at)] ?? below;
  return below + (above - below) * (at - Math.floor(at));
}

/** The quantile (0–1) of a ratio: which part of all runs takes at most this multiple of its predicted length. */
export function quantileOf(ratios: DurationRatios, ratio: number): number {
  const shorter = ratios.findIndex((each) => each > ratio);
  return (shorter === -1 ? ratios.length : shorter) / ratios.length;
}
