import { type Alert, type AlertRule, newId } from "@darkroom/contracts";
import { appendEvents, lockFeed } from "../feed/append-events.ts";
import type { Database } from "../postgres/client.ts";
import { atMost, clock, interval } from "../postgres/sql.ts";
import { inTransaction, type Transaction } from "../postgres/transaction.ts";
import { decodeCursor, pageOf } from "../reads/page-cursor.ts";

/** An alert that is not over: noticed, and perhaps raised. Times are milliseconds since 1970, by the database's clock. */
export interface OpenAlert {
  readonly alertId: string;
  readonly rule: AlertRule;
  readonly subject: string;
  readonly noticedAt: number;
  readonly raisedAt: number | null;
  readonly calmSince: number | null;
}

/** What is to become of the alerts. */
export interface AlertDecision {
  readonly rule: AlertRule;
  readonly subject: string;
  /**
   * `notice`: remember that it began; `raise`: it has lasted, also where nobody had noticed it yet; `forget`: it passed before it was
   * raised; `worsen`: it goes on; `calm`: it is well again for now; `clear`: it is over.
   */
  readonly to: "notice" | "raise" | "forget" | "worsen" | "calm" | "clear";
  readonly severity: Alert["severity"];
  readonly message: string;
  readonly value: number;
}

/** True for the one process that is to look for alerts now: nobody did within `everySeconds`. */
export async function leadsAlertCheck({ sql }: Database, everySeconds: number): Promise<boolean> {
  const rows = await sql`
    UPDATE maintenance SET alerts_checked_at = ${clock(sql)}
    WHERE alerts_checked_at IS NULL OR alerts_checked_at < now() - ${interval(sql, everySeconds)} RETURNING id`;
  return rows.length > 0;
}

type AlertRow = { [Name in keyof Alert]: Name extends `${string}At` | "silencedUntil" ? Date | null : Alert[Name] };

const columns = (sql: Database["sql"] | Transaction) => sql`
  a.id AS "alertId", a.rule, a.subject, a.severity, a.message, a.value, a.raised_at AS "raisedAt", a.cleared_at AS "clearedAt",
  a.acknowledged_at AS "acknowledgedAt", a.acknowledged_by AS "acknowledgedBy",
  (SELECT max(s.until) FROM alert_silences s WHERE s.rule = a.rule AND s.subject IN ('', a.subject) AND s.until > now())
    AS "silencedUntil"`;

const alertOf = ({ raisedAt, clearedAt, acknowledgedAt, silencedUntil, ...row }: AlertRow): Alert => ({
  ...row,
  raisedAt: (raisedAt ?? new Date()).toISOString(),
  clearedAt: clearedAt?.toISOString() ?? null,
  acknowledgedAt: acknowledgedAt?.toISOString() ?? null,
  silencedUntil: silencedUntil?.toISOString() ?? null,
});

/**
 * Changes the alerts as `decide` says of those that are open, and answers those that were raised and cleared. Most looks change nothing,
 * and those take no transaction.
 */
export async function changeAlerts(
  database: Database,
  decide: (open: readonly OpenAlert[], now: number) => readonly AlertDecision[],
): Promise<{ readonly raised: readonly Alert[]; readonly cleared: readonly Alert[] }> {
  const seen = await openAlerts(database.sql);
  if (decide(seen.open, seen.now.getTime()).length === 0) return { raised: [], cleared: [] };
  return inTransaction(database, async (tx) => {
    await tx`SELECT FROM alerts WHERE cleared_at IS NULL ORDER BY id FOR UPDATE`;
    const { open, now } = await openAlerts(tx);
    const decisions = decide(open, now.getTime());
    for (const decision of decisions) await apply(tx, decision);
    const idsOf = async (to: AlertDecision["to"]): Promise<Alert[]> => {
      const about = decisions.filter((decision) => decision.to === to).map(({ rule, subject }) => `${rule} ${subject}`);
      if (about.length === 0) return [];
      const rows = await tx<AlertRow[]>`
        SELECT ${columns(tx)} FROM alerts a WHERE a.rule || ' ' || a.subject = ANY(${about}::text[])
          AND CASE WHEN ${to === "clear"} THEN a.cleared_at ELSE a.raised_at END = ${now}`;
      return rows.map(alertOf);
    };
    const changed = { raised: await idsOf("raise"), cleared: await idsOf("clear") };
    await tellOperators(tx, changed);
    return changed;
  });
}

async function openAlerts(sql: Database["sql"] | Transaction): Promise<{ open: readonly OpenAlert[]; now: Date }> {
  const [row] = await sql<[{ open: OpenAlert[]; now: Date }]>`
    SELECT ${clock(sql)} AS now, coalesce(jsonb_agg(jsonb_build_object('alertId', id, 'rule', rule, 'subject', subject,
      'noticedAt', (1000 * extract(epoch FROM noticed_at))::bigint, 'raisedAt', (1000 * extract(epoch FROM raised_at))::bigint,
      'calmSince', (1000 * extract(epoch FROM calm_since))::bigint) ORDER BY id), '[]') AS open
    FROM alerts WHERE cleared_at IS NULL`;
  return row;
}

/**
 * Puts what was raised and cleared into the feeds of the operators whose webhooks ask for it, where their webhooks read; of what is silenced
 * nobody is told.
 */
