/** A node to be placed: how large the editor draws it, and the nodes that it takes something from. */
export interface Box {
  readonly id: number;
  readonly width: number;
  readonly height: number;
  readonly from: readonly number[];
}

/** Pixels between the columns, and between the nodes of one. The editor draws a node's title above its position. */
const GAP = { column: 70, row: 60 };

/**
 * Where each node stands, `[x, y]` of its upper left corner: in columns from left to right, each node behind all that it takes
 * something from, and within a column near to those, so that few links cross.
 */
export function arrange(boxes: readonly Box[]): ReadonlyMap<number, readonly [number, number]> {
  const columns = columnsOf(boxes);
  const places = new Map<number, readonly [number, number]>();
  const middles = new Map<number, number>();
  let x = 0;
  for (const column of columns) {
    const wanted = (box: Box): number => {
      const known = box.from.flatMap((id) => middles.get(id) ?? []);
      return known.length === 0 ? 0 : known.reduce((sum, middle) => sum + middle, 0) / known.length;
    };
    const height = column.reduce((sum, box) => sum + box.height + GAP.row, -GAP.row);
    let y = -height / 2;
    for (const box of [...column].sort((one, other) => wanted(one) - wanted(other))) {
      places.set(box.id, [Math.round(x), Math.round(y)]);
      middles.set(box.id, y + box.height / 2);
      y += box.height + GAP.row;
    }
    x += Math.max(...column.map(({ width }) => width)) + GAP.column;
  }
  return places;
}

/** The boxes by column. What takes nothing stands one column before the first that takes from it. */
function columnsOf(boxes: readonly Box[]): Box[][] {
  const columnOf = new Map<number, number>();
  for (const box of inOrder(boxes)) {
    // A node that is not placed yet is part of a ring, which no server runs; it is drawn all the same.
    columnOf.set(box.id, Math.max(0, ...box.from.map((id) => (columnOf.get(id) ?? -1) + 1)));
  }
  const columns: Box[][] = [];
  for (const box of boxes) {
    const followers = boxes.filter(({ from }) => from.includes(box.id)).map(({ id }) => columnOf.get(id) ?? 0);
    const own = columnOf.get(box.id) ?? 0;
    const at = box.from.length > 0 || followers.length === 0 ? own : Math.max(own, Math.min(...followers) - 1);
    for (let index = columns.length; index <= at; index += 1) columns.push([]);
    columns[at]?.push(box);
  }
  return columns.filter((column) => column.length > 0);
}

/** Each box after those that it takes from. By hand and not by recursion: a chain may be as long as the graph. */
export function inOrder(boxes: readonly Box[]): Box[] {
  const byId = new Map(boxes.map((box) => [box.id, box]));
  const entered = new Set<number>();
  const ordered: Box[] = [];
  for (const start of boxes) {
    const stack = [{ box: start, rest: [...start.from] }];
    if (entered.has(start.id)) continue;
    entered.add(start.id);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const next = byId.get(top.rest.shift() ?? Number.NaN);
      if (next !== undefined && !entered.has(next.id)) {
        entered.add(next.id);
        stack.push({ box: next, rest: [...next.from] });
      } else if (top.rest.length === 0) {
        ordered.push(top.box);
        stack.pop();
      }
    }
  }
  return ordered;
}
