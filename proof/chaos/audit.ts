import { createHash } from "node:crypto";
import { createReadStream, existsSync, globSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import postgres from "postgres";
import { readLines } from "./journal.ts";
import {
  type CancelAnswer,
  type Crash,
  type FeedLine,
  files,
  type SentKey,
  type ServerError,
  type SubmitAnswer,
} from "./records.ts";

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

interface JobRow {
  readonly id: string;
  readonly ownerId: string;
  readonly batchId: string | null;
  readonly key: string;
  readonly state: string;
  readonly version: number;
  readonly attempt: number;
  readonly failure: string | null;
}
interface EventRow {
  readonly ownerId: string;
  readonly ownerSeq: number;
  readonly jobId: string | null;
  readonly version: number | null;
  readonly attempt: number | null;
  readonly type: string;
  readonly batchId: string | null;
  readonly counts: Readonly<Record<string, number>> | null;
}
interface OutputRow {
  readonly jobId: string;
  readonly attempt: number;
  readonly sha256: string;
  readonly storageKey: string;
  readonly sizeBytes: number;
  readonly createdAt: number;
}
interface AttemptRow {
  readonly jobId: string;
  readonly attempt: number;
  readonly startedAt: number;
}
interface DispatchRow {
  readonly promptId: string;
  readonly jobId: string;
}
interface BatchRow {
  readonly id: string;
  readonly open: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly canceled: number;
}
/** A line of a simulator's ledger. */
interface LedgerLine {
  readonly at: number;
  readonly process: string;
  readonly type: string;
  readonly promptId?: string;
  readonly outcome?: string;
}

const terminal: ReadonlySet<string> = new Set(["succeeded", "failed", "canceled"]);
const terminalEvents: ReadonlySet<string> = new Set(["job.succeeded", "job.failed", "job.canceled"]);

export interface AuditSource {
  readonly databaseUrl: string;
  /** Of the run: ledgers, notes and the subscribers' logs. */
  readonly folder: string;
  readonly storageFolder: string;
}

interface Evidence {
  readonly jobs: readonly JobRow[];
  readonly events: readonly EventRow[];
  readonly outputs: readonly OutputRow[];
  readonly attempts: readonly AttemptRow[];
  readonly dispatches: readonly DispatchRow[];
  readonly batches: readonly BatchRow[];
  readonly feeds: readonly { ownerId: string; seq: number }[];
  readonly keys: readonly SentKey[];
  readonly answers: readonly SubmitAnswer[];
  readonly cancels: readonly CancelAnswer[];
  readonly crashes: readonly Crash[];
  readonly errors: readonly ServerError[];
  readonly ledgers: readonly (readonly LedgerLine[])[];
  readonly subscribers: readonly (readonly FeedLine[])[];
}

/** Compares everything that a run left. The product must be at rest, and Postgres must answer. */
export async function audit(source: AuditSource): Promise<Audit> {
  const evidence = await gather(source);
  const { jobs, events, outputs, answers, dispatches, ledgers } = evidence;
  const violations: Violations = {
    lost: lostJobs(evidence),
    stuck: jobs.filter(({ state }) => !terminal.has(state)).map(({ id, state }) => `${id} is ${state}`),
    duplicated: [...doubleEnds(evidence), ...doubleJobs(evidence)],
    stale: staleWrites(evidence),
    repeated: repeatedPrompts(evidence),
    untrue: untrueEnds(evidence),
    gaps: gaps(evidence),
    batches: wrongBatches(evidence),
    subscribers: evidence.subscribers.flatMap((lines, index) => wrongSubscriber(`feed-${index}`, lines, events)),
    files: await wrongFiles(evidence, source.storageFolder),
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

export const countOf = (violations: Violations): number =>
  Object.values(violations).reduce((sum: number, lines: string[]) => sum + lines.length, 0);

async function gather({ databaseUrl, folder }: AuditSource): Promise<Evidence> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => undefined });
  try {
    const numbered = <T>(pattern: string): T[][] =>
      globSync(pattern, { cwd: folder })
        .sort((a, b) => a.localeCompare(b, "en", { numeric: true }))
        .map((file) => readLines<T>(join(folder, file)));
    return {
      jobs: await sql<JobRow[]>`
        SELECT id, owner_id AS "ownerId", batch_id AS "batchId", idempotency_key AS key, state, version, attempt,
          failure->>'code' AS failure FROM jobs`,
      events: await sql<EventRow[]>`
        SELECT owner_id AS "ownerId", owner_seq::int AS "ownerSeq", job_id AS "jobId", version, attempt, type,
          payload->>'batchId' AS "batchId", payload->'counts' AS counts
        FROM job_events ORDER BY owner_id, owner_seq`,
      outputs: await sql<OutputRow[]>`
        SELECT job_id AS "jobId", attempt, sha256, storage_key AS "storageKey", size_bytes::int AS "sizeBytes",
          extract(epoch FROM created_at)::float8 AS "createdAt" FROM outputs`,
      attempts: await sql<AttemptRow[]>`
        SELECT job_id AS "jobId", attempt, extract(epoch FROM started_at)::float8 AS "startedAt" FROM attempts`,
      dispatches: await sql<DispatchRow[]>`SELECT prompt_id AS "promptId", job_id AS "jobId" FROM dispatches`,
      batches: await sql<BatchRow[]>`SELECT id, open, succeeded, failed, canceled FROM batches`,
      feeds: await sql<{ ownerId: string; seq: number }[]>`
        SELECT owner_id AS "ownerId", seq::int AS seq FROM owner_feeds`,
      keys: readLines(join(folder, files.keys)),
      answers: readLines(join(folder, files.answers)),
      cancels: readLines(join(folder, files.cancels)),
      crashes: readLines(join(folder, files.crashes)),
      errors: readLines(join(folder, files.errors)),
      ledgers: numbered<LedgerLine>("*.ledger.jsonl"),
      subscribers: numbered<FeedLine>("feed-*.jsonl"),
    };
  } finally {
    await sql.end();
  }
}

