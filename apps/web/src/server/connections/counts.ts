/** How many there are of each key. */
export interface Counts {
  of(key: string): number;
  add(key: string): void;
  remove(key: string): void;
  all(): ReadonlyMap<string, number>;
}

export function createCounts(): Counts {
  const counts = new Map<string, number>();
  const change = (key: string, by: 1 | -1) => {
    const count = (counts.get(key) ?? 0) + by;
    if (count === 0) counts.delete(key);
    else counts.set(key, count);
  };
  return {
    of: (key) => counts.get(key) ?? 0,
    add: (key) => change(key, 1),
    remove: (key) => change(key, -1),
    all: () => counts,
  };
}
