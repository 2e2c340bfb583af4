import { integer, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { moment } from "./columns.ts";

/** The right to use a backend; as many rows as it runs prompts at once, however many workers there are. */
export const slots = pgTable(
  "slots",
  {
    backendId: text("backend_id").notNull(),
    ordinal: integer("ordinal").notNull(),
    /** The worker that holds it; null: free. */
    holder: text("holder"),
    leaseUntil: moment("lease_until"),
  },
  (table) => [primaryKey({ columns: [table.backendId, table.ordinal] })],
);
