import type { Database } from "../postgres/client.ts";

/** How long it can be seen what was sent to a webhook. */
const DELIVERY_DAYS = 30;

/**
 * Removes what nobody asks for any more. Each statement is bounded, so that a long backlog takes several calls.
 * `eventDays`: how long events can be read again; a cursor older than this starts over with a snapshot.
 */
export async function deleteExpired({ sql }: Database, { eventDays }: { eventDays: number }): Promise<void> {
  await sql`
    DELETE FROM job_events WHERE ctid IN (
      SELECT ctid FROM job_events WHERE at < now() - make_interval(days => ${eventDays})
      ORDER BY at, owner_seq LIMIT 2000)`;
  await sql`
    DELETE FROM submits WHERE id IN (SELECT id FROM submits WHERE at < now() - interval '1 hour' ORDER BY at LIMIT 2000)`;
  // Orphans are removed when a worker next looks at their backend; one that no worker has configured for a week is gone.
  await sql`
    DELETE FROM dispatches WHERE prompt_id IN (
      SELECT d.prompt_id FROM dispatches d JOIN jobs j ON j.id = d.job_id
      -- What was closed a day ago was sent before that: the index names those, and not all of the day.
      WHERE d.dispatched_at < now() - interval '1 day' AND (d.closed_at < now() - interval '1 day'
        OR (d.dispatched_at < now() - interval '7 days' AND j.finished_at IS NOT NULL))
      ORDER BY d.dispatched_at LIMIT 2000)`;
  await sql`DELETE FROM backends WHERE seen_at < now() - interval '1 day' AND draining_at IS NULL`;
  await sql`
    DELETE FROM capability_decisions a WHERE created_at < now() - interval '1 day'
      AND NOT EXISTS (SELECT 1 FROM backends b WHERE b.catalog_hash = a.catalog_hash)`;
  await sql`DELETE FROM admin_links WHERE expires_at < now() - interval '1 day'`;
  await sql`DELETE FROM metric_minutes WHERE at < now() - interval '8 days'`;
  await sql`DELETE FROM alerts WHERE cleared_at < now() - interval '90 days'`;
  await sql`
    DELETE FROM audit_entries WHERE id IN (
      SELECT id FROM audit_entries WHERE at < now() - interval '1 year' ORDER BY at LIMIT 2000)`;
  await sql`
    DELETE FROM webhook_deliveries WHERE id IN (
      SELECT id FROM webhook_deliveries WHERE created_at < now() - make_interval(days => ${DELIVERY_DAYS})
      ORDER BY created_at LIMIT 2000)`;
  await sql`DELETE FROM usage_days WHERE day < now() - interval '3 years'`;
  await deleteRemovedJobs(sql);
}

/**
 * Deletes what is left of removed jobs: after the hour in which they still count as generations, once they are counted as used, and
 * once none of their prompts may be on a backend. Their batches go with the last of their jobs.
 */
async function deleteRemovedJobs(sql: Database["sql"]): Promise<void> {
  await sql`
    WITH gone AS MATERIALIZED (
      SELECT id, batch_id FROM jobs j WHERE removed_at < now() - interval '1 hour'
        AND NOT EXISTS (SELECT 1 FROM maintenance WHERE (j.finished_at, j.id) > (usage_counted_at, usage_counted_id))
        AND NOT EXISTS (SELECT 1 FROM dispatches d WHERE d.job_id = j.id AND d.closed_at IS NULL)
      ORDER BY removed_at LIMIT 2000
    ), prompts AS (
      DELETE FROM dispatches d USING gone WHERE d.job_id = gone.id
    ), tries AS (
      DELETE FROM attempts a USING gone WHERE a.job_id = gone.id
    ), jobs_gone AS (
      DELETE FROM jobs j USING gone WHERE j.id = gone.id
    )
    DELETE FROM batches b WHERE b.id IN (SELECT batch_id FROM gone)
      AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.batch_id = b.id AND j.id NOT IN (SELECT id FROM gone))`;
}