function lostJobs({ jobs, answers, keys }: Evidence): string[] {
  const owners = new Map(jobs.map(({ id, ownerId }) => [id, ownerId]));
  const answered = new Set(answers.map(({ ownerId, key }) => `${ownerId} ${key}`));
  return [
    ...answers.flatMap(({ ownerId, key, jobIds }) =>
      jobIds.filter((id) => owners.get(id) !== ownerId).map((id) => `${id}, the answer to ${key}, is not there`),
    ),
    ...keys.filter(({ ownerId, key }) => !answered.has(`${ownerId} ${key}`)).map(({ key }) => `${key} got no answer`),
  ];
}

function doubleEnds({ jobs, events, cancels }: Evidence): string[] {
  const found: string[] = [];
  const eventsOf = Map.groupBy(events, ({ jobId }) => jobId);
  for (const { id, state } of jobs) {
    const own = (eventsOf.get(id) ?? []).map(({ type }) => type);
    const ends = own.filter((type) => terminalEvents.has(type));
    if (ends.length > 1) found.push(`${id} ended ${ends.length} times: ${ends.join(", ")}`);
    else if (ends.length === 1 && own.at(-1) !== ends[0]) found.push(`${id} went on after ${ends[0]}: ${own.at(-1)}`);
    if (terminal.has(state) && ends.at(-1) !== `job.${state}`)
      found.push(`${id} is ${state}, but its last end is ${ends.at(-1)}`);
  }
  const states = new Map(jobs.map(({ id, state }) => [id, state]));
  for (const { jobId, state } of cancels) {
    if (terminal.has(state) && states.get(jobId) !== state)
      found.push(`${jobId} was said to be ${state} and is ${states.get(jobId)}`);
  }
  return found;
}

function doubleJobs({ jobs, answers, keys }: Evidence): string[] {
  const found: string[] = [];
  // A batch gives each of its jobs a key of its own.
  const keyOf = ({ ownerId, key }: { ownerId: string; key: string }): string => `${ownerId} ${key.split("#")[0]}`;
  const wanted = new Map(keys.map((sent) => [keyOf(sent), sent.jobs]));
  for (const [key, made] of Map.groupBy(jobs, keyOf)) {
    const most = wanted.get(key);
    if (most === undefined) found.push(`nobody asked for ${made.map(({ id }) => id).join(", ")} (${key})`);
    else if (made.length !== most) found.push(`${key} made ${made.length} jobs instead of ${most}`);
  }
  for (const [key, given] of Map.groupBy(answers, keyOf)) {
    const different = new Set(given.map(({ jobIds }) => [...jobIds].sort().join(" ")));
    if (different.size > 1) found.push(`${key} was answered with different jobs: ${[...different].join(" and ")}`);
  }
  return found;
}

