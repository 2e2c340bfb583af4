import { queueStats } from "@darkroom/db";
import type { QueueStats } from "../answers/index.ts";
import type { Services } from "../context.ts";
import { bestEffort } from "../live/best-effort.ts";

/** The queue as Postgres knows it, and how many entries Redis holds. */
export async function readQueueStats({
  database,
  queue,
  log,
}: Pick<Services, "database" | "queue" | "log">): Promise<QueueStats> {
  const [stats, depth] = await Promise.all([
    queueStats(database),
    bestEffort<number | null>(log, "depth", null, () => queue.depth()),
  ]);
  return { ...stats, depth };
}
