import { failpoint } from "@darkroom/contracts";
import { closeDispatch, type Database, type Settled, settleJob } from "@darkroom/db";
import type { Queue } from "@darkroom/queue";
import type { Logger } from "pino";
import type { Announcer } from "../announcer.ts";
import type { Attempt } from "../attempt/attempt.ts";
import { retrying } from "../retry.ts";
import type { RunReport } from "./run-job.ts";

interface SettleParts {
  readonly database: Database;
  readonly queue: Queue;
  readonly announcer: Announcer;
  readonly leaseSeconds: number;
  readonly log: Logger;
}

/** Writes how the attempt ended, then says it. A lost fence ends it without a word. */
export async function settle(parts: SettleParts, attempt: Attempt, report: RunReport): Promise<void> {
  switch (report.outcome.type) {
    case "abandoned":
      return;
    case "succeeded":
      // Its dispatch is closed in the same transaction.
      await write(parts, attempt, report);
      return;
    case "failed":
    case "canceled":
      // Afterwards, so that a crash in between leaves a prompt to adopt and never one to repeat, and only if the job is ended:
      // else whoever has it now adopts the prompt. One that is still on the backend stays open: the next sweep finds it an
      // orphan and removes it.
      if ((await write(parts, attempt, report)) && report.prompt !== "open") await close(parts, attempt);
      return;
    case "retry":
    case "backend-gone":
      // Before, so that nobody adopts the prompt that just failed.
      if (report.prompt !== "open") await close(parts, attempt);
      await write(parts, attempt, report);
      return;
    case "released":
      // Otherwise the job would wait for this backend, which no longer has its prompt.
      if (report.prompt === "void") await close(parts, attempt);
      await write(parts, attempt, report);
      return;
  }
}

/** False if the attempt held the job no more. */
async function write(
  { database, queue, announcer, leaseSeconds, log }: SettleParts,
  attempt: Attempt,
  { outcome, run, stopped }: RunReport,
): Promise<boolean> {
  if (outcome.type === "abandoned") return false;
  const { jobId, attempt: number } = attempt.job;
  // Finished work is worth waiting for: Postgres may be away for a while, and nobody else can have settled this attempt.
  await failpoint("settle.begun");
  const patienceMs = (leaseSeconds + 60) * 1000;
  const settled: Settled | null = await retrying(
    () => settleJob(database, { jobId, attempt: number, outcome, run, stopped }),
    { patienceMs },
  );
  if (settled === null) {
    log.info({ outcome: outcome.type }, "settled by another, or by a try of ours whose answer was lost");
    return false;
  }
  await failpoint("settle.committed");
  attempt.record(settled.events);
  announcer.events(settled.events);
  const { entry } = settled;
  // Redis down: maintenance pushes it later. An idle worker would find a job whose backend is gone at its next look only.
  // Nobody is woken for a released one: a backend that is only silent would take it back at once, to no end.
  if (entry !== null)
    await queue
      .enqueue([entry], { at: "head", wake: outcome.type === "backend-gone" })
      .catch((error: unknown) => log.warn({ err: error }, "could not push the job back; maintenance will"));
  await failpoint("settle.requeued");
  return true;
}

async function close({ database, log }: SettleParts, { promptId }: Attempt): Promise<void> {
  if (promptId === null) return;
  await retrying(() => closeDispatch(database, { promptId })).catch((error: unknown) =>
    log.warn({ err: error }, "could not close the dispatch; the next sweep will"),
  );
  await failpoint("settle.closed");
}
