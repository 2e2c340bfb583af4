import { hostname } from "node:os";
import { createCooldown } from "@darkroom/contracts";
import { type DestinationStream, type Logger, type LoggerOptions, pino } from "pino";

interface ProcessLogOptions {
  /** Which of Darkroom's processes writes. */
  readonly app: "web" | "worker";
  /** The least level that is written. */
  readonly level: string;
  /** The id of this process among those that run it. */
  readonly instance: string;
  /** Default: stdout. */
  readonly destination?: DestinationStream;
}

/**
 * One JSON line per entry, each with the process that wrote it, in one form for web and worker: whoever searches both reads it once.
 * A worker's children add `workerId` and `backend`; every line of a job has the `requestId` that made it, its `jobId` and `attempt`,
 * and its `promptId` from the dispatch on.
 */
export function createProcessLog({ app, level, instance, destination }: ProcessLogOptions): Logger {
  const options: LoggerOptions = {
    level,
    base: { app, host: hostname(), instance, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  };
  return pino(options, destination ?? standardOutput(app));
}

/** Least time between two lines on stderr that say that the log cannot be written. */
const SAY_EVERY_MS = 60_000;

/**
 * Where a log cannot be written, as on a full disk, the process goes on without: it keeps a megabyte of it, says so on stderr
 * at most once a minute, and survives that stderr may be a file of the same disk.
 */
function standardOutput(app: string): DestinationStream {
  const isNews = createCooldown(SAY_EVERY_MS);
  process.stderr.on("error", () => undefined);
  return pino.destination({ dest: 1, sync: true, maxLength: 1024 ** 2 }).on("error", ({ code, message }) => {
    const cause = code ?? message;
    const said = `the log cannot be written (${cause}); the ${app} process goes on without it\n`;
    if (isNews(cause)) process.stderr.write(said);
  });
}
