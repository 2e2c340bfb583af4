import type { InputValue, InputValues } from "@darkroom/contracts";

/** An input that differs within a batch, with its values in the order of the grid. */
export interface Axis {
  readonly name: string;
  readonly values: readonly InputValue[];
}

/** A batch as a table: `cells[row][column]` holds what has these values, one for each seed. */
export interface Grid<Item> {
  /** Null: the batch has one axis, or none. */
  readonly rows: Axis | null;
  /** Null: only seeds differ, or more than two inputs do; then there is one cell with everything. */
  readonly columns: Axis | null;
  readonly cells: readonly (readonly (readonly Item[])[])[];
}

interface Asked {
  readonly inputs: InputValues;
}

const textOf = (value: InputValue | undefined): string => JSON.stringify(value ?? null);

/** Numbers rise, everything else stays in the order in which it was asked for. */
function valuesOf(items: readonly Asked[], name: string): InputValue[] {
  const values = new Map(
    items.flatMap(({ inputs }) => (inputs[name] === undefined ? [] : [[textOf(inputs[name]), inputs[name]]])),
  );
  const list = [...values.values()];
  return list.every((value) => typeof value === "number") ? list.toSorted((a, b) => Number(a) - Number(b)) : list;
}

/** How often the value changes from one job to the next: of two axes, the one that changes faster runs along the row. */
function changesOf(items: readonly Asked[], name: string): number {
  return items.filter(({ inputs }, nth) => nth > 0 && textOf(inputs[name]) !== textOf(items[nth - 1]?.inputs[name]))
    .length;
}

/** What identifies a place of the grid: the inputs, seed included. */
const placeOf = ({ inputs }: Asked): string =>
  JSON.stringify(Object.entries(inputs).sort(([a], [b]) => (a < b ? -1 : 1)));

/**
 * The table of a batch, by what differs among its inputs. Nothing else is kept of how a batch was asked for, so that one
 * that a script made is shown in the same way. Seeds are an axis only if they come again, as with a list of seeds; drawn
 * ones differ in every job.
 */
export function gridOf<Item extends Asked>(items: readonly Item[]): Grid<Item> {
  const names = [...new Set(items.flatMap(({ inputs }) => Object.keys(inputs)))];
  const varied = names.filter((name) => valuesOf(items, name).length > 1);
  const others = varied.filter((name) => name !== "seed");
  const repeatsSeeds = valuesOf(items, "seed").length < new Set(items.map(placeOf)).size;
  const axes = varied
    .filter((name) => name !== "seed" || (repeatsSeeds && others.length < 2))
    .sort((a, b) => changesOf(items, a) - changesOf(items, b));
  const [last, before] = axes.toReversed();
  if (last === undefined || axes.length > 2) return { rows: null, columns: null, cells: [[items]] };
  const columns = { name: last, values: valuesOf(items, last) };
  const rows = before === undefined ? null : { name: before, values: valuesOf(items, before) };
  const has = (item: Item, axis: Axis, value: InputValue): boolean => textOf(item.inputs[axis.name]) === textOf(value);
  const cells = (rows?.values ?? [null]).map((row) =>
    columns.values.map((column) =>
      items.filter((item) => has(item, columns, column) && (rows === null || row === null || has(item, rows, row))),
    ),
  );
  return { rows, columns, cells };
}

/**
 * The batch without the jobs that were repeated: in the place of each stands the newest one that repeats it, the only one of
 * a place that was not sent having no id yet. `tries` are oldest first.
 */
export function newestTries<Item extends { readonly jobId?: string; readonly retryOf?: string | null }>(
  tries: readonly Item[],
): Item[] {
  const shown: Item[] = [];
  for (const item of tries) {
    const earlier = item.retryOf == null ? -1 : shown.findIndex(({ jobId }) => jobId === item.retryOf);
    if (earlier < 0) shown.push(item);
    else shown[earlier] = item;
  }
  return shown;
}
