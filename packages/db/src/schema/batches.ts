import { integer, pgTable, uuid } from "drizzle-orm/pg-core";
import { moment } from "./columns.ts";
import { owners } from "./owners.ts";

/** `open` counts the jobs that have not ended; the transaction that makes it 0 writes `batch.settled`. */
export const batches = pgTable("batches", {
  id: uuid("id").primaryKey(),
  ownerId: uuid("owner_id")
    .notNull()
    .references(() => owners.id),
  open: integer("open").notNull(),
  succeeded: integer("succeeded").notNull().default(0),
  failed: integer("failed").notNull().default(0),
  canceled: integer("canceled").notNull().default(0),
  createdAt: moment("created_at").notNull().defaultNow(),
  settledAt: moment("settled_at"),
});
