import { type Database, leadsFileSweep, unnamedFiles } from "@darkroom/db";
import { keepRunning, type Tasks } from "@darkroom/monitor";
import type { Storage } from "@darkroom/storage";
import type { Logger } from "pino";
import type { Settings } from "./settings.ts";

interface SweepParts {
  readonly database: Database;
  readonly storage: Pick<Storage, "list" | "remove">;
  readonly settings: Pick<Settings, "fileSweepSeconds" | "unnamedFileSeconds">;
  readonly log: Logger;
}

/**
 * Removes the stored files that no row names: what was removed, and what a process that died stored and never recorded.
 * A younger one is left alone, because a file is stored before its row is written. Returns how many it removed.
 */
export async function sweepFiles({ database, storage, settings }: Omit<SweepParts, "log">): Promise<number> {
  const storedBefore = new Date(Date.now() - settings.unnamedFileSeconds * 1000);
  let removed = 0;
  for await (const files of storage.list()) {
    const old = files.filter(({ storedAt }) => storedAt < storedBefore).map(({ storageKey }) => storageKey);
    for (const storageKey of old.length === 0 ? [] : await unnamedFiles(database, old)) {
      if (await storage.remove(storageKey, { storedBefore })) removed += 1;
    }
  }
  return removed;
}

/** Sweeps from time to time, one worker of all at once, until stopped. */
export function startFileSweep({ tasks, ...parts }: SweepParts & { readonly tasks: Tasks }): { stop(): Promise<void> } {
  const { database, settings, log } = parts;
  const { fileSweepSeconds } = settings;
  const work = async (): Promise<void> => {
    if (!(await leadsFileSweep(database, fileSweepSeconds))) return;
    const removed = await sweepFiles(parts);
    if (removed > 0) log.info({ removed }, "removed files that no row names");
  };
  // Asked more often than it is due, so that another worker takes over soon from one that died.
  return keepRunning({ name: "file sweep", everyMs: fileSweepSeconds * 100, work, tasks, log });
}
