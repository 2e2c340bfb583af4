import { isTerminal, type JobView } from "@darkroom/contracts";

type Placed = Pick<JobView, "jobId" | "state" | "position" | "waitSeconds" | "createdAt">;

/** How many waiting jobs have a card; the strip above the sheet shows all of them. */
const WAITING_CARDS = 4;

/** Which jobs have a card, and in which order: what runs is first, the oldest before what is only prepared behind it, then the newest. */
export function sheetPlaces(newestFirst: readonly Pick<JobView, "jobId" | "state">[], limit: number): string[] {
  const running = newestFirst.filter(({ state }) => !isTerminal(state) && state !== "queued").reverse();
  const waiting = newestFirst.filter(({ state }) => state === "queued").slice(0, WAITING_CARDS);
  const shown = new Set(waiting);
  const others = newestFirst.filter((job) => isTerminal(job.state) || shown.has(job));
  return [...running, ...others].slice(0, limit).map(({ jobId }) => jobId);
}

/** The waiting jobs, the next in turn first. */
export function waitingJobs<Job extends Placed>(jobs: Iterable<Job>): Job[] {
  const place = ({ position }: Job): number => position ?? Number.POSITIVE_INFINITY;
  return [...jobs]
    .filter(({ state }) => state === "queued")
    .sort((a, b) => (place(a) === place(b) ? a.createdAt.localeCompare(b.createdAt) : place(a) - place(b)));
}
