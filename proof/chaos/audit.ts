import { changedEnds, doubleAnswers, doubleJobs, lostJobs } from "./audit/answers.ts";
import { type AuditSource, gather } from "./audit/evidence.ts";
import { repeatedPrompts, resentPrompts, unrecordedPrompts, untrueEnds } from "./audit/ledgers.ts";
import { wrongFiles } from "./audit/outputs.ts";
import {
  doubleEnds,
  feedGaps,
  openJobs,
  staleEvents,
  staleOutputs,
  versionGaps,
  wrongBatches,
} from "./audit/postgres.ts";
import { wrongSubscribers } from "./audit/subscribers.ts";

// The judge of a run. It believes nothing the product says of itself: it reads the tables with its own SQL, the
// simulators' ledgers, the subscribers' logs, the clients' notes and the files on disk, and compares them.

/** What must never happen, and one line for each time that it did. */
export interface Violations {
  /** A job that was accepted is not there. */
  readonly lost: string[];
  /** A job that has not ended. */
  readonly stuck: string[];
  /** A job that ended twice, an end that changed, or two jobs for one key. */
  readonly duplicated: string[];
  /** A write of an attempt that was no longer the current one. */
  readonly stale: string[];
  /** A prompt sent again although it had completed on a server that still knew it. */
  readonly repeated: string[];
  /** Succeeded without a prompt that did, or without its pictures; or failed without a reason. */
  readonly untrue: string[];
  /** Gaps or doubles in the numbers of versions and feeds. */
  readonly gaps: string[];
  /** Batches whose counts or end do not fit their jobs. */
  readonly batches: string[];
  /** Subscribers that missed, repeated or mixed up durable events. */
  readonly subscribers: string[];
  /** Outputs whose file is missing, differs from its hash, or shows another job's picture. */
  readonly files: string[];
  /** Processes of the product that ended by themselves. */
  readonly crashed: string[];
  /** Answers that say that the gateway is broken; of what others do to it, it says 503. */
  readonly errors: string[];
}

/** What the run was, in numbers, and what it should not have been. */
export interface Audit {
  readonly accepted: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly canceled: number;
  /** Durable events, and how often one was received. */
  readonly events: number;
  readonly received: number;
  readonly outputs: number;
  readonly prompts: number;
  /** Attempts beyond the first, and prompts of a job that succeeded beyond the first: what the faults cost. */
  readonly extraAttempts: number;
  readonly extraPrompts: number;
  /** Failure code → jobs. */
  readonly failures: Readonly<Record<string, number>>;
  readonly violations: Violations;
}

/** Compares everything that a run left. The product must be at rest, and Postgres must answer. */
export async function audit(source: AuditSource): Promise<Audit> {
  const evidence = await gather(source);
  const { jobs, events, outputs, answers, dispatches, ledgers } = evidence;
  const violations: Violations = {
    lost: lostJobs(evidence),
    stuck: openJobs(evidence),
    duplicated: [
      ...doubleEnds(evidence),
      ...changedEnds(evidence),
      ...doubleJobs(evidence),
      ...doubleAnswers(evidence),
    ],
    stale: [...staleEvents(evidence), ...staleOutputs(evidence)],
    repeated: [...unrecordedPrompts(evidence), ...resentPrompts(evidence), ...repeatedPrompts(evidence)],
    untrue: untrueEnds(evidence),
    gaps: [...versionGaps(evidence), ...feedGaps(evidence)],
    batches: wrongBatches(evidence),
    subscribers: wrongSubscribers(evidence),
    files: await wrongFiles(evidence, source.pathOf),
    crashed: evidence.crashes.map(({ part, how }) => `${part} ended by itself: ${how}`),
    errors: evidence.errors.map(({ procedure, status, body }) => `${procedure}: ${status} ${JSON.stringify(body)}`),
  };
  const count = (state: string): number => jobs.filter((job) => job.state === state).length;
  const failures: Record<string, number> = {};
  for (const { failure } of jobs) if (failure !== null) failures[failure] = (failures[failure] ?? 0) + 1;
  const prompted = new Set(dispatches.map(({ jobId }) => jobId));
  return {
    accepted: new Set(answers.flatMap(({ jobIds }) => jobIds)).size,
    succeeded: count("succeeded"),
    failed: count("failed"),
    canceled: count("canceled"),
    events: events.length,
    received: evidence.subscribers.flat().filter(({ type }) => type === "event").length,
    outputs: outputs.length,
    prompts: ledgers.flat().filter(({ type }) => type === "submitted").length,
    extraAttempts: jobs.reduce((sum, { attempt }) => sum + Math.max(0, attempt - 1), 0),
    extraPrompts: dispatches.length - prompted.size,
    failures,
    violations,
  };
}

/** How often anything happened that must never happen. */
export const countOf = (violations: Violations): number =>
  Object.values(violations).reduce((sum: number, lines: string[]) => sum + lines.length, 0);
