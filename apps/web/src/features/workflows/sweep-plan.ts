/** The most pictures of one form: as many jobs as the API takes as one batch. */
export const MAX_PICTURES = 100;

/** A parameter that gets several values, as somebody typed them. */
export interface SweepAxis {
  readonly name: string;
  readonly text: string;
}

/** How many jobs a form makes: `count` with other seeds, for each combination of the axes' values (two axes at most). */
export interface SweepPlan {
  readonly count: number;
  readonly axes: readonly SweepAxis[];
}

export const onePicture: SweepPlan = { count: 1, axes: [] };

/** The plan as it was stored, by whatever version of the page; one picture where it can't be read. */
export function planFrom(stored: unknown): SweepPlan {
  const { count, axes } = (stored ?? {}) as { count?: unknown; axes?: unknown };
  const isAxis = (axis: unknown): axis is SweepAxis =>
    typeof axis === "object" && axis !== null && "name" in axis && "text" in axis && typeof axis.text === "string";
  return {
    count: typeof count === "number" && Number.isInteger(count) && count >= 1 && count <= MAX_PICTURES ? count : 1,
    axes: Array.isArray(axes) ? axes.filter(isAxis).slice(0, 2) : [],
  };
}
