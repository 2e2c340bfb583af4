/**
 * How runs differ from what the model says of them: true length / predicted length of each run that was learned from, in
 * ascending order. An empirical distribution, because no formula fits runs that now and then load a model first.
 */
export type DurationRatios = readonly number[];

/** Below so many runs nothing can be said of the slowest tenth. */
const MIN_RUNS = 8;
/** The part of the ratios, at either end, that says how far apart extremes lie. */
const TAIL = 0.25;

/**
 * The distribution of these ratios (true / predicted, in any order); null if there are fewer than eight. One run in as many as were
 * seen is expected to be slower than any of them, and one faster (the rule of succession): otherwise what has not happened in forty
 * runs could never happen in a queue.
 */
export function learnRatios(ratios: readonly number[]): DurationRatios | null {
  if (ratios.length < MIN_RUNS) return null;
  // The model was fitted to these very runs, and the fewer they are, the more of the extremes have not been seen.
  const widening = 1 + 4 / ratios.length;
  const logs = ratios.map((ratio) => Math.log(Math.max(ratio, 0.01)) * widening).sort((a, b) => a - b);
  const shortest = -beyond(logs.map((each) => -each).reverse());
  return [shortest, ...logs, beyond(logs)].map(Math.exp);
}

/**
 * Where the next value above all of these (ascending logarithms) is to be expected: as far above the largest as the largest quarter lies
 * above the rest on average (Hill's estimator). A constant in its place would be too much for runs as even as a clock, and too little
 * for a server that stalls.
 */
function beyond(ascending: readonly number[]): number {
  const [rest = 0, ...tail] = ascending.slice(Math.floor(ascending.length * (1 - TAIL)) - 1);
  const excess = tail.reduce((sum, each) => sum + each - rest, 0) / tail.length;
  return (ascending.at(-1) ?? 0) + excess;
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
