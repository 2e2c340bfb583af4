import { type Lack, retryWaitReason } from "@darkroom/contracts";
import { describeMissing } from "../backends/capability-decisions.ts";
import type { Database } from "../postgres/client.ts";
import { backendSilenceSeconds, interval, isLive, isPausedNow } from "../postgres/sql.ts";
import type { Transaction } from "../postgres/transaction.ts";

type Sql = Database["sql"] | Transaction;
type Fragment = ReturnType<typeof isLive>;

/** What says why a job waits. */
export interface Waiting {
  readonly paused: boolean;
  readonly delayed: boolean;
  /** Backends that are known, those that some worker reports, those of them that answer, and those that take new work. */
  readonly knownBackends: number;
  readonly reportedBackends: number;
  readonly answeringBackends: number;
  readonly liveBackends: number;
  /** The backend that holds its prompt; null if none does, or may. */
  readonly heldBy: string | null;
  readonly holderAnswers: boolean | null;
  /** What the live backend that lacks least lacks; null: not worked out yet. */
  readonly lacks: readonly Lack[] | null;
  /** A backend that could run it and takes nothing new, and whether it answers. */
  readonly awayBackend: string | null;
  readonly awayAnswers: boolean | null;
  /** The live backends that can run it; null: none, or not worked out yet. */
  readonly able: readonly string[] | null;
  /** How many of them are at work on as much as they run at once, and how many let no worker take anything. */
  readonly busy: number;
  readonly resting: number;
}

/**
 * A row of {@link Waiting} for row `j` of jobs, to be joined laterally as `waiting`; none if the job does not wait. That is asked first,
 * by a query of its own (`OFFSET 0`): as a condition of the whole Postgres worked all of it out for each job of a page, and then left it out.
 */
export function waitingRow(sql: Sql): Fragment {
  const reported = sql`b.seen_at > now() - ${interval(sql, backendSilenceSeconds)}`;
  const answers = sql`(b.reachable AND b.reached_at > now() - ${interval(sql, backendSilenceSeconds)})`;
  return sql`
    SELECT ${isPausedNow(sql)} AS paused, j.run_after > now() AS delayed, j.adopt_backend_id AS "heldBy",
      (SELECT count(*) FROM backends b) AS "knownBackends",
      (SELECT count(*) FROM backends b WHERE ${reported}) AS "reportedBackends",
      (SELECT count(*) FROM backends b WHERE ${answers}) AS "answeringBackends",
      (SELECT count(*) FROM backends b WHERE ${isLive(sql)}) AS "liveBackends",
      (SELECT ${answers} FROM backends b WHERE b.id = j.adopt_backend_id) AS "holderAnswers",
      (SELECT a.lacks FROM backends b JOIN capability_decisions a ON a.catalog_hash = b.catalog_hash
        WHERE ${isLive(sql)} AND a.capability_key = j.capability_key
        ORDER BY jsonb_array_length(a.lacks) LIMIT 1) AS lacks,
      away.*, able.*
    FROM (SELECT WHERE j.state = 'queued' OFFSET 0) one
    LEFT JOIN LATERAL (
      SELECT b.id AS "awayBackend", ${answers} AS "awayAnswers"
      FROM backends b JOIN capability_decisions a ON a.catalog_hash = b.catalog_hash
      WHERE NOT ${isLive(sql)} AND a.capability_key = j.capability_key AND a.lacks = '[]'::jsonb
      ORDER BY ${answers} DESC, b.id LIMIT 1) away ON true
    LEFT JOIN LATERAL (
      SELECT array_agg(b.id ORDER BY b.id) AS able,
        count(*) FILTER (WHERE slot.total > 0 AND load.held >= slot.total) AS busy,
        count(*) FILTER (WHERE slot.total > 0 AND slot.held = 0) AS resting
      FROM backends b JOIN capability_decisions a ON a.catalog_hash = b.catalog_hash
      CROSS JOIN LATERAL (
        SELECT count(*) AS total, count(*) FILTER (WHERE s.lease_until > now()) AS held
        FROM slots s WHERE s.backend_id = b.id AND s.kind = 'run') slot
      CROSS JOIN LATERAL (
        SELECT count(*) AS held FROM jobs r
        WHERE r.backend_id = b.id AND r.state IN ('running', 'canceling')) load
      WHERE ${isLive(sql)} AND a.capability_key = j.capability_key AND a.lacks = '[]'::jsonb) able ON true`;
}

/**
 * Why a job waits, in words, what everybody waits for first; null when it simply waits its turn. Guests read it too, so it
 * names no backend: those are called by their addresses.
 */
export function waitReasonOf(waiting: Waiting): string | null {
  if (waiting.paused) return "The queue is paused.";
  return ofAllBackends(waiting) ?? ofItsHolder(waiting) ?? ofAbility(waiting) ?? ofItself(waiting) ?? ofLoad(waiting);
}

function ofAllBackends(waiting: Waiting): string | null {
  const { knownBackends, reportedBackends, answeringBackends, liveBackends } = waiting;
  if (knownBackends === 0) return "No backend is connected.";
  if (reportedBackends === 0) return "No worker is running.";
  if (answeringBackends === 0) return knownBackends === 1 ? "The backend does not answer." : "No backend answers.";
  if (liveBackends === 0) return "Operators are draining every backend.";
  return null;
}

function ofItsHolder({ heldBy, holderAnswers }: Waiting): string | null {
  if (heldBy === null) return null;
  return holderAnswers === true
    ? "It goes on at the backend that holds its prompt."
    : "The backend that holds its prompt does not answer.";
}

function ofAbility({ lacks, awayBackend, awayAnswers }: Waiting): string | null {
  if (lacks === null || lacks.length === 0) return null;
  if (awayBackend === null) return describeMissing(lacks);
  return awayAnswers === true
    ? "Only one backend can run it, and operators are draining that one."
    : "Only one backend can run it, and it does not answer.";
}

const ofItself = ({ delayed }: Waiting): string | null => (delayed ? retryWaitReason : null);

function ofLoad({ able, busy, resting, liveBackends }: Waiting): string | null {
  if (able === null) return null;
  if (resting === able.length) return "No backend that can run it takes new work just now.";
  if (able.length === liveBackends || busy < able.length) return null;
  return able.length === 1
    ? "Only one backend can run it, and it is busy."
    : `Only ${able.length} of ${liveBackends} backends can run it, and they are busy.`;
}
