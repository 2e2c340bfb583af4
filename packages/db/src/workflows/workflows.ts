import type { Positions, WorkflowDefinition } from "@darkroom/contracts";
import type { Database } from "../postgres/client.ts";

/** A workflow at one of its versions. */
export interface WorkflowRecord {
  readonly workflowId: string;
  readonly workflowVersionId: string;
  readonly version: number;
  readonly currentVersion: number;
  readonly published: boolean;
  readonly archivedAt: string | null;
  readonly createdAt: string;
  /** When this version was last made the current one for everyone; null: a draft. */
  readonly versionPublishedAt: string | null;
  readonly definition: WorkflowDefinition;
}

interface Row
  extends Omit<WorkflowDefinition, "timeoutSeconds" | "positions">,
    Omit<WorkflowRecord, "definition" | "archivedAt" | "createdAt" | "versionPublishedAt"> {
  readonly timeoutSeconds: number | null;
  readonly positions: Positions | null;
  readonly versionPublishedAt: Date | null;
  readonly archivedAt: Date | null;
  readonly createdAt: Date;
}

async function selectWorkflows(sql: Database["sql"], clauses: ReturnType<Database["sql"]>): Promise<WorkflowRecord[]> {
  const rows = await sql<Row[]>`
    SELECT w.id AS "workflowId", v.id AS "workflowVersionId", v.number AS version, c.number AS "currentVersion",
      w.published, w.archived_at AS "archivedAt", v.created_at AS "createdAt", v.timeout_seconds AS "timeoutSeconds",
      v.published_at AS "versionPublishedAt",
      w.slug, v.name, v.description, v.graph, v.parameters, v.bindings, v.outputs, v.positions
    FROM workflows w
    JOIN workflow_versions c ON c.id = w.current_version_id
    JOIN workflow_versions v ON v.workflow_id = w.id
    WHERE ${clauses}`;
  return rows.map(
    ({ slug, name, description, graph, parameters, bindings, outputs, timeoutSeconds, positions, ...row }) => ({
      ...row,
      archivedAt: row.archivedAt?.toISOString() ?? null,
      createdAt: row.createdAt.toISOString(),
      versionPublishedAt: row.versionPublishedAt?.toISOString() ?? null,
      definition: {
        ...{ slug, name, description, graph, parameters, bindings, outputs },
        ...(timeoutSeconds === null ? {} : { timeoutSeconds }),
        ...(positions === null ? {} : { positions }),
      },
    }),
  );
}

/** Workflows at their current versions, oldest first; archived ones only if asked for. */
export async function listWorkflows(
  { sql }: Database,
  filter: { publishedOnly: boolean; withArchived?: boolean },
): Promise<WorkflowRecord[]> {
  const { publishedOnly, withArchived = false } = filter;
  return selectWorkflows(
    sql,
    sql`v.id = c.id AND (w.archived_at IS NULL OR ${withArchived}) AND (w.published OR NOT ${publishedOnly})
      ORDER BY w.created_at, w.id`,
  );
}

/** The number of each workflow's newest version, by workflow id. */
export async function latestVersions({ sql }: Database): Promise<ReadonlyMap<string, number>> {
  const rows = await sql<{ workflowId: string; latest: number }[]>`
    SELECT workflow_id AS "workflowId", max(number) AS latest FROM workflow_versions GROUP BY workflow_id`;
  return new Map(rows.map(({ workflowId, latest }) => [workflowId, latest]));
}

/** A workflow at `version` (without one: the current); null if there is none. Archived ones are found: their jobs remain. */
export function workflowBy(
  { sql, sharedReads }: Database,
  request: { idOrSlug: string; version?: number },
): Promise<WorkflowRecord | null> {
  const { idOrSlug, version } = request;
  return sharedReads(`workflow ${JSON.stringify([idOrSlug, version])}`, async () => {
    const isWanted = version === undefined ? sql`v.id = c.id` : sql`v.number = ${version}`;
    const [row] = await selectWorkflows(
      sql,
      sql`(w.slug = ${idOrSlug} OR w.id::text = ${idOrSlug.toLowerCase()}) AND ${isWanted}`,
    );
    return row ?? null;
  });
}

/** A version without what it defines. */
export interface VersionRecord {
  readonly version: number;
  readonly workflowVersionId: string;
  readonly createdAt: string;
  readonly current: boolean;
  readonly publishedAt: string | null;
  readonly note: string | null;
  /** The names of who saved and published it; null: it came with Darkroom, or they have no name. */
  readonly createdBy: string | null;
  readonly publishedBy: string | null;
  readonly accepted: readonly string[];
}

/** Every version, newest first; null if there is no such workflow. */
export async function workflowVersions(
  { sql }: Database,
  request: { idOrSlug: string },
): Promise<VersionRecord[] | null> {
  const { idOrSlug } = request;
  const rows = await sql<
    (Omit<VersionRecord, "createdAt" | "publishedAt"> & { createdAt: Date; publishedAt: Date | null })[]
  >`
    SELECT v.number AS version, v.id AS "workflowVersionId", v.created_at AS "createdAt",
      v.id = w.current_version_id AS current, v.published_at AS "publishedAt", v.note,
      c.display_name AS "createdBy", p.display_name AS "publishedBy", coalesce(v.accepted, '[]'::jsonb) AS accepted
    FROM workflows w JOIN workflow_versions v ON v.workflow_id = w.id
    LEFT JOIN owners c ON c.id = v.created_by LEFT JOIN owners p ON p.id = v.published_by
    WHERE w.slug = ${idOrSlug} OR w.id::text = ${idOrSlug.toLowerCase()} ORDER BY v.number DESC`;
  if (rows.length === 0) return null;
  return rows.map((row) => ({
    ...row,
    createdAt: row.createdAt.toISOString(),
    publishedAt: row.publishedAt?.toISOString() ?? null,
  }));
}
