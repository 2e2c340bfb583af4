/**
 * Bounds of the histograms of waits and runs, in seconds: each a third above the one before, so that a percentile is at most
 * that far off, from a tenth of a second to four hours. Histograms are stored because they can be added: the 95th percentile of a
 * day is not to be had from those of its minutes.
 */
export const bucketBounds: readonly number[] = Array.from({ length: 42 }, (_, index) =>
  Number((0.1 * (4 / 3) ** index).toPrecision(3)),
);

/** Counts of several histograms together. */
export function addBuckets(histograms: Iterable<readonly number[]>): number[] {
  const sum: number[] = [];
  for (const counts of histograms) {
    counts.forEach((count, bucket) => {
      sum[bucket] = (sum[bucket] ?? 0) + count;
    });
  }
  return sum;
}

/**
 * The value that this share of what was counted does not exceed, in seconds, from between the bounds of its bucket; null: nothing
 * was counted.
 *
 * @param share 0 to 1
 */
export function valueAtQuantile(counts: readonly number[], share: number): number | null {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  let left = share * total;
  for (const [bucket, count] of counts.entries()) {
    if (count === 0) continue;
    if (left <= count) {
      const from = bucketBounds[bucket - 1] ?? 0;
      const to = bucketBounds[bucket] ?? bucketBounds.at(-1) ?? 0;
      return from + (to - from) * Math.max(0, left / count);
    }
    left -= count;
  }
  return bucketBounds.at(-1) ?? null;
}
