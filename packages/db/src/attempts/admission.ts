import type { Database } from "../postgres/client.ts";
import { isLive, isPausedNow } from "../postgres/sql.ts";
import type { SlotKind } from "../schema/slots.ts";
import { type DispatchRecord, openDispatchesOn } from "./dispatches.ts";

type Fragment = ReturnType<typeof isLive>;

/** What a slot that has nothing to do finds. */
export interface Admission {
  /** What it may take now: a job to `run`, the one to come `next` behind those that run, or nothing (null). */
  readonly place: SlotKind | null;
  /** The prompts that may be on its backend, oldest first: what was begun comes before what is new. */
  readonly prompts: readonly DispatchRecord[];
}

/**
 * What a slot that has nothing to do may take, and what was begun: one question, since a backend that has run out of prompts waits
 * for the answer.
 *
 * While a backend holds fewer jobs than it runs at once, only slots of kind `run` take. Once it is full, the slot that is
 * left over, whichever kind it is, takes one more: when all the others have begun, and only what no idle backend could
 * begin at once.
 *
 * `begun` and `over` are the asking worker's own jobs whose prompt it has seen begin and end: it knows before Postgres does. A job
 * that is over holds no place on its backend although its outputs are still being stored. Of another worker's job that is
 * not known, and it holds its place until it is settled: the stage `saving` would not do, for it begins while ComfyUI writes.
 */
export async function admit(
  { sql }: Database,
  slot: {
    backendId: string;
    kind: SlotKind;
    concurrency: number;
    begun?: readonly string[];
    over?: readonly string[];
  },
): Promise<Admission> {
  const { backendId, kind, concurrency, begun = [], over = [] } = slot;
  const [row] = await sql<[Admission]>`
    SELECT CASE
      WHEN ${isPausedNow(sql)} THEN NULL
      WHEN here.held < ${concurrency} THEN ${kind === "run" ? "run" : null}
      WHEN here.waiting > 0 OR ${isBetterOff(sql, backendId, null)} THEN NULL
      ELSE 'next'
    END AS place,
    (SELECT coalesce(json_agg(prompt), '[]') FROM (${openDispatchesOn(sql, backendId)}) AS prompt) AS prompts
    FROM (
      SELECT count(*) AS held, count(*) FILTER (WHERE stage = 'preparing' AND id <> ALL (${[...begun]}::uuid[])) AS waiting
      FROM jobs
      WHERE backend_id = ${backendId} AND state IN ('running', 'canceling') AND id <> ALL (${[...over]}::uuid[])) here`;
  return row;
}

/**
 * Whether a job whose prompt waits behind another should be given back: the queue is paused, the backend is drained, or
 * one that stands idle could begin it now.
 */
export async function shouldRelease(
  { sql }: Database,
  waiting: { backendId: string; jobId: string },
): Promise<boolean> {
  const { backendId, jobId } = waiting;
  const [row] = await sql<[{ should: boolean }]>`
    SELECT ${isPausedNow(sql)}
      OR EXISTS (SELECT 1 FROM backends WHERE id = ${backendId} AND draining_at IS NOT NULL)
      OR ${isBetterOff(sql, backendId, jobId)} AS should`;
  return row.should;
}

/** Whether another live backend has a free slot and could run the job; with null, any due job that waits. */
function isBetterOff(sql: Database["sql"], backendId: string, jobId: string | null): Fragment {
  const wanted =
    jobId === null
      ? sql`w.state = 'queued' AND w.run_after <= now() AND w.adopt_backend_id IS NULL`
      : sql`w.id = ${jobId}`;
  return sql`EXISTS (
    SELECT 1 FROM backends b WHERE b.id <> ${backendId} AND ${isLive(sql)}
      AND (SELECT count(*) FROM slots s WHERE s.backend_id = b.id AND s.kind = 'run' AND s.lease_until > now())
        > (SELECT count(*) FROM jobs j WHERE j.backend_id = b.id AND j.state IN ('running', 'canceling'))
      AND EXISTS (
        SELECT 1 FROM jobs w JOIN capability_decisions a ON a.capability_key = w.capability_key
        WHERE ${wanted} AND a.catalog_hash = b.catalog_hash AND a.lacks = '[]'::jsonb))`;
}
