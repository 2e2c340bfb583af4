import type { Database } from "./client.ts";
import { clock, interval, leasesExpire } from "./fragments.ts";
import { inTransaction } from "./transaction.ts";

/**
 * Takes a free slot of a backend, or one whose lease has expired; null if all are held or operators drain it.
 * `concurrency` counts for all workers together: slots at or above it are not given out.
 */
export async function acquireSlot(
  database: Database,
  wish: { backendId: string; workerId: string; concurrency: number; leaseSeconds: number },
): Promise<{ readonly ordinal: number } | null> {
  const { backendId, workerId, concurrency, leaseSeconds } = wish;
  return inTransaction(database, async (tx) => {
    await tx`
      INSERT INTO slots (backend_id, ordinal)
      SELECT ${backendId}, ordinal FROM generate_series(0, ${concurrency - 1}::int) AS ordinal
      WHERE NOT EXISTS (SELECT 1 FROM slots s WHERE s.backend_id = ${backendId} AND s.ordinal = ordinal.ordinal)
      ORDER BY ordinal ON CONFLICT DO NOTHING`;
    const [slot] = await tx<{ ordinal: number }[]>`
      UPDATE slots SET holder = ${workerId}, lease_until = ${clock(tx)} + ${interval(tx, leaseSeconds)}
      WHERE backend_id = ${backendId} AND ordinal = (
        SELECT ordinal FROM slots
        WHERE backend_id = ${backendId} AND ordinal < ${concurrency}
          AND (holder IS NULL OR (lease_until < now() AND ${leasesExpire(tx, leaseSeconds)}))
          AND NOT EXISTS (SELECT 1 FROM backends WHERE id = ${backendId} AND draining_at IS NOT NULL)
        ORDER BY ordinal LIMIT 1 FOR UPDATE SKIP LOCKED)
      RETURNING ordinal`;
    return slot ?? null;
  });
}

/** Gives a slot back; nothing happens if another worker holds it by now. */
export async function releaseSlot(
  database: Database,
  slot: { backendId: string; ordinal: number; workerId: string },
): Promise<void> {
  await database.sql`
    UPDATE slots SET holder = NULL, lease_until = NULL
    WHERE backend_id = ${slot.backendId} AND ordinal = ${slot.ordinal} AND holder = ${slot.workerId}`;
}
