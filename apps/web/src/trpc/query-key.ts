/**
 * The key that tRPC's helpers keep a query's answers by: its path, and its input with the kind of list that the answers are. The input of
 * an endless list has no cursor.
 */
export function keyOf(path: readonly string[], input: unknown, type: "query" | "infinite"): readonly unknown[] {
  return [path, { ...(input === undefined ? {} : { input }), type }];
}
