import type { Database } from "../postgres/client.ts";
import { clock, interval, leasesExpire } from "../postgres/sql.ts";
import { inTransaction } from "../postgres/transaction.ts";
import type { SlotKind } from "../schema/slots.ts";

export type { SlotKind };

/**
 * Takes a free slot of a backend, or one whose lease has expired; null if all of its kind are held or operators drain the
 * backend. `concurrency` counts for all workers together: that many are of kind `run`, the one after them is `next`.
 */
export async function acquireSlot(
  database: Database,
  wish: { backendId: string; workerId: string; concurrency: number; leaseSeconds: number; kind?: SlotKind },
): Promise<{ readonly ordinal: number } | null> {
  const { backendId, workerId, concurrency, leaseSeconds, kind = "run" } = wish;
  const [first, last] = kind === "run" ? [0, concurrency - 1] : [concurrency, concurrency];
  return inTransaction(database, async (tx) => {
    await tx`
      INSERT INTO slots (backend_id, ordinal, kind)
      SELECT ${backendId}, ordinal, ${kind} FROM generate_series(${first}::int, ${last}::int) AS ordinal
      WHERE NOT EXISTS (SELECT 1 FROM slots s WHERE s.backend_id = ${backendId} AND s.ordinal = ordinal.ordinal)
      ORDER BY ordinal ON CONFLICT DO NOTHING`;
    // What another setting of the concurrency has made goes once it is free, and of the rest the kind is set again.
    await tx`
      DELETE FROM slots WHERE backend_id = ${backendId}
        AND (ordinal > ${concurrency} OR (ordinal = ${concurrency} AND kind = 'run'))
        AND (holder IS NULL OR (lease_until < now() AND ${leasesExpire(tx, leaseSeconds)}))`;
    const [slot] = await tx<{ ordinal: number }[]>`
      UPDATE slots SET holder = ${workerId}, kind = ${kind}, lease_until = ${clock(tx)} + ${interval(tx, leaseSeconds)}
      WHERE backend_id = ${backendId} AND ordinal = (
        SELECT ordinal FROM slots
        WHERE backend_id = ${backendId} AND ordinal BETWEEN ${first} AND ${last}
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
