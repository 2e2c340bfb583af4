import { failpoint, type Metric, timeOfId } from "@darkroom/contracts";
import { admit, type Claim, claimJob } from "@darkroom/db";
import { type Attempt, createAttempt } from "../attempt/attempt.ts";
import type { Outcome } from "../attempt/outcome.ts";
import type { Phase } from "../attempt/phase.ts";
import type { Backend } from "../backend/backend.ts";
import { sweepPrompts } from "../backend/sweep-prompts.ts";
import { collectAndReport, type EndedRun, type RunParts, type RunReport, runJob } from "../run/run-job.ts";
import { settle } from "../run/settle.ts";
import { watchWaiting } from "../run/watch-waiting.ts";
import type { SlotLoop } from "./slot-loop.ts";

/** How a turn went: a job ran, nothing was there, or the slot is no good any more. */
export type Turn = "worked" | "idle" | "leave";

/** What a held slot does once: adopts what was begun, or else takes the next job that its backend can run. */
export async function takeTurn(loop: SlotLoop): Promise<Turn> {
  const { backend, kind, database, heldWork, settings, log } = loop;
  const { backendId } = backend;
  // While it has no job here, the slot of kind run that it has here is left over too.
  if (kind === "next" && ![...heldWork.attempts.values()].some((attempt) => attempt.backendId === backendId))
    return "idle";
  // Beside each other, since a backend that has run out of prompts waits for both.
  const [isOpen, { place, prompts }] = await Promise.all([
    loop.storageGate.isOpen(),
    admit(database, { backendId, kind, concurrency: settings.concurrency, ...ownPrompts(loop) }),
  ]);
  if (!isOpen) return "leave";
  const { adoptable, isOccupied } = await sweepPrompts(backend, prompts, { database, log });
  // What was begun comes before what is new.
  for (const jobId of adoptable) {
    const ended = await claimAndRun(loop, { jobId, adopt: true }, false);
    if (ended !== null) return ended;
  }
  if (loop.isQuiet || isOccupied || place === null) return "idle";
  if (place === "next") await failpoint("next.granted");
  const entry = await loop.taker.take(() => loop.isQuiet);
  if (entry === null) return "idle";
  await failpoint("take.taken");
  // Claimed by another, canceled or not due: drop it and take again.
  return (await claimAndRun(loop, { jobId: entry.jobId }, place === "next")) ?? "worked";
}

/** This worker's jobs whose prompt it has seen begin, and end. */
function ownPrompts({ heldWork }: SlotLoop): { begun: readonly string[]; over: readonly string[] } {
  const attempts = [...heldWork.attempts.values()];
  const idsIn = (phase: Phase) => attempts.filter((attempt) => attempt.phase === phase).map(({ job }) => job.jobId);
  return { begun: idsIn("running"), over: idsIn("over") };
}

/** Null if there was nothing to claim. */
async function claimAndRun(
  loop: SlotLoop,
  claim: Pick<Claim, "jobId" | "adopt">,
  isBehind: boolean,
): Promise<Turn | null> {
  const { backend, database, queue, heldWork, workerId, settings, log } = loop;
  const { backendId } = backend;
  const { leaseSeconds } = settings;
  const claimedFromMs = Date.now();
  const claimed = await claimJob(database, { ...claim, workerId, backendId, leaseSeconds });
  if (claimed === null || loop.isCrashed) return null;
  const { job, events } = claimed;
  await failpoint("claim.committed");
  const attempt = createAttempt(job, { backendId, log, isBehind, tracer: loop.tracer, onBegun: loop.notifyOthers });
  attempt.steps.enter("claim", claimedFromMs);
  attempt.steps.enter("dispatch");
  loop.current = attempt;
  heldWork.addAttempt(attempt);
  loop.announcer.events(events);
  if (claim.adopt === true) {
    // It was found in Postgres, so its entry in Redis is still there; whoever takes it would drop it.
    queue.remove([job.jobId]).catch(() => undefined);
    // There may be another one to adopt.
    loop.notifyOthers();
  }
  attempt.log.info({ adopts: job.openDispatch?.promptId, isBehind }, "claimed");
  // Prompts run in the order in which they are sent, so the model of this one is warm for the one after it.
  if (job.modelKey !== null) backend.warm(job.modelKey);
  if (loop.isQuiet && isBehind) attempt.ask("release");
  const startedAt = performance.now();
  const { nodes = {}, layouts = {} } = backend.catalog ?? {};
  const parts = { ...loop, client: backend.client, catalog: nodes, layouts, log: attempt.log };
  const run = await runInSlot(loop, attempt, parts);
  const settled = collectAndSettle(loop, attempt, { run, parts, startedAt }).finally(() =>
    heldWork.removeAttempt(attempt),
  );
  // Only what succeeded takes long from here on, and it needs no slot: the outputs of other runs are not fetched.
  if (run.end.type !== "finished") return await settled.finally(loop.notifyOthers);
  await loop.savings.add(
    settled.catch((error: unknown) => {
      attempt.log.warn({ err: error }, "could not be settled; its lease will end");
      backend.suspect();
    }),
  );
  return "worked";
}

