import { type DestinationStream, type Logger, type LoggerOptions, pino } from "pino";

export type Log = Logger;

/**
 * One JSON line per entry, on stdout or `destination`. Children add `workerId` and `backend`; every line of a job has its
 * `jobId` and `attempt`, and its `promptId` from the dispatch on.
 */
export function createLog(level: string, instance: string, destination?: DestinationStream): Log {
  const options: LoggerOptions = {
    level,
    base: { app: "worker", instance, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}
