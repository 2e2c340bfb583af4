import { globSync } from "node:fs";
import { join } from "node:path";
import postgres from "postgres";
import { readLines } from "../journal.ts";
import {
  type CancelAnswer,
  type Crash,
  type FaultLine,
  type FeedLine,
  files,
  type SentKey,
  type ServerError,
  type SubmitAnswer,
} from "../records.ts";

// Of each row, what the rules read.

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
export interface EventRow {
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
  /** The attempt that sent it. */
  readonly attempt: number;
}
interface BatchRow {
  readonly id: string;
  readonly open: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly canceled: number;
}
/** A line of a simulator's ledger. */
export interface LedgerLine {
  /** `simulator-1`, as its link is named. */
  readonly server: string;
  readonly at: number;
  readonly process: string;
  readonly type: string;
  readonly promptId?: string;
  readonly outcome?: string;
}

const ledgerEnding = ".ledger.jsonl";

/** Where a run left its evidence. */
export interface AuditSource {
  readonly databaseUrl: string;
  /** Of the run: ledgers, notes and the subscribers' logs. */
  readonly folder: string;
  /** The file that holds what is stored under a key. */
  readonly pathOf: (storageKey: string) => string;
}

/** All that a run left, read once; times are in seconds since 1970, those of ledgers in milliseconds. */
export interface Evidence {
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
  readonly faults: readonly FaultLine[];
  readonly ledgers: readonly (readonly LedgerLine[])[];
  readonly subscribers: readonly (readonly FeedLine[])[];
}

/** Reads it. Postgres must answer, and nobody may write any more. */
export async function gather({ databaseUrl, folder }: AuditSource): Promise<Evidence> {
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
      dispatches: await sql<DispatchRow[]>`SELECT prompt_id AS "promptId", job_id AS "jobId", attempt FROM dispatches`,
      batches: await sql<BatchRow[]>`SELECT id, open, succeeded, failed, canceled FROM batches`,
      feeds: await sql<{ ownerId: string; seq: number }[]>`
        SELECT owner_id AS "ownerId", seq::int AS seq FROM owner_feeds`,
      keys: readLines(join(folder, files.keys)),
      answers: readLines(join(folder, files.answers)),
      cancels: readLines(join(folder, files.cancels)),
      crashes: readLines(join(folder, files.crashes)),
      errors: readLines(join(folder, files.errors)),
      faults: readLines(join(folder, files.faults)),
      ledgers: globSync(`*${ledgerEnding}`, { cwd: folder }).map((file) =>
        readLines<Omit<LedgerLine, "server">>(join(folder, file)).map((line) => ({
          ...line,
          server: file.slice(0, -ledgerEnding.length),
        })),
      ),
      subscribers: numbered<FeedLine>("feed-*.jsonl"),
    };
  } finally {
    await sql.end();
  }
}
