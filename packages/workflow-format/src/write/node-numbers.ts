/**
 * The number that each node of a graph has in the editor, which numbers them. Ids that are such numbers stay; the others
 * (names, and the paths of nodes inside subgraphs) get the next free ones, in the order of the graph.
 */
export function nodeNumbers(ids: readonly string[]): ReadonlyMap<string, number> {
  const own = ids.filter(isNumber).map(Number);
  let last = Math.max(0, ...own);
  return new Map(
    ids.map((id) => {
      if (isNumber(id)) return [id, Number(id)];
      last += 1;
      return [id, last];
    }),
  );
}

/** A number as the editor gives it; what has more digits would lose some. */
function isNumber(id: string): boolean {
  return /^[1-9]\d{0,8}$/.test(id);
}
