import type { WorkflowDefinition } from "@darkroom/contracts";
import type { Database } from "./client.ts";

/** A workflow at one of its versions. */
export interface WorkflowRecord {
  readonly workflowId: string;
  readonly workflowVersionId: string;
  readonly version: number;
  readonly currentVersion: number;
  readonly published: boolean;
  readonly archivedAt: string | null;
  readonly createdAt: string;
  readonly definition: WorkflowDefinition;
  readonly timeoutSeconds: number | null;
}

interface Row extends WorkflowDefinition, Omit<WorkflowRecord, "definition" | "archivedAt" | "createdAt"> {
  readonly archivedAt: Date | null;
  readonly createdAt: Date;
}

async function selectWorkflows(sql: Database["sql"], clauses: ReturnType<Database["sql"]>): Promise<WorkflowRecord[]> {
  const rows = await sql<Row[]>`
    SELECT w.id AS "workflowId", v.id AS "workflowVersionId", v.number AS version, c.number AS "currentVersion",
      w.published, w.archived_at AS "archivedAt", v.created_at AS "createdAt", v.timeout_seconds AS "timeoutSeconds",
      w.slug, v.name, v.description, v.graph, v.parameters, v.bindings, v.outputs
    FROM workflows w
    JOIN workflow_versions c ON c.id = w.current_version_id
    JOIN workflow_versions v ON v.workflow_id = w.id
    WHERE ${clauses}`;
  return rows.map(
    ({ slug, name, description, graph, parameters, bindings, outputs, archivedAt, createdAt, ...row }) => ({
      ...row,
      archivedAt: archivedAt?.toISOString() ?? null,
      createdAt: createdAt.toISOString(),
      definition: { slug, name, description, graph, parameters, bindings, outputs },
    }),
  );
}

/** Workflows at their current versions, oldest first, without archived ones. */
export async function listWorkflows({ sql }: Database, filter: { publishedOnly: boolean }): Promise<WorkflowRecord[]> {
  return selectWorkflows(
    sql,
    sql`v.id = c.id AND w.archived_at IS NULL AND (w.published OR NOT ${filter.publishedOnly})
      ORDER BY w.created_at, w.id`,
  );
}

/** A workflow at `version` (without one: the current); null if there is none. Archived ones are found: their jobs remain. */
export async function workflowBy(
  { sql }: Database,
  request: { idOrSlug: string; version?: number },
): Promise<WorkflowRecord | null> {
  const { idOrSlug, version } = request;
  const isWanted = version === undefined ? sql`v.id = c.id` : sql`v.number = ${version}`;
  const [row] = await selectWorkflows(
    sql,
    sql`(w.slug = ${idOrSlug} OR w.id::text = ${idOrSlug.toLowerCase()}) AND ${isWanted}`,
  );
  return row ?? null;
}

/** Every version, newest first; null if there is no such workflow. */
export async function workflowVersions(
  { sql }: Database,
  request: { idOrSlug: string },
): Promise<
  | {
      readonly version: number;
      readonly workflowVersionId: string;
      readonly createdAt: string;
      readonly current: boolean;
    }[]
  | null
> {
  const { idOrSlug } = request;
  const rows = await sql<{ version: number; workflowVersionId: string; createdAt: Date; current: boolean }[]>`
    SELECT v.number AS version, v.id AS "workflowVersionId", v.created_at AS "createdAt",
      v.id = w.current_version_id AS current
    FROM workflows w JOIN workflow_versions v ON v.workflow_id = w.id
    WHERE w.slug = ${idOrSlug} OR w.id::text = ${idOrSlug.toLowerCase()} ORDER BY v.number DESC`;
  return rows.length === 0 ? null : rows.map((row) => ({ ...row, createdAt: row.createdAt.toISOString() }));
}
