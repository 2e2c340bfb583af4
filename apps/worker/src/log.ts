import { type Logger, pino } from "pino";

export type Log = Logger;

/** One JSON line per entry, on stdout. Children add `jobId`, `attempt`, `promptId` and `backend`. */
export function createLog(level: string, instance: string): Log {
  return pino({
    level,
    base: { app: "worker", instance, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  });
}
