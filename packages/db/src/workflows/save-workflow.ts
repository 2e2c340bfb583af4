import { DarkroomError, newId, type WorkflowDefinition } from "@darkroom/contracts";
import type { Database } from "../postgres/client.ts";
import { clock, json } from "../postgres/sql.ts";
import { inTransaction, type Transaction } from "../postgres/transaction.ts";

/** A version to store. */
export interface NewVersion {
  readonly definition: WorkflowDefinition;
  /** The workflow it belongs to, and the number of the version it was made from; null: a new workflow. */
  readonly of: { readonly workflowId: string; readonly basedOn: number } | null;
  readonly createdBy: string;
  readonly note: string | null;
}

export interface SavedVersion {
  readonly workflowId: string;
  readonly version: number;
}

/**
 * Stores a definition as a new version, a draft: callers see it once it is published. An unpublished workflow's newest
 * draft is its current version.
 *
 * @throws DarkroomError `WORKFLOW_CONFLICT` if the slug is taken, or if another version was saved since the one this was
 * made from
 */
export async function saveWorkflow(database: Database, version: NewVersion): Promise<SavedVersion> {
  const ids = { workflowId: version.of?.workflowId ?? newId(), versionId: newId() };
  return inTransaction(database, async (tx) => {
    if (version.of === null) await insertWorkflow(tx, ids.workflowId, version.definition);
    else await lockWorkflow(tx, version.of);
    return { workflowId: ids.workflowId, version: await insertVersion(tx, ids, version) };
  });
}

async function insertWorkflow(tx: Transaction, workflowId: string, definition: WorkflowDefinition): Promise<void> {
  const { slug, name, description } = definition;
  const made = await tx`
    INSERT INTO workflows (id, slug, name, description, published, created_at)
    VALUES (${workflowId}, ${slug}, ${name}, ${description}, false, ${clock(tx)})
    ON CONFLICT (slug) DO NOTHING RETURNING id`;
  if (made.length > 0) return;
  throw new DarkroomError("WORKFLOW_CONFLICT", `There is a workflow called ${slug} already.`, {
    fields: [{ path: "definition.slug", message: "is taken" }],
  });
}

async function lockWorkflow(tx: Transaction, of: { workflowId: string; basedOn: number }): Promise<void> {
  // Two statements: one that waits for the lock still sees the versions of before.
  await tx`SELECT id FROM workflows WHERE id = ${of.workflowId} FOR UPDATE`;
  const [held] = await tx<{ latest: number | null }[]>`
    SELECT max(number) AS latest FROM workflow_versions WHERE workflow_id = ${of.workflowId}`;
  if (held === undefined || held.latest === null)
    throw new DarkroomError("WORKFLOW_NOT_FOUND", "There is no such workflow.");
  if (held.latest === of.basedOn) return;
  const message = `Version ${held.latest} was saved since version ${of.basedOn}, which this was made from. Look at it and save again.`;
  throw new DarkroomError("WORKFLOW_CONFLICT", message, {
    fields: [{ path: "basedOn", message: `the newest version is ${held.latest}` }],
  });
}

async function insertVersion(
  tx: Transaction,
  { workflowId, versionId }: { workflowId: string; versionId: string },
  { definition, createdBy, note }: NewVersion,
): Promise<number> {
  const { name, description, graph, parameters, bindings, outputs, timeoutSeconds = null, positions } = definition;
  const [made] = await tx<{ number: number }[]>`
    INSERT INTO workflow_versions (id, workflow_id, number, name, description, graph, parameters, bindings, outputs,
      timeout_seconds, positions, created_by, note, created_at)
    SELECT ${versionId}, ${workflowId}, 1 + coalesce(max(number), 0), ${name}, ${description}, ${json(tx, graph)},
      ${json(tx, parameters)}, ${json(tx, bindings)}, ${json(tx, outputs)}, ${timeoutSeconds}, ${positions === undefined ? null : json(tx, positions)}, ${createdBy}, ${note}, ${clock(tx)}
    FROM workflow_versions WHERE workflow_id = ${workflowId}
    RETURNING number`;
  await tx`
    UPDATE workflows SET current_version_id = ${versionId}, name = ${name}, description = ${description}
    WHERE id = ${workflowId} AND NOT published`;
  if (made === undefined) throw new Error("an aggregate is never empty");
  return made.number;
}

/**
 * Makes a version the current one, for everyone. Archived workflows come back.
 *
 * @returns false if there is no such version, or `expected` is not the current version any more
 */
export async function publishVersion(
  database: Database,
  change: {
    readonly workflowId: string;
    readonly version: number;
    /** The current version that the caller compared with. */
    readonly expected: number;
    readonly publishedBy: string;
    readonly accepted: readonly string[];
  },
): Promise<boolean> {
  const { workflowId, version, expected, publishedBy, accepted } = change;
  return inTransaction(database, async (tx) => {
    const made = await tx`
      UPDATE workflows w SET current_version_id = v.id, published = true, archived_at = NULL, name = v.name,
        description = v.description
      FROM workflow_versions v
      WHERE w.id = ${workflowId} AND v.workflow_id = w.id AND v.number = ${version}
        AND w.current_version_id = (
          SELECT id FROM workflow_versions WHERE workflow_id = ${workflowId} AND number = ${expected})
      RETURNING w.id`;
    if (made.length === 0) return false;
    await tx`
      UPDATE workflow_versions
      SET published_at = ${clock(tx)}, published_by = ${publishedBy}, accepted = ${json(tx, accepted)}
      WHERE workflow_id = ${workflowId} AND number = ${version}`;
    return true;
  });
}

/** Takes a workflow out of everyone's sight, or brings it back; its jobs and versions stay. */
export async function setWorkflowArchived(
  { sql }: Database,
  { workflowId, archived }: { workflowId: string; archived: boolean },
): Promise<void> {
  await sql`
    UPDATE workflows SET archived_at = CASE WHEN ${archived} THEN coalesce(archived_at, ${clock(sql)}) END
    WHERE id = ${workflowId}`;
}
