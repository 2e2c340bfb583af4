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

/** What may change of a workflow at one of its versions. What the version defines never does. */
interface StateRow extends Omit<WorkflowRecord, "definition" | "archivedAt" | "createdAt" | "versionPublishedAt"> {
  readonly versionPublishedAt: Date | null;
  readonly archivedAt: Date | null;
  readonly createdAt: Date;
}

interface Row extends StateRow, Omit<WorkflowDefinition, "timeoutSeconds" | "positions"> {
  readonly timeoutSeconds: number | null;
  readonly positions: Positions | null;
}

type Sql = Database["sql"];

const stateColumns = (sql: Sql) => sql`
  w.id AS "workflowId", v.id AS "workflowVersionId", v.number AS version, c.number AS "currentVersion",
  w.published, w.archived_at AS "archivedAt", v.created_at AS "createdAt", v.published_at AS "versionPublishedAt"`;

const versions = (sql: Sql) => sql`
  workflows w JOIN workflow_versions c ON c.id = w.current_version_id JOIN workflow_versions v ON v.workflow_id = w.id`;

const stateOf = (row: StateRow): Omit<WorkflowRecord, "definition"> => ({
  ...row,
  archivedAt: row.archivedAt?.toISOString() ?? null,
  createdAt: row.createdAt.toISOString(),
  versionPublishedAt: row.versionPublishedAt?.toISOString() ?? null,
});

async function selectWorkflows(sql: Sql, clauses: ReturnType<Sql>): Promise<WorkflowRecord[]> {
  const rows = await sql<Row[]>`
    SELECT ${stateColumns(sql)}, v.timeout_seconds AS "timeoutSeconds",
      w.slug, v.name, v.description, v.graph, v.parameters, v.bindings, v.outputs, v.positions
    FROM ${versions(sql)} WHERE ${clauses}`;
  return rows.map(
    ({ slug, name, description, graph, parameters, bindings, outputs, timeoutSeconds, positions, ...row }) => ({
      ...stateOf(row),
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

/** What versions define, by their ids: to read and parse it is most of what a submit asks Postgres before it stores its job. */
const definitions = new WeakMap<Database["sharedReads"], Map<string, WorkflowDefinition>>();
/** A graph may have a megabyte, and few workflows are in use at a time. */
const KEPT = 20;

/** A workflow at `version` (without one: the current); null if there is none. Archived ones are found: their jobs remain. */
export function workflowBy(
  { sql, sharedReads }: Database,
  request: { idOrSlug: string; version?: number },
): Promise<WorkflowRecord | null> {
  const { idOrSlug, version } = request;
  return sharedReads(`workflow ${JSON.stringify([idOrSlug, version])}`, async () => {
    const isWanted = version === undefined ? sql`v.id = c.id` : sql`v.number = ${version}`;
    const [found] = await sql<StateRow[]>`
      SELECT ${stateColumns(sql)} FROM ${versions(sql)}
      WHERE (w.slug = ${idOrSlug} OR w.id::text = ${idOrSlug.toLowerCase()}) AND ${isWanted}`;
    if (found === undefined) return null;
    const { workflowVersionId } = found;
    const kept = definitions.get(sharedReads) ?? new Map<string, WorkflowDefinition>();
    definitions.set(sharedReads, kept);
    const definition =
      kept.get(workflowVersionId) ?? (await selectWorkflows(sql, sql`v.id = ${workflowVersionId}`))[0]?.definition;
    if (definition === undefined) return null;
    // Put at the end again, so that the first one is the one that was not used for longest.
    kept.delete(workflowVersionId);
    kept.set(workflowVersionId, definition);
    const [oldest] = kept.keys();
    if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
    return { ...stateOf(found), definition };
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