/** Runs the attempt while it has the slot; it stays in {@link SlotLoop.heldWork} until it is settled. */
async function runInSlot(loop: SlotLoop, attempt: Attempt, parts: RunParts): Promise<EndedRun> {
  const { backend, database, settings, heldWork } = loop;
  const endWatch = watchWaiting(attempt, { backend, database, intervalMs: settings.quietMs, log: attempt.log });
  try {
    await failpoint("claim.registered");
    return await runJob(attempt, parts);
  } catch (error) {
    heldWork.removeAttempt(attempt);
    throw error;
  } finally {
    endWatch();
    loop.current = null;
  }
}

async function collectAndSettle(
  loop: SlotLoop,
  attempt: Attempt,
  { run, parts, startedAt }: { run: EndedRun; parts: RunParts; startedAt: number },
): Promise<Turn> {
  const { backend, settings, metrics } = loop;
  const { log } = attempt;
  const report = await collectAndReport(attempt, run, parts);
  if (loop.isCrashed) return "leave";
  attempt.settling();
  attempt.steps.enter("settle");
  tellBackend(backend, attempt, report);
  await settle({ ...loop, leaseSeconds: settings.leaseSeconds, log }, attempt, report);
  const { outcome } = report;
  attempt.steps.end(codeOf(outcome));
  const runSeconds = (performance.now() - startedAt) / 1000;
  metrics.attemptEnded(backend.backendId, outcome.type, runSeconds);
  if (outcome.type === "succeeded" || outcome.type === "failed" || outcome.type === "canceled") {
    loop.announcer.metric(measured(loop, attempt, { outcome: outcome.type, runSeconds }));
  }
  log.info({ outcome: outcome.type }, "settled");
  if (outcome.type !== "released" && outcome.type !== "backend-gone") return "worked";
  // Released because this backend is unhealthy: let a healthy one take the job first.
  backend.suspect();
  return "leave";
}

/** The code of what an attempt failed with; undefined: it did not. */
const codeOf = (outcome: Outcome): string | undefined => ("failure" in outcome ? outcome.failure.code : undefined);

/** A job's end as a metric. Its wait is counted from when its id was made, by the clocks of the machines. */
function measured(
  { workerId, backend }: SlotLoop,
  { job: { jobId, requestId, definition }, promise }: Attempt,
  { outcome, runSeconds }: Pick<Extract<Metric, { type: "job.measured" }>, "outcome" | "runSeconds">,
): Metric {
  const now = Date.now();
  const waitSeconds = Math.max(0, (now - timeOfId(jobId).getTime()) / 1000 - runSeconds);
  const { backendId } = backend;
  const at = new Date(now).toISOString();
  const facts = { instanceId: workerId, jobId, requestId, workflow: definition.slug, backendId };
  const estimateError = outcome === "succeeded" && promise !== null ? errorOf(promise) : null;
  return { type: "job.measured", at, ...facts, outcome, waitSeconds, runSeconds, estimateError };
}

/** How far off an estimate was, as a part of it; null for one of a second or less, whose error is mostly the clocks'. */
function errorOf({ at, seconds }: NonNullable<Attempt["promise"]>): number | null {
  return seconds <= 1 ? null : Math.abs((performance.now() - at) / 1000 - seconds) / seconds;
}

/** What becomes of the backend after an attempt. */
function tellBackend(backend: Backend, { promptId, isBehind }: Attempt, report: RunReport): void {
  switch (report.backend) {
    case "well":
      if (report.outcome.type === "succeeded") backend.worked();
      return;
    case "unreachable":
      // A run may give up before the probes do: the next job must not go where this one got no answer.
      backend.silent();
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