function staleWrites({ events, outputs, attempts, jobs }: Evidence): string[] {
  const found: string[] = [];
  for (const [jobId, own] of Map.groupBy(events, (event) => event.jobId)) {
    if (jobId === null) continue;
    let current = 0;
    // False once the attempt gave the job back: whatever it writes then is late.
    let isRunning = false;
    for (const { type, attempt, version } of own) {
      const what = `${jobId}: ${type} (version ${version}) of attempt ${attempt}`;
      if ((attempt ?? 0) < current) found.push(`${what} after attempt ${current}`);
      current = Math.max(current, attempt ?? 0);
      if (type === "job.started") isRunning = true;
      else if (type === "job.retried") isRunning = false;
      else if ((type === "job.staged" || type === "output.created" || type === "job.succeeded") && !isRunning)
        found.push(`${what}, which does not run`);
    }
  }
  const startedAt = new Map(attempts.map(({ jobId, attempt, startedAt }) => [`${jobId} ${attempt}`, startedAt]));
  const last = new Map(jobs.map(({ id, attempt }) => [id, attempt]));
  for (const { jobId, attempt, createdAt } of outputs) {
    const next = startedAt.get(`${jobId} ${attempt + 1}`);
    if (next !== undefined && createdAt > next)
      found.push(`${jobId}: an output of attempt ${attempt} after attempt ${attempt + 1} began`);
    if (attempt > (last.get(jobId) ?? 0)) found.push(`${jobId}: an output of attempt ${attempt}, which never was`);
  }
  return found;
}

/** What a ledger tells of one prompt, from its submission on. */
interface Run {
  readonly promptId: string;
  readonly process: string;
  readonly submittedAt: number;
  readonly succeededAt: number | null;
}

function runsOf(ledger: readonly LedgerLine[]): Run[] {
  const submitted = ledger.filter(({ type }) => type === "submitted");
  return submitted.map(({ promptId = "", process, at }) => {
    const isItsEnd = (line: LedgerLine): boolean =>
      line.type === "ended" && line.outcome === "success" && line.promptId === promptId && line.process === process;
    return { promptId, process, submittedAt: at, succeededAt: ledger.find(isItsEnd)?.at ?? null };
  });
}

function repeatedPrompts({ ledgers, dispatches }: Evidence): string[] {
  const jobOf = new Map(dispatches.map(({ promptId, jobId }) => [promptId, jobId]));
  /** Until when a server knew what it had run: the start of its next process. */
  const knewUntil = new Map<string, number>();
  for (const ledger of ledgers) {
    const opened = ledger.filter(({ type }) => type === "opened");
    for (const [index, { process }] of opened.entries())
      knewUntil.set(process, opened[index + 1]?.at ?? Number.POSITIVE_INFINITY);
  }
  const runs = ledgers.flatMap(runsOf).sort((a, b) => a.submittedAt - b.submittedAt);
  const found: string[] = [];
  for (const { promptId } of runs) if (!jobOf.has(promptId)) found.push(`${promptId} was sent without being recorded`);
  for (const [promptId, same] of Map.groupBy(runs, (run) => run.promptId)) {
    const processes = new Set(same.map(({ process }) => process));
    if (processes.size < same.length)
      found.push(`${promptId} was sent ${same.length} times to ${processes.size} servers`);
  }
  for (const [jobId, own] of Map.groupBy(runs, ({ promptId }) => jobOf.get(promptId))) {
    for (const later of own) {
      const done = own.find(
        ({ promptId, process, succeededAt }) =>
          promptId !== later.promptId &&
          succeededAt !== null &&
          succeededAt < later.submittedAt &&
          later.submittedAt < (knewUntil.get(process) ?? 0),
      );
      if (done !== undefined)
        found.push(
          `${jobId}: ${later.promptId} sent ${later.submittedAt - (done.succeededAt ?? 0)} ms after ${done.promptId} had completed`,
        );
    }
  }
  return found;
}

function untrueEnds({ jobs, outputs, ledgers, dispatches }: Evidence): string[] {
  const successes = new Set(ledgers.flatMap(runsOf).flatMap((run) => (run.succeededAt === null ? [] : [run.promptId])));
  const promptsOf = Map.groupBy(dispatches, ({ jobId }) => jobId);
  const outputsOf = Map.groupBy(outputs, ({ jobId }) => jobId);
  return jobs.flatMap(({ id, state, attempt, failure }) => {
    const prompts = promptsOf.get(id) ?? [];
    if (state === "succeeded" && !prompts.some(({ promptId }) => successes.has(promptId)))
      return [`${id} succeeded, but none of its ${prompts.length} prompts did`];
    if (state === "succeeded" && !outputsOf.get(id)?.some((output) => output.attempt === attempt))
      return [`${id} succeeded in attempt ${attempt}, which has no output`];
    // The load asks for nothing that can fail: only a prompt that was lost three times is a reason.
    if (state === "failed" && (failure !== "POISON" || prompts.length < 3))
      return [`${id} failed with ${failure} after ${prompts.length} prompts`];
    return [];
  });
}

