/** The value below which `part` (0–1) of the values lie, between two of them where it must; null of nothing. */
export function quantile(values: readonly number[], part: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const at = part * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  if (below === undefined || above === undefined) return null;
  return below === above ? below : below + (above - below) * (at - Math.floor(at));
}

/** Null of nothing. */
export const median = (values: readonly number[]): number | null => quantile(values, 0.5);
