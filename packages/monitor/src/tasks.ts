import type { TaskReport } from "@darkroom/contracts";
import type { Log } from "./log.ts";

/** How the runs of one background task are noted. */
export interface TaskNotes {
  /** It ran; also when it found that another process had just done so. */
  ran(): void;
  failed(error: unknown): void;
}

/** The background tasks of this process, for operators to see that they run. */
export interface Tasks {
  /** Notes for a task that this process looks after every `everyMs`. */
  of(name: string, everyMs: number): TaskNotes;
  reports(): readonly TaskReport[];
}

export function createTasks(now: () => number = Date.now): Tasks {
  const reports = new Map<string, TaskReport>();
  const iso = (ms: number): string => new Date(ms).toISOString();

  return {
    of: (name, everyMs) => {
      const next = () => ({ lastRunAt: iso(now()), nextRunAt: iso(now() + everyMs) });
      const report: TaskReport = { name, lastRunAt: null, nextRunAt: iso(now() + everyMs), lastError: null };
      reports.set(name, report);
      return {
        ran: () => void Object.assign(report, next()),
        failed: (error) => {
          const message = error instanceof Error ? error.message : String(error);
          Object.assign(report, next(), { lastError: { message: message.slice(0, 300), at: iso(now()) } });
        },
      };
    },
    reports: () => [...reports.values()].map((report) => ({ ...report })),
  };
}

/**
 * Runs a task every `everyMs` until stopped, never twice at once. A failure is logged once, and once that it works again; the
 * next run makes up for it.
 */
export function keepRunning({
  name,
  everyMs,
  work,
  tasks,
  log,
}: {
  readonly name: string;
  readonly everyMs: number;
  readonly work: () => Promise<unknown>;
  readonly tasks: Tasks;
  readonly log: Log;
}): { stop(): Promise<void> } {
  const notes = tasks.of(name, everyMs);
  let isFailing = false;
  let running: Promise<void> | null = null;
  const run = async (): Promise<void> => {
    try {
      await work();
      notes.ran();
      if (isFailing) log.info({ task: name }, "background task works again");
      isFailing = false;
    } catch (error) {
      notes.failed(error);
      if (!isFailing) log.warn({ task: name, err: error }, "background task failed; its next run makes up for it");
      isFailing = true;
    }
    running = null;
  };
  const timer = setInterval(() => {
    running ??= run();
  }, everyMs).unref();
  return {
    stop: async () => {
      clearInterval(timer);
      await running;
    },
  };
}
