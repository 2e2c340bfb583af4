import type { Database } from "../postgres/client.ts";
import { atMost } from "../postgres/sql.ts";
import type { Transaction } from "../postgres/transaction.ts";

/** Ended jobs that one statement counts, and statements of one call: what ends in a minute, and a backlog soon. */
const JOBS_AT_ONCE = 2000;
const CHUNKS = 10;

/** After so many seconds nothing is committed any more that says that it ended before: a statement may take five. */
const SETTLED_SECONDS = 60;

/** Adds a file that was sent to its owner's day. */
export async function countUpload(
  tx: Transaction,
  upload: { readonly ownerId: string; readonly apiKeyId: string | null; readonly sizeBytes: number },
): Promise<void> {
  await tx`
    INSERT INTO usage_days AS counted (day, owner_id, api_key_id, uploads, upload_bytes)
    VALUES ((now() AT TIME ZONE 'UTC')::date, ${upload.ownerId}, ${upload.apiKeyId}, 1, ${upload.sizeBytes})
    ON CONFLICT ON CONSTRAINT usage_days_of DO UPDATE SET
      uploads = counted.uploads + 1, upload_bytes = counted.upload_bytes + EXCLUDED.upload_bytes`;
}

/**
 * Adds the jobs that ended since they were last counted to their owners' days, each once, whoever counts: the note of how far it
 * came is part of the statement. Bounded: a long backlog takes several calls.
 */
export async function countUsage({ sql }: Database): Promise<void> {
  for (let chunk = 0; chunk < CHUNKS; chunk += 1) {
    const [row] = await sql<{ jobs: number }[]>`
      WITH counted AS MATERIALIZED (
        SELECT coalesce(usage_counted_at, '-infinity') AS at,
          coalesce(usage_counted_id, '00000000-0000-0000-0000-000000000000') AS id FROM maintenance FOR UPDATE
      ), ended AS MATERIALIZED (
        SELECT j.* FROM counted CROSS JOIN LATERAL (
          SELECT id, owner_id, api_key_id, state, finished_at, ran_ms, made_files, made_bytes FROM jobs
          WHERE finished_at < now() - make_interval(secs => ${SETTLED_SECONDS})
            AND (finished_at, id) > (counted.at, counted.id)
          ORDER BY finished_at, id ${atMost(sql, JOBS_AT_ONCE)}) AS j
      ), added AS (
        INSERT INTO usage_days AS day (day, owner_id, api_key_id, succeeded, failed, canceled, ran_ms, outputs, output_bytes)
        SELECT (finished_at AT TIME ZONE 'UTC')::date, owner_id, api_key_id, count(*) FILTER (WHERE state = 'succeeded'),
          count(*) FILTER (WHERE state = 'failed'), count(*) FILTER (WHERE state = 'canceled'), sum(ran_ms), sum(made_files),
          sum(made_bytes)
        FROM ended GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
        ON CONFLICT ON CONSTRAINT usage_days_of DO UPDATE SET succeeded = day.succeeded + EXCLUDED.succeeded,
          failed = day.failed + EXCLUDED.failed, canceled = day.canceled + EXCLUDED.canceled, ran_ms = day.ran_ms + EXCLUDED.ran_ms,
          outputs = day.outputs + EXCLUDED.outputs, output_bytes = day.output_bytes + EXCLUDED.output_bytes
      ), last AS (
        SELECT finished_at, id FROM ended ORDER BY finished_at DESC, id DESC LIMIT 1
      ), noted AS (
        UPDATE maintenance SET usage_counted_at = last.finished_at, usage_counted_id = last.id FROM last
      )
      SELECT count(*)::int AS jobs FROM ended`;
    if ((row?.jobs ?? 0) < JOBS_AT_ONCE) return;
  }
}
