import type { JobEvent, JobHandle, JobView } from "@darkroom/client";
import type { Terminal } from "./terminal.ts";

/** How a command's process ends by how its job ended. */
export const exitCodes = { succeeded: 0, failed: 1, canceled: 3 } as const;
/** As the program `timeout` has it. */
export const TIMED_OUT = 124;

export const exitCodeOf = ({ state }: JobView): number =>
  state === "succeeded" || state === "canceled" ? exitCodes[state] : exitCodes.failed;

/** Shows a job's events until its end: one JSON line each, or a bar that moves. Answers the job. */
export async function watchJob(
  job: JobHandle,
  terminal: Terminal,
  { json }: { readonly json: boolean },
): Promise<JobView> {
  for await (const event of job.events()) {
    if (json) terminal.out(JSON.stringify(event));
    else terminal.progress(lineOf(event));
  }
  terminal.progress(null);
  return job.view();
}

const WIDTH = 24;

/** An event as one line; null for one that nobody needs to see. */
export function lineOf(event: JobEvent): string | null {
  switch (event.type) {
    case "job.progressed": {
      const done = Math.round((event.progress / 100) * WIDTH);
      const left = event.etaSeconds === null ? "" : `, ${Math.ceil(event.etaSeconds)} s left`;
      return `${"█".repeat(done)}${"░".repeat(WIDTH - done)} ${Math.round(event.progress)} % ${event.message}${left}`;
    }
    case "job.positioned":
      return event.position === 0 ? "Next in the queue" : `${event.position} before it`;
    case "job.queued":
    case "job.retried":
      return "Queued";
    case "job.started":
      return "Started";
    case "job.canceling":
      return "Stopping";
    default:
      return null;
  }
}
