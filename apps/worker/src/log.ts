import { hostname } from "node:os";
import { createCooldown } from "@darkroom/contracts";
import { type DestinationStream, type Logger, type LoggerOptions, pino } from "pino";

export type Log = Logger;

/**
 * One JSON line per entry, on stdout or `destination`, each with the process that wrote it. Children add `workerId` and `backend`; every line of a job has the
 * `requestId` that made it, its `jobId` and `attempt`, and its `promptId` from the dispatch on.
 */
export function createLog(level: string, instance: string, destination?: DestinationStream): Log {
  const options: LoggerOptions = {
    level,
    base: { app: "worker", host: hostname(), instance, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  };
  return pino(options, destination ?? standardOutput());
}

/** Least time between two lines on stderr that say that the log cannot be written. */
const SAY_EVERY_MS = 60_000;

/**
 * Where a log cannot be written, as on a full disk, the process goes on without: it keeps a megabyte of it, says so on stderr
 * at most once a minute, and survives that stderr may be a file of the same disk.
 */
function standardOutput(): DestinationStream {
  const isNews = createCooldown(SAY_EVERY_MS);
  process.stderr.on("error", () => undefined);
  return pino.destination({ dest: 1, sync: true, maxLength: 1024 ** 2 }).on("error", ({ code, message }) => {
    const cause = code ?? message;
    if (isNews(cause)) process.stderr.write(`the log cannot be written (${cause}); the worker goes on without it\n`);
  });
}
