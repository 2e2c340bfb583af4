import { failpoint } from "@darkroom/contracts";
import { type Database, heartbeat } from "@darkroom/db";
import type { Logger } from "pino";
import type { HeldWork } from "./held-work.ts";

interface HeartbeatParts {
  readonly database: Database;
  readonly heldWork: HeldWork;
  readonly workerId: string;
  readonly leaseSeconds: number;
  readonly log: Logger;
}

/**
 * Renews every job and slot of this worker with one statement, and obeys the answer: what was lost is stopped, what is
 * to be canceled is canceled. A late one does no harm: whatever still carries its attempt or holder is renewed.
 */
export async function beat({ database, heldWork, workerId, leaseSeconds, log }: HeartbeatParts): Promise<void> {
  const attempts = [...heldWork.attempts.values()];
  const slots = [...heldWork.slots];
  if (attempts.length === 0 && slots.length === 0) return;
  await failpoint("heartbeat.due");
  const answer = await heartbeat(database, {
    workerId,
    leaseSeconds,
    jobs: attempts.map(({ job, progress }) => ({ jobId: job.jobId, attempt: job.attempt, progress })),
    slots: slots.map(({ backendId, ordinal }) => ({ backendId, ordinal })),
  });
  await failpoint("heartbeat.answered");
  for (const { jobId, attempt } of answer.lostJobs) {
    const held = attempts.find(({ job }) => job.jobId === jobId && job.attempt === attempt);
    if (held === undefined || held.isSettling || heldWork.attempts.get(jobId) !== held) continue;
    held.log.warn("lost the lease");
    held.abort({ type: "lease-lost", why: "the heartbeat found another holder" });
  }
  for (const { jobId, version } of answer.canceling) heldWork.attempts.get(jobId)?.ask("cancel", version);
  for (const { backendId, ordinal } of answer.lostSlots) {
    const held = slots.find((slot) => slot.backendId === backendId && slot.ordinal === ordinal);
    if (held === undefined || !heldWork.slots.has(held)) continue;
    log.warn({ backendId, ordinal }, "lost the slot");
    held.lost();
  }
}

/**
 * Beats every 0.3 leases until stopped: two beats may fail before a lease ends. That they fail is said once, for what fails them may be
 * a full disk, which has the log too.
 */
export function startHeartbeat(parts: HeartbeatParts): { stop(): void } {
  const { leaseSeconds, log } = parts;
  const leaseMs = leaseSeconds * 1000;
  let isFailing = false;
  let beatingSince: number | null = null;
  const timer = setInterval(() => {
    const now = performance.now();
    // A beat that hangs on a dead connection must not keep the next one from trying another.
    if (beatingSince !== null && now - beatingSince < leaseMs) return;
    beatingSince = now;
    beat(parts)
      .then(
        () => {
          if (isFailing) log.info("heartbeats renew again");
          isFailing = false;
        },
        (error: unknown) => {
          if (!isFailing) log.warn({ err: error }, "heartbeat failed; the next one renews");
          isFailing = true;
        },
      )
      .finally(() => {
        if (beatingSince === now) beatingSince = null;
      });
  }, leaseMs * 0.3);
  return { stop: () => clearInterval(timer) };
}
