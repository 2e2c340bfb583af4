import { index, jsonb, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { moment } from "./columns.ts";

/** What operators did, one row for each action. */
export const auditEntries = pgTable(
  "audit_entries",
  {
    id: uuid("id").primaryKey(),
    at: moment("at").notNull(),
    /** Who; the owner may be removed later. */
    ownerId: uuid("owner_id").notNull(),
    /** The procedure's path. */
    action: text("action").notNull(),
    /** Its input, cut to what a person reads. */
    input: jsonb("input").$type<unknown>(),
    /** The code of the refusal; null: it was done. */
    refused: text("refused"),
    requestId: text("request_id"),
  },
  (table) => [index("audit_entries_at").on(table.at, table.id)],
);
