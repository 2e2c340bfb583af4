/**
 * Answers whether something may be said again: once per key in `ms` milliseconds. For logs, which would otherwise fill the
 * disk with one cause. Keys must be few: they are kept.
 */
export function createCooldown(ms: number): (key: string) => boolean {
  const lastAt = new Map<string, number>();
  return (key) => {
    const now = performance.now();
    if (now - (lastAt.get(key) ?? Number.NEGATIVE_INFINITY) < ms) return false;
    lastAt.set(key, now);
    return true;
  };
}
