import type { ReportReason } from "@darkroom/contracts";
import type { Database } from "../postgres/client.ts";
import { isUuid } from "../postgres/sql.ts";
import { inTransaction } from "../postgres/transaction.ts";

/** As many reports of one picture say enough; more are not kept. */
const MOST_REPORTS = 50;
/** As many may one reporter send within an hour. */
const MOST_PER_HOUR = 20;

export interface Report {
  readonly outputId: string;
  /** Who counts as one. */
  readonly reporter: string;
  readonly reason: ReportReason;
  readonly details: string | null;
}

/** Keeps a report for operators; a second one of the same reporter replaces the first. False: they sent too many of late. */
export async function reportShared(database: Database, report: Report): Promise<boolean> {
  const { outputId, reporter, reason, details } = report;
  return inTransaction(database, async (tx) => {
    // What one reporter sends at once is counted one after the other.
    await tx`SELECT pg_advisory_xact_lock(hashtextextended(${`reports ${reporter}`}, 0))`;
    const [{ sent = 0 } = {}] = await tx<{ sent: number }[]>`
      SELECT count(*)::int AS sent FROM reports
      WHERE reporter = ${reporter} AND created_at > now() - interval '1 hour' AND output_id <> ${outputId}`;
    if (sent >= MOST_PER_HOUR) return false;
    // Holds the picture's row, so that reports are counted one after the other.
    const [{ reports = 0 } = {}] = await tx<{ reports: number }[]>`
      INSERT INTO shares AS s (output_id) VALUES (${outputId})
      ON CONFLICT (output_id) DO UPDATE SET reports = s.reports RETURNING s.reports`;
    if (reports >= MOST_REPORTS) return true;
    await tx`
      INSERT INTO reports (output_id, reporter, reason, details) VALUES (${outputId}, ${reporter}, ${reason}, ${details})
      ON CONFLICT (output_id, reporter) DO UPDATE SET reason = EXCLUDED.reason, details = EXCLUDED.details`;
    await tx`
      UPDATE shares SET reports = (SELECT count(*) FROM reports WHERE output_id = ${outputId}), reported_at = now()
      WHERE output_id = ${outputId}`;
    return true;
  });
}

/** Keeps a picture from everybody but its owner, or no longer; what was reported of it is decided with that. False: there is none. */
export async function hideShared(
  database: Database,
  { outputId, isHidden, reason }: { outputId: string; isHidden: boolean; reason: string | null },
): Promise<boolean> {
  if (!isUuid(outputId)) return false;
  return inTransaction(database, async (tx) => {
    const decided = await tx`
      INSERT INTO shares AS s (output_id, hidden_at, hidden_reason)
      SELECT id, CASE WHEN ${isHidden} THEN now() END, ${isHidden ? reason : null} FROM outputs WHERE id = ${outputId}
      ON CONFLICT (output_id) DO UPDATE SET reports = 0, reported_at = NULL, hidden_reason = EXCLUDED.hidden_reason,
        hidden_at = CASE WHEN ${isHidden} THEN coalesce(s.hidden_at, now()) END
      RETURNING s.output_id`;
    await tx`DELETE FROM reports WHERE output_id = ${outputId}`;
    return decided.length > 0;
  });
}
