import type { SharedFact } from "@darkroom/contracts";
import type { Database } from "../postgres/client.ts";
import { inTransaction } from "../postgres/transaction.ts";
import { isShown } from "../reads/output-view.ts";
import { fileColumns, type OutputFile } from "./outputs.ts";

/** What is kept of a secret address. */
interface ShareSecret {
  readonly hash: string;
  readonly nonce: string | null;
}

/**
 * Makes an output readable by whoever knows the secret of `hash`, and of no earlier one; null: by its owner alone, it is in
 * no gallery any more, and what was told with it is forgotten.
 */
export async function shareOutput(
  database: Database,
  { outputId, share }: { outputId: string; share: ShareSecret | null },
): Promise<void> {
  await inTransaction(database, async (tx) => {
    await tx`
      UPDATE outputs SET share_hash = ${share?.hash ?? null}, share_nonce = ${share?.nonce ?? null} WHERE id = ${outputId}`;
    if (share === null) await tx`UPDATE shares SET published_at = NULL, facts = '{}' WHERE output_id = ${outputId}`;
  });
}

/** Says what is told with a shared output, and whether it is in the gallery; undefined leaves it as it is. */
export async function describeShare(
  { sql }: Database,
  {
    outputId,
    facts = null,
    isPublished = null,
  }: { outputId: string; facts?: readonly SharedFact[] | null; isPublished?: boolean | null },
): Promise<void> {
  await sql`
    INSERT INTO shares AS s (output_id, facts, published_at)
    VALUES (${outputId}, ${[...(facts ?? [])]}, CASE WHEN ${isPublished ?? false} THEN now() END)
    ON CONFLICT (output_id) DO UPDATE SET
      facts = CASE WHEN ${facts === null} THEN s.facts ELSE EXCLUDED.facts END,
      published_at = CASE WHEN ${isPublished === null} THEN s.published_at
        WHEN ${isPublished ?? false} THEN coalesce(s.published_at, now()) END`;
}

/** The output that is shared under that hash, unless an operator keeps it from everybody. */
export async function sharedOutput({ sql }: Database, hash: string): Promise<OutputFile | null> {
  const [row] = await sql<OutputFile[]>`
    SELECT ${fileColumns(sql)} FROM outputs o JOIN jobs j ON j.id = o.job_id AND ${isShown(sql)}
      LEFT JOIN shares s ON s.output_id = o.id
    WHERE o.share_hash = ${hash} AND s.hidden_at IS NULL`;
  return row ?? null;
}
