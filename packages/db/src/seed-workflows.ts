import { newId, type WorkflowDefinition } from "@darkroom/contracts";
import type { Database } from "./client.ts";
import { clock, json } from "./fragments.ts";
import { inTransaction, type Transaction } from "./transaction.ts";

/**
 * Brings the bundled workflows into the database, published. A definition that differs from the workflow's current
 * version becomes a new version and the current one; the same again changes nothing.
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
  const { slug, name, description, graph, parameters, bindings, outputs } = definition;
  await tx`
    INSERT INTO workflows (id, slug, name, description, published, created_at)
    VALUES (${ids.workflowId}, ${slug}, ${name}, ${description}, true, ${clock(tx)}) ON CONFLICT (slug) DO NOTHING`;
  const [workflow] = await tx<{ id: string }[]>`SELECT id FROM workflows WHERE slug = ${slug} FOR UPDATE`;
  if (workflow === undefined) throw new Error(`workflow ${slug} vanished`);
  const added = await tx`
    INSERT INTO workflow_versions (id, workflow_id, number, name, description, graph, parameters, bindings, outputs)
    SELECT ${ids.versionId}, w.id, 1 + coalesce((SELECT max(number) FROM workflow_versions WHERE workflow_id = w.id), 0),
      ${name}, ${description}, ${json(tx, graph)}, ${json(tx, parameters)}, ${json(tx, bindings)}, ${json(tx, outputs)}
    FROM workflows w LEFT JOIN workflow_versions c ON c.id = w.current_version_id
    WHERE w.id = ${workflow.id} AND (c.name, c.description, c.graph, c.parameters, c.bindings, c.outputs)
      IS DISTINCT FROM (${name}::text, ${description}::text, ${json(tx, graph)}::jsonb, ${json(tx, parameters)}::jsonb,
        ${json(tx, bindings)}::jsonb, ${json(tx, outputs)}::jsonb)
    RETURNING id`;
  if (added.length === 0) return;
  await tx`
    UPDATE workflows SET current_version_id = ${ids.versionId}, name = ${name}, description = ${description}
    WHERE id = ${workflow.id}`;
}
