import type { ReportReason, SharedFact } from "@darkroom/contracts";
import { sql } from "drizzle-orm";
import { index, integer, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { moment } from "./columns.ts";
import { outputs } from "./outputs.ts";

/** What an owner tells with a picture that is shared, whether it is in the gallery, and what operators said of it. */
export const shares = pgTable(
  "shares",
  {
    outputId: uuid("output_id")
      .primaryKey()
      .references(() => outputs.id, { onDelete: "cascade" }),
    facts: text("facts").$type<SharedFact>().array().notNull().default(sql`'{}'`),
    /** Since when it is in the gallery; null: it is not. */
    publishedAt: moment("published_at"),
    /** Since when an operator keeps it from everybody but its owner, whatever the owner shares; null: none does. */
    hiddenAt: moment("hidden_at"),
    hiddenReason: text("hidden_reason"),
    /** Reports that no operator has decided on, and when the last one came. */
    reports: integer("reports").notNull().default(0),
    reportedAt: moment("reported_at"),
  },
  (table) => [
    index("shares_published")
      .on(table.publishedAt, table.outputId)
      .where(sql`published_at IS NOT NULL AND hidden_at IS NULL`),
    index("shares_reported").on(table.reportedAt, table.outputId).where(sql`reports > 0`),
    index("shares_hidden").on(table.hiddenAt, table.outputId).where(sql`hidden_at IS NOT NULL`),
  ],
);

/** What visitors find wrong with a shared picture, until an operator has decided. */
export const reports = pgTable(
  "reports",
  {
    outputId: uuid("output_id")
      .notNull()
      .references(() => shares.outputId, { onDelete: "cascade" }),
    /** Who reports counts once: an account by its owner, guests by their address. */
    reporter: text("reporter").notNull(),
    reason: text("reason").$type<ReportReason>().notNull(),
    details: text("details"),
    createdAt: moment("created_at").notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.outputId, table.reporter] }),
    index("reports_reporter").on(table.reporter, table.createdAt),
  ],
);
