import type { Database } from "../postgres/client.ts";

/**
 * The id of the workflow with this id or slug; null if there is none. Lists that are filtered by a workflow ask for it first:
 * with the id Postgres reads them from an index, and with a condition on the joined workflow it reads every row.
 */
export async function workflowIdOf({ sql }: Database, idOrSlug: string): Promise<string | null> {
  const [row] = await sql<{ id: string }[]>`
    SELECT id FROM workflows WHERE slug = ${idOrSlug} OR id::text = ${idOrSlug.toLowerCase()}`;
  return row?.id ?? null;
}
