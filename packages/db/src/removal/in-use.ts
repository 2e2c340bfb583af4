import type { Database } from "../postgres/client.ts";
import type { Transaction } from "../postgres/transaction.ts";

/**
 * Whether a job that has not ended takes one of these files as its input. Looks at every job of the person: an account
 * may use the pictures of the guests that were linked to it, and they those of each other.
 */
export async function isInUse(
  tx: Transaction,
  files: { ownerId: string; key: "outputId" | "uploadId"; ids: readonly string[] },
): Promise<boolean> {
  const { ownerId, key, ids } = files;
  if (ids.length === 0) return false;
  const users = await tx`
    WITH person AS (SELECT coalesce(linked_to, id) AS id FROM owners WHERE id = ${ownerId})
    SELECT 1 FROM person JOIN owners o ON o.id = person.id OR o.linked_to = person.id
      JOIN jobs u ON u.owner_id = o.id AND u.state IN ('queued', 'running', 'canceling')
      CROSS JOIN LATERAL jsonb_each(u.inputs) AS input
    WHERE lower(input.value->>${key}) = ANY(${[...ids]}) LIMIT 1`;
  return users.length > 0;
}

/** Whether a job that was not removed, ended or not, takes the upload of that id (SQL). Asks the index `jobs_uploads`. */
export const usesUpload = (sql: Database["sql"], id: ReturnType<Database["sql"]>) => sql`EXISTS (
  SELECT 1 FROM jobs WHERE jsonb_path_exists(inputs, '$.*.uploadId')
    AND jsonb_path_query_array(inputs, '$.*.uploadId') ? ${id}::text)`;
