/**
 * How runs differ from what was learned of them: their true lengths as shares of the learned one, from the shortest to
 * the longest.
 */
export type Spread = readonly number[];

/** Below so many runs nobody can say what one in ten takes. */
const ENOUGH_RUNS = 8;

/** The spread of runs whose true lengths were these shares of the learned one; null of too few. */
export function learnSpread(shares: readonly number[]): Spread | null {
  if (shares.length < ENOUGH_RUNS) return null;
  // The line went through these very runs, and the fewer they are, the more of the extremes have not been seen.
  const widening = 1 + 2 / shares.length;
  return shares.map((share) => Math.max(share, 0.01) ** widening).sort((a, b) => a - b);
}

/** The share of the learned length that a run takes which is longer than `part` (0–1) of all runs. */
export function shareAt(spread: Spread, part: number): number {
  const at = Math.min(Math.max(part * spread.length - 0.5, 0), spread.length - 1);
  const below = spread[Math.floor(at)] ?? 1;
  const above = spread[Math.ceil(at)] ?? below;
  return below + (above - below) * (at - Math.floor(at));
}

/** Which part (0–1) of all runs takes at most `share` of the learned length. */
export function partBelow(spread: Spread, share: number): number {
  const shorter = spread.findIndex((each) => each > share);
  return (shorter === -1 ? spread.length : shorter) / spread.length;
}

/** By how much everything learned may be off, since it was learned from so few runs, where chance says `part` (0–1). */
export function offAt(spread: Spread, part: number): number {
  return (shareAt(spread, part) / shareAt(spread, 0.5)) ** (1 / Math.sqrt(spread.length));
}
