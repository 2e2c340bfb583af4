/** A picture that waits for a decoder, or is in one. */
export interface Turn {
  /** Whose it is. */
  readonly subject: string;
  /** About how much work it is, in pixels: {@link costOf}. */
  readonly cost: number;
}

/** Photographs of telephones are below it. A picture above it takes a decoder for seconds. */
const LARGE = 16_000_000;

/** The work that a picture is; a file can be more than its pixels say, so its bytes count as well. */
export function costOf({ pixels, sizeBytes }: { pixels: number; sizeBytes: number }): number {
  return Math.max(pixels, sizeBytes);
}

/**
 * Whose turn it is; null while nobody's. The cheapest goes first, so that a small picture does not wait for large ones
 * that came before it. The last free decoder is for pictures that are not large, of someone who has none in work: however
 * many one person sends, and however large, somebody else's finds a decoder free.
 */
export function nextTurn<T extends Turn>(waiting: readonly T[], working: readonly Turn[], decoders: number): T | null {
  const free = decoders - working.length;
  if (free <= 0) return null;
  const mayTakeLast = ({ subject, cost }: Turn): boolean =>
    cost <= LARGE && !working.some((other) => other.subject === subject);
  return waiting
    .filter((turn) => free > 1 || mayTakeLast(turn))
    .reduce<T | null>((best, turn) => (best === null || turn.cost < best.cost ? turn : best), null);
}

/** Who is sent away when there are too many: the last of whoever has most. Null for an empty queue. */
export function surplusTurn<T extends Turn>(waiting: readonly T[]): T | null {
  const counts = new Map<string, number>();
  for (const { subject } of waiting) counts.set(subject, (counts.get(subject) ?? 0) + 1);
  const most = Math.max(...counts.values());
  return waiting.findLast(({ subject }) => counts.get(subject) === most) ?? null;
}