async function tellOperators(
  tx: Transaction,
  { raised, cleared }: { readonly raised: readonly Alert[]; readonly cleared: readonly Alert[] },
): Promise<void> {
  const told = (type: "alert.raised" | "alert.cleared", alerts: readonly Alert[]) =>
    alerts.filter(({ silencedUntil }) => silencedUntil === null).map((alert) => ({ type, alert }));
  const news = [...told("alert.raised", raised), ...told("alert.cleared", cleared)];
  if (news.length === 0) return;
  const types = news.map(({ type }) => type);
  // In the order of their ids, so that two who tell several operators do not wait for each other.
  const operators = await tx<{ ownerId: string }[]>`
    SELECT DISTINCT w.owner_id AS "ownerId" FROM webhooks w JOIN owners o ON o.id = w.owner_id
    WHERE w.is_enabled AND o.role IN ('operator', 'admin') AND (w.events IS NULL OR w.events && ${types}::text[])
    ORDER BY w.owner_id`;
  for (const { ownerId } of operators) {
    const feed = await lockFeed(tx, ownerId);
    if (feed !== null)
      await appendEvents(
        tx,
        feed,
        news.map((one) => ({ ...one, at: feed.at })),
      );
  }
}

async function apply(tx: Transaction, decision: AlertDecision): Promise<void> {
  const { rule, subject, severity, message, value } = decision;
  const isIt = tx`rule = ${rule} AND subject = ${subject} AND cleared_at IS NULL`;
  switch (decision.to) {
    case "notice":
    case "raise": {
      const raisedAt = decision.to === "raise" ? clock(tx) : tx`NULL`;
      await tx`
        INSERT INTO alerts (id, rule, subject, severity, message, value, noticed_at, raised_at)
        VALUES (${newId()}, ${rule}, ${subject}, ${severity}, ${message}, ${value}, ${clock(tx)}, ${raisedAt})
        ON CONFLICT (rule, subject) WHERE cleared_at IS NULL
        DO UPDATE SET severity = EXCLUDED.severity, message = EXCLUDED.message, value = EXCLUDED.value,
          raised_at = coalesce(alerts.raised_at, EXCLUDED.raised_at)`;
      return;
    }
    case "forget":
      await tx`DELETE FROM alerts WHERE ${isIt} AND raised_at IS NULL`;
      return;
    case "worsen":
      await tx`UPDATE alerts SET message = ${message}, value = ${value}, calm_since = NULL WHERE ${isIt}`;
      return;
    case "calm":
      await tx`UPDATE alerts SET calm_since = ${clock(tx)} WHERE ${isIt}`;
      return;
    case "clear":
      await tx`UPDATE alerts SET cleared_at = ${clock(tx)} WHERE ${isIt}`;
      return;
  }
}

/** Stores an alert that was over before it could be stored, as when Postgres itself was away. */
export async function storeEndedAlert(database: Database, alert: Alert): Promise<void> {
  const { alertId, rule, subject, severity, message, value, raisedAt, clearedAt } = alert;
  await inTransaction(database, async (tx) => {
    await tx`
      INSERT INTO alerts (id, rule, subject, severity, message, value, noticed_at, raised_at, cleared_at)
      VALUES (${alertId}, ${rule}, ${subject}, ${severity}, ${message}, ${value}, ${raisedAt}, ${raisedAt}, ${clearedAt})`;
    await tellOperators(tx, { raised: [{ ...alert, clearedAt: null }], cleared: [alert] });
  });
}

/** Alerts that were raised, newest first; `open`: only those that last, at most 100. */
export async function listAlerts(
  { sql }: Database,
  { open = false, limit, cursor }: { readonly open?: boolean; readonly limit: number; readonly cursor?: string | null },
): Promise<{ readonly items: readonly Alert[]; readonly nextCursor: string | null }> {
  const after = decodeCursor(cursor);
  const rows = await sql<AlertRow[]>`
    SELECT ${columns(sql)} FROM alerts a WHERE a.raised_at IS NOT NULL
      AND ${open ? sql`a.cleared_at IS NULL` : sql`true`}
      AND ${after === null ? sql`true` : sql`(a.raised_at, a.id) < (${after.at}::timestamptz, ${after.id}::uuid)`}
    ORDER BY a.raised_at DESC, a.id DESC ${atMost(sql, limit + 1)}`;
  return pageOf(rows.map(alertOf), limit, ({ raisedAt, alertId }) => ({ at: raisedAt, id: alertId }));
}

/** Notes that somebody looks after an alert; the first one stays. Null: there is no such alert. */
export async function acknowledgeAlert(
  { sql }: Database,
  { alertId, by }: { readonly alertId: string; readonly by: string },
): Promise<Alert | null> {
  const [row] = await sql<AlertRow[]>`
    UPDATE alerts a SET acknowledged_at = coalesce(acknowledged_at, ${clock(sql)}), acknowledged_by = coalesce(acknowledged_by, ${by})
    WHERE id = ${alertId} AND raised_at IS NOT NULL RETURNING ${columns(sql)}`;
  return row === undefined ? null : alertOf(row);
}

/** Silences a rule, of one subject or (empty) of all, for `minutes` from now; 0 ends it. Answers the open alerts it is about. */
export async function silenceAlerts(
  { sql }: Database,
  asked: { readonly rule: AlertRule; readonly subject: string; readonly minutes: number; readonly by: string },
): Promise<readonly Alert[]> {
  const { rule, subject, minutes, by } = asked;
  const until = sql`${clock(sql)} + make_interval(mins => ${minutes})`;
  await sql`
    INSERT INTO alert_silences (rule, subject, until, by) VALUES (${rule}, ${subject}, ${until}, ${by})
    ON CONFLICT (rule, subject) DO UPDATE SET until = EXCLUDED.until, by = EXCLUDED.by`;
  const rows = await sql<AlertRow[]>`
    SELECT ${columns(sql)} FROM alerts a WHERE a.rule = ${rule} AND a.raised_at IS NOT NULL AND a.cleared_at IS NULL
      AND ${subject === "" ? sql`true` : sql`a.subject = ${subject}`}`;
  return rows.map(alertOf);
}
