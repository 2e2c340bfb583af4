import type { AlertRule } from "@darkroom/contracts";
import { sql } from "drizzle-orm";
import { doublePrecision, index, pgTable, primaryKey, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { moment } from "./columns.ts";

/** What somebody should look at, and everything that was. A row begins when it is noticed, and is deleted if it passes before it is raised. */
export const alerts = pgTable(
  "alerts",
  {
    id: uuid("id").primaryKey(),
    rule: text("rule").$type<AlertRule>().notNull(),
    subject: text("subject").notNull(),
    severity: text("severity").$type<"warning" | "critical">().notNull(),
    message: text("message").notNull(),
    value: doublePrecision("value").notNull(),
    noticedAt: moment("noticed_at").notNull(),
    /** When it had lasted for long enough; null: it may still pass. */
    raisedAt: moment("raised_at"),
    /** Since when it has been well again; null: it is not. */
    calmSince: moment("calm_since"),
    clearedAt: moment("cleared_at"),
    acknowledgedAt: moment("acknowledged_at"),
    acknowledgedBy: uuid("acknowledged_by"),
  },
  (table) => [
    uniqueIndex("alerts_open").on(table.rule, table.subject).where(sql`cleared_at is null`),
    index("alerts_raised").on(table.raisedAt, table.id).where(sql`raised_at is not null`),
  ],
);

/** Rules of which nobody is told for a while. */
export const alertSilences = pgTable(
  "alert_silences",
  {
    rule: text("rule").$type<AlertRule>().notNull(),
    /** Empty: of every subject. */
    subject: text("subject").notNull(),
    until: moment("until").notNull(),
    by: uuid("by").notNull(),
  },
  (table) => [primaryKey({ columns: [table.rule, table.subject] })],
);
