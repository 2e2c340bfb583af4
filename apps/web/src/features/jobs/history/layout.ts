import type { JobView } from "@darkroom/contracts";

/** A row of the virtual list: a day's heading, or as many jobs as stand beside each other. */
export type Row =
  | { readonly kind: "day"; readonly key: string; readonly label: string }
  | { readonly kind: "jobs"; readonly key: string; readonly jobs: readonly JobView[] };

/** The jobs as rows of `columns`, each day beginning with a heading and a row of its own. `dayOf` names the day of a moment. */
export function rowsOf(jobs: readonly JobView[], columns: number, dayOf: (iso: string) => string): Row[] {
  const rows: Row[] = [];
  let label: string | null = null;
  let line: JobView[] = [];
  for (const job of jobs) {
    const day = dayOf(job.createdAt);
    if (day !== label) {
      rows.push({ kind: "day", key: day, label: day });
      label = day;
      line = [];
    }
    if (line.length === 0 || line.length === columns) {
      line = [];
      rows.push({ kind: "jobs", key: job.jobId, jobs: line });
    }
    line.push(job);
  }
  return rows;
}

/** A picture is at least so wide, in pixels; on a phone two stand beside each other all the same. */
const MIN_TILE = 190;
export const GAP = 10;
/** Height of a day's heading, in pixels. */
export const DAY_HEIGHT = 52;

/** How many pictures stand beside each other in so many pixels, and how wide each is. */
export function gridOf(width: number): { readonly columns: number; readonly tile: number } {
  const columns = Math.max(2, Math.floor((width + GAP) / (MIN_TILE + Math.max(0, width - 1400) / 24 + GAP)));
  return { columns, tile: Math.floor((width - GAP * (columns - 1)) / columns) };
}
