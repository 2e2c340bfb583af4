import { failpoint } from "@darkroom/contracts";
import { admit, type Claim, claimJob } from "@darkroom/db";
import { type Attempt, createAttempt } from "../attempt/attempt.ts";
import type { Backend } from "../backend/backend.ts";
import { sweepPrompts } from "../backend/sweep-prompts.ts";
import { type RunReport, runJob } from "../run/run-job.ts";
import { settle } from "../run/settle.ts";
import { watchWaiting } from "../run/watch-waiting.ts";
import type { SlotLoop } from "./slot-loop.ts";

/** How a turn went: a job ran, nothing was there, or the slot is no good any more. */
export type Turn = "worked" | "idle" | "leave";

/** What a held slot does once: adopts what was begun, or else takes the next job that its backend can run. */
export async function takeTurn(loop: SlotLoop): Promise<Turn> {
  const { backend, kind, database, settings, log } = loop;
  if (!(await loop.storageGate.isOpen())) return "leave";
  // What was begun comes before what is new.
  const { adoptable, isOccupied } = await sweepPrompts(backend, { database, log });
  for (const jobId of adoptable) {
    const ended = await claimAndRun(loop, { jobId, adopt: true }, false);
    if (ended !== null) return ended;
  }
  if (loop.isQuiet || isOccupied) return "idle";
  const place = await admit(database, { backendId: backend.backendId, kind, concurrency: settings.concurrency });
  if (place === null) return "idle";
  if (place === "next") await failpoint("next.granted");
  const entry = await loop.taker.take(() => loop.isQuiet);
  if (entry === null) return "idle";
  await failpoint("take.taken");
  // Claimed by another, canceled or not due: drop it and take again.
  return (await claimAndRun(loop, { jobId: entry.jobId }, place === "next")) ?? "worked";
}

/** Null if there was nothing to claim. */
async function claimAndRun(
  loop: SlotLoop,
  claim: Pick<Claim, "jobId" | "adopt">,
  isBehind: boolean,
): Promise<Turn | null> {
  const { backend, database, queue, heldWork, workerId, settings, log } = loop;
  const { backendId } = backend;
  const { leaseSeconds, quietMs } = settings;
  const claimed = await claimJob(database, { ...claim, workerId, backendId, leaseSeconds });
  if (claimed === null || loop.isCrashed) return null;
  const { job, events } = claimed;
  await failpoint("claim.committed");
  const attempt = createAttempt(job, { backendId, log, isBehind, onStaged: loop.notifyOthers });
  loop.current = attempt;
  heldWork.addAttempt(attempt);
  loop.announcer.events(events);
  // It was found in Postgres, so its entry in Redis is still there; whoever takes it would drop it.
  if (claim.adopt === true) queue.remove([job.jobId]).catch(() => undefined);
  attempt.log.info({ adopts: job.openDispatch?.promptId, isBehind }, "claimed");
  // Prompts run in the order in which they are sent, so the model of this one is warm for the one after it.
  if (job.modelKey !== null) backend.warm(job.modelKey);
  if (loop.isQuiet && isBehind) attempt.ask("release");
  const endWatch = watchWaiting(attempt, { backend, database, intervalMs: quietMs, log: attempt.log });
  try {
    await failpoint("claim.registered");
    return await runAndSettle(loop, attempt);
  } finally {
    endWatch();
    heldWork.removeAttempt(attempt);
    loop.current = null;
    loop.notifyOthers();
  }
}

async function runAndSettle(loop: SlotLoop, attempt: Attempt): Promise<Turn> {
  const { backend, settings, metrics } = loop;
  const { log } = attempt;
  const startedAt = performance.now();
  const { nodes = {}, layouts = {} } = backend.catalog ?? {};
  const report = await runJob(attempt, { ...loop, client: backend.client, catalog: nodes, layouts, log });
  if (loop.isCrashed) return "leave";
  attempt.settling();
  tellBackend(backend, attempt, report);
  await settle({ ...loop, leaseSeconds: settings.leaseSeconds, log }, attempt, report);
  const { outcome } = report;
  metrics.attemptEnded(backend.backendId, outcome.type, (performance.now() - startedAt) / 1000);
  log.info({ outcome: outcome.type }, "settled");
  if (outcome.type !== "released" && outcome.type !== "backend-gone") return "worked";
  // Given back because this backend is unhealthy: let a healthy one take the job first.
  backend.suspect();
  return "leave";
}

/** What becomes of the backend after an attempt. */
function tellBackend(backend: Backend, { promptId, isBehind }: Attempt, report: RunReport): void {
  switch (report.backend) {
    case "well":
      if (report.outcome.type === "succeeded") backend.worked();
      return;
    case "unreachable":
      // Every prompt on a backend reports the same outage: count the running one only.
      if (!isBehind) backend.failed();
      return;
    case "gone":
      backend.gone();
      return;
    case "stuck":
      if (promptId !== null) backend.quarantine(promptId);
      return;
    case "broken":
      backend.rest();
      return;
  }
}
