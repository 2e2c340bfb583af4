import { integer, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { moment } from "./columns.ts";

export type SlotKind = "run" | "next";

/**
 * The right to use a backend, however many workers there are: as many rows of kind `run` as it runs prompts at once, and
 * one of kind `next`, for the job that is prepared meanwhile.
 */
export const slots = pgTable(
  "slots",
  {
    backendId: text("backend_id").notNull(),
    ordinal: integer("ordinal").notNull(),
    kind: text("kind").$type<SlotKind>().notNull().default("run"),
    /** The worker that holds it; null: free. */
    holder: text("holder"),
    leaseUntil: moment("lease_until"),
  },
  (table) => [primaryKey({ columns: [table.backendId, table.ordinal] })],
);
