import { type DestinationStream, type Logger, type LoggerOptions, pino } from "pino";

export type Log = Logger;

/**
 * One JSON line per entry, on stdout or `destination`. Children add `workerId` and `backend`; every line of a job has the
 * `requestId` that made it, its `jobId` and `attempt`, and its `promptId` from the dispatch on.
 */
export function createLog(level: string, instance: string, destination?: DestinationStream): Log {
  const options: LoggerOptions = {
    level,
    base: { app: "worker", instance, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  };
  return pino(options, destination ?? standardOutput());
}

/** Where a log cannot be written, as on a full disk, the process goes on without; it drops what is more than a megabyte. */
const standardOutput = (): DestinationStream =>
  pino.destination({ dest: 1, sync: true, maxLength: 1024 ** 2 }).on("error", () => undefined);
