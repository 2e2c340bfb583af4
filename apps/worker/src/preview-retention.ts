import { type Database, readRetention } from "@darkroom/db";
import { keepRunning, type Tasks } from "@darkroom/monitor";
import type { Publisher } from "@darkroom/queue";
import type { Logger } from "pino";

/** How often it is looked whether operators have set something else. */
const EVERY_MS = 10_000;

/** Has the publisher keep previews for as long as operators say, until stopped. */
export function startPreviewRetention(parts: {
  readonly database: Database;
  readonly publisher: Pick<Publisher, "keepPreviewsFor">;
  readonly tasks: Tasks;
  readonly log: Logger;
  readonly everyMs?: number;
}): { stop(): Promise<void> } {
  const { database, publisher, tasks, log, everyMs = EVERY_MS } = parts;
  const work = async (): Promise<void> => publisher.keepPreviewsFor((await readRetention(database)).previewSeconds);
  return keepRunning({ name: "retention of previews", everyMs, work, tasks, log });
}