function gaps({ jobs, events, feeds }: Evidence): string[] {
  const found: string[] = [];
  const eventsOf = Map.groupBy(events, ({ jobId }) => jobId);
  for (const { id, version } of jobs) {
    const versions = (eventsOf.get(id) ?? []).map((event) => event.version);
    if (versions.length !== version || versions.some((value, index) => value !== index + 1))
      found.push(`${id} is at version ${version}; its events have ${versions.join(" ")}`);
  }
  const feedOf = Map.groupBy(events, ({ ownerId }) => ownerId);
  for (const { ownerId, seq } of feeds) {
    const sequence = (feedOf.get(ownerId) ?? []).map(({ ownerSeq }) => ownerSeq);
    if (sequence.length !== seq || sequence.some((value, index) => value !== index + 1))
      found.push(
        `the feed of ${ownerId} is at ${seq} and holds ${sequence.length} events, the last ${sequence.at(-1)}`,
      );
  }
  return found;
}

function wrongBatches({ batches, jobs, events }: Evidence): string[] {
  const found: string[] = [];
  const jobsOf = Map.groupBy(jobs, ({ batchId }) => batchId);
  const settledOf = Map.groupBy(
    events.filter(({ type }) => type === "batch.settled"),
    ({ batchId }) => batchId,
  );
  for (const batch of batches) {
    const states = (jobsOf.get(batch.id) ?? []).map(({ state }) => state);
    const settled = settledOf.get(batch.id) ?? [];
    if (batch.open !== 0) found.push(`${batch.id} has ${batch.open} open jobs`);
    if (settled.length !== 1) found.push(`${batch.id} was settled ${settled.length} times`);
    for (const state of ["succeeded", "failed", "canceled"] as const) {
      const real = states.filter((own) => own === state).length;
      if (batch[state] !== real || (settled[0]?.counts?.[state] ?? real) !== real)
        found.push(`${batch.id} counts ${batch[state]} ${state}, told ${settled[0]?.counts?.[state]}; ${real} are`);
    }
  }
  return found;
}

/** Subscribers begin with empty feeds, so they must have received exactly what Postgres has, in its order. */
function wrongSubscriber(name: string, lines: readonly FeedLine[], events: readonly EventRow[]): string[] {
  const found: string[] = [];
  const [head] = lines;
  if (head?.type !== "watches") return [`${name} says not whom it watches`];
  const label = (event: { type: string; jobId?: string | null; batchId?: string | null; version?: number | null }) =>
    `${event.type} ${event.jobId ?? event.batchId} ${event.version ?? ""}`;
  const wanted = events.filter(({ ownerId }) => ownerId === head.ownerId).map(label);
  const received = lines.flatMap((line) => (line.type === "event" ? [label(line.event)] : []));
  const snapshots = lines.filter((line) => line.type === "snapshot");
  if (snapshots.some(({ reset }) => reset)) found.push(`${name} was told to begin again`);
  if (snapshots.length !== 1) found.push(`${name} received ${snapshots.length} snapshots`);
  const length = Math.max(wanted.length, received.length);
  for (let at = 0; at < length; at += 1) {
    if (wanted[at] === received[at]) continue;
    const had = received.slice(0, at).includes(received[at] ?? "") ? "again " : "";
    found.push(
      `${name} received ${had}${received[at] ?? "nothing"} as number ${at + 1} of ${wanted.length}, not ${wanted[at] ?? "the end"}`,
    );
    break;
  }
  return found;
}

async function wrongFiles({ outputs, jobs }: Evidence, storageFolder: string): Promise<string[]> {
  const attemptOf = new Map(jobs.map(({ id, attempt }) => [id, attempt]));
  const found: string[] = [];
  for (const { jobId, attempt, sha256, storageKey, sizeBytes } of outputs) {
    const file = join(storageFolder, storageKey);
    const what = `${jobId}, attempt ${attempt} of ${attemptOf.get(jobId)}: ${storageKey}`;
    if (!existsSync(file)) {
      found.push(`${what} is missing`);
      continue;
    }
    const hash = createHash("sha256");
    const pieces: Buffer[] = [];
    await pipeline(createReadStream(file), async (source) => {
      for await (const piece of source as AsyncIterable<Buffer>) {
        hash.update(piece);
        pieces.push(piece);
      }
    });
    const bytes = Buffer.concat(pieces);
    if (hash.digest("hex") !== sha256 || !storageKey.endsWith(sha256)) found.push(`${what} has another hash`);
    if (bytes.length !== sizeBytes) found.push(`${what} has ${bytes.length} bytes instead of ${sizeBytes}`);
    // ComfyUI writes the graph into each picture, and the graph names the file after its job.
    if (!bytes.includes(`darkroom/${jobId}-`)) found.push(`${what} shows the picture of another job`);
  }
  return found;
}
