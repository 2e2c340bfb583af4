import { failpoint } from "@darkroom/contracts";
import { type Database, maintain, queuedInOrder, unqueuedCandidates } from "@darkroom/db";
import { keepRunning, type Tasks } from "@darkroom/monitor";
import type { Publisher, Queue } from "@darkroom/queue";
import type { Logger } from "pino";
import type { Announcer } from "./announcer.ts";
import type { Settings } from "./settings.ts";

interface MaintenanceParts {
  readonly database: Database;
  readonly queue: Queue;
  readonly publisher: Publisher;
  readonly announcer: Announcer;
  readonly settings: Settings;
  readonly log: Logger;
}

/**
 * One tick: what Postgres finds overdue is decided there, committed, and only then told to Redis. Redis being down
 * stops the second half alone; the next tick makes up for it.
 */
export async function tick({ database, queue, publisher, announcer, settings, log }: MaintenanceParts): Promise<void> {
  const { leaseSeconds, jobTimeoutSeconds, historyDays } = settings;
  await failpoint("maintenance.due");
  const { led, hasOpenJobs, stoppedSessions, events, entries, rekeyed, removed } = await maintain(database, {
    leaseSeconds,
    jobTimeoutSeconds,
    historyDays,
  });
  if (!led) return;
  if (stoppedSessions > 0)
    log.warn(
      { sessions: stoppedSessions },
      "ended sessions of Postgres whose process stands still in the middle of a statement",
    );
  await failpoint("maintenance.committed");
  announcer.events(events);

  if (!(await queue.check())) {
    const waiting = await queuedInOrder(database);
    await failpoint("maintenance.rebuilding");
    if (await queue.rebuild(waiting)) log.warn({ waiting: waiting.length }, "redis lost the queue; rebuilt it");
    await publisher.wake();
    return;
  }
  const leaving = [...removed, ...rekeyed.map(({ jobId }) => jobId)];
  if (leaving.length > 0) await queue.remove(leaving);
  const returning = [...entries, ...rekeyed];
  if (returning.length > 0) await queue.enqueue(returning, { at: "head" });

  await failpoint("maintenance.pushed");
  if (!hasOpenJobs) return;

  const candidates = await unqueuedCandidates(database);
  const waiting = await queue.find(candidates.map(({ jobId }) => jobId));
  // Under another key it would wait for a backend that may be gone for ever.
  const lost = candidates.filter(({ jobId, capabilityKey }) => waiting.get(jobId)?.capabilityKey !== capabilityKey);
  if (lost.length > 0) {
    log.info({ count: lost.length }, "pushing jobs that redis did not know, or not under their key");
    await queue.remove(lost.map(({ jobId }) => jobId));
    await queue.enqueue(lost, { at: "head" });
  }
  if (returning.length + lost.length > 0) await publisher.wake();
}

/** Ticks until stopped, never two at once. */
export function startMaintenance({ tasks, ...parts }: MaintenanceParts & { readonly tasks: Tasks }): {
  stop(): Promise<void>;
} {
  const { maintenanceMs, leaseSeconds } = parts.settings;
  return keepRunning({
    name: "maintenance",
    // Leases expire only while ticks come closer together than two thirds of one, so a short lease needs short ticks.
    everyMs: Math.min(maintenanceMs, leaseSeconds * 250),
    work: () => tick(parts),
    tasks,
    log: parts.log,
  });
}
