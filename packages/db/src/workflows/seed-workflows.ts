import { newId, type WorkflowDefinition } from "@darkroom/contracts";
import type { Database } from "../postgres/client.ts";
import { clock, json } from "../postgres/sql.ts";
import { inTransaction, type Transaction } from "../postgres/transaction.ts";

/**
 * Brings the bundled workflows into the database, published. A definition that differs from the last one that came this
 * way becomes a new version; the same again changes nothing. It becomes the current version too, unless an operator has
 * published one of their own.
 */
export async function seedWorkflows(database: Database, definitions: readonly WorkflowDefinition[]): Promise<void> {
  for (const definition of definitions) {
    const ids = { workflowId: newId(), versionId: newId() };
    await inTransaction(database, (tx) => seed(tx, definition, ids));
  }
}

async function seed(
  tx: Transaction,
  definition: WorkflowDefinition,
  ids: { workflowId: string; versionId: string },
): Promise<void> {
  const { slug, name, description, graph, parameters, bindings, outputs, timeoutSeconds = null } = definition;
  await tx`
    INSERT INTO workflows (id, slug, name, description, published, created_at)
    VALUES (${ids.workflowId}, ${slug}, ${name}, ${description}, true, ${clock(tx)}) ON CONFLICT (slug) DO NOTHING`;
  const [workflow] = await tx<{ id: string }[]>`SELECT id FROM workflows WHERE slug = ${slug} FOR UPDATE`;
  if (workflow === undefined) throw new Error(`workflow ${slug} vanished`);
  const added = await tx`
    INSERT INTO workflow_versions (id, workflow_id, number, name, description, graph, parameters, bindings, outputs,
      timeout_seconds, published_at)
    SELECT ${ids.versionId}, w.id, 1 + coalesce((SELECT max(number) FROM workflow_versions WHERE workflow_id = w.id), 0),
      ${name}, ${description}, ${json(tx, graph)}, ${json(tx, parameters)}, ${json(tx, bindings)}, ${json(tx, outputs)},
      ${timeoutSeconds}, ${clock(tx)}
    FROM workflows w LEFT JOIN LATERAL (
      SELECT * FROM workflow_versions WHERE workflow_id = w.id AND created_by IS NULL ORDER BY number DESC LIMIT 1) l ON true
    WHERE w.id = ${workflow.id} AND (l.name, l.description, l.graph, l.parameters, l.bindings, l.outputs, l.timeout_seconds)
      IS DISTINCT FROM (${name}::text, ${description}::text, ${json(tx, graph)}::jsonb, ${json(tx, parameters)}::jsonb,
        ${json(tx, bindings)}::jsonb, ${json(tx, outputs)}::jsonb, ${timeoutSeconds}::int)
    RETURNING id`;
  if (added.length === 0) return;
  await tx`
    UPDATE workflows w SET current_version_id = ${ids.versionId}, name = ${name}, description = ${description}
    WHERE id = ${workflow.id} AND NOT EXISTS (
      SELECT 1 FROM workflow_versions c WHERE c.id = w.current_version_id AND c.created_by IS NOT NULL)`;
}
