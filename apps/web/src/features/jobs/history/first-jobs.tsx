import type { JobView } from "@darkroom/contracts";
import { JobTile } from "./job-tile.tsx";
import { DAY_HEIGHT, GAP } from "./layout.ts";
import type { Selecting } from "./select-box.tsx";
import { SelectableRow } from "./selectable-row.tsx";

/** What the list shows, and how. */
export interface ShownJobs {
  readonly jobs: readonly JobView[];
  readonly look: "grid" | "rows";
  /** Whether they are the visitor's own. */
  readonly isOwn: boolean;
  readonly selected: ReadonlySet<string>;
  readonly selecting: Selecting;
}

/** As many as a screen holds. */
const FIRST = 24;

/** The first jobs, in a page that arrives with them: how wide it is nobody knows yet, so styles place them. */
export function FirstJobs({ jobs, look, isOwn, selected, selecting }: ShownJobs) {
  return (
    <ul
      className={
        look === "grid" ? "grid grid-cols-[repeat(auto-fill,minmax(min(47%,11.875rem),1fr))]" : "flex flex-col"
      }
      // The day's heading needs the visitor's zone, and comes with the next drawing.
      style={{ paddingTop: DAY_HEIGHT, gap: look === "grid" ? GAP : 0 }}
    >
      {jobs.slice(0, FIRST).map((job) => {
        const shared = { job, selecting, isSelected: selected.has(job.jobId) };
        return (
          <li key={job.jobId} className={look === "grid" ? "aspect-square min-w-0" : undefined}>
            {look === "grid" ? <JobTile {...shared} isOwn={isOwn} width={240} /> : <SelectableRow {...shared} />}
          </li>
        );
      })}
    </ul>
  );
}
