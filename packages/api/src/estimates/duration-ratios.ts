/**
 * How runs differ from what the model says of them: true length / predicted length of each run that was learned from, in
 * ascending order. An empirical distribution, because no formula fits runs that now and then load a model first.
 */
export type DurationRatios = readonly number[];

/** Below so many runs nothing can be said of the slowest tenth. */
const MIN_RUNS = 8;

/** The distribution of these ratios (true / predicted, in any order); null if there are fewer than eight. */
export function learnRatios(ratios: readonly number[]): DurationRatios | null {
  if (ratios.length < MIN_RUNS) return null;
  // The model was fitted to these very runs, and the fewer they are, the more of the extremes have not been seen.
  const widening = 1 + 2 / ratios.length;
  return ratios.map((ratio) => Math.max(ratio, 0.01) ** widening).sort((a, b) => a - b);
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

/**
 * The factor by which the model itself may be wrong for all runs alike, at a quantile (0–1). It shrinks with the square
 * root of the number of runs, as the error of a mean does.
 */
export function modelError(ratios: DurationRatios, quantile: number): number {
  return (ratioAtQuantile(ratios, quantile) / ratioAtQuantile(ratios, 0.5)) ** (1 / Math.sqrt(ratios.length));
}
