import type { JobPriority } from "@darkroom/contracts";
import type { Database } from "../postgres/client.ts";
import { atMost } from "../postgres/sql.ts";

/** A waiting job, and whose it is. */
export interface WaitingRow {
  readonly jobId: string;
  readonly ownerId: string;
  /** Null: a guest who gave none. */
  readonly ownerName: string | null;
  readonly workflow: { readonly slug: string; readonly name: string };
  readonly priority: JobPriority;
  /** ISO 8601. */
  readonly queuedAt: string;
  /** When it may be tried again; null: it is due. */
  readonly dueAt: string | null;
}

/** Everyone's waiting jobs, those that have waited longest first. */
export async function listWaiting({ sql }: Database, { limit }: { readonly limit: number }): Promise<WaitingRow[]> {
  const rows = await sql<(Omit<WaitingRow, "queuedAt" | "dueAt"> & { queuedAt: Date; dueAt: Date | null })[]>`
    WITH waiting AS MATERIALIZED (
      SELECT id, owner_id, workflow_id, priority, queued_at, run_after FROM jobs WHERE state = 'queued'
      ORDER BY queued_at, id ${atMost(sql, limit)}
    )
    SELECT j.id AS "jobId", j.owner_id AS "ownerId", j.priority, j.queued_at AS "queuedAt",
      (SELECT display_name FROM owners o WHERE o.id = j.owner_id) AS "ownerName",
      (SELECT jsonb_build_object('slug', w.slug, 'name', w.name) FROM workflows w WHERE w.id = j.workflow_id) AS workflow,
      CASE WHEN j.run_after > now() THEN j.run_after END AS "dueAt"
    FROM waiting j ORDER BY j.queued_at, j.id`;
  return rows.map(({ queuedAt, dueAt, ...row }) => ({
    ...row,
    queuedAt: queuedAt.toISOString(),
    dueAt: dueAt?.toISOString() ?? null,
  }));
}
