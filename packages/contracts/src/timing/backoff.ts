/** The bounds of a wait that grows with each failed try, in milliseconds. */
export interface Backoff {
  /** Longest wait after the first failed try; it doubles with each further one. */
  readonly firstMs: number;
  /** Longest wait after however many tries. */
  readonly maxMs: number;
  /** A number in [0, 1). For tests; `Math.random` by default. */
  readonly random?: () => number;
}

/**
 * Milliseconds to wait before the next try, after `tries` earlier ones (0 or more) that failed: anything from nothing up
 * to a bound that doubles. This full jitter is the only one in the house. Clients that lost the same server at the same
 * moment must not come back at the same moment; a jitter of half the bound, which we had too, leaves half of every
 * interval empty and crowds them into the rest.
 */
export function backoffMs(tries: number, { firstMs, maxMs, random = Math.random }: Backoff): number {
  return random() * Math.min(maxMs, firstMs * 2 ** tries);
}
