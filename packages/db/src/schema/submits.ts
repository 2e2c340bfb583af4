import { bigint, index, pgSequence, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { moment } from "./columns.ts";
import { owners } from "./owners.ts";

/** Accepted submits, for the limit per minute. A batch is one. */
export const submits = pgTable(
  "submits",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    ownerId: uuid("owner_id")
      .notNull()
      .references(() => owners.id),
    addressKey: text("address_key"),
    at: moment("at").notNull(),
  },
  (table) => [
    index("submits_owner").on(table.ownerId, table.at),
    index("submits_address").on(table.addressKey, table.at),
    index("submits_age").on(table.at),
  ],
);

/** How many jobs were ever added to the queue, committed or not; `has-room.sql` says what for. */
export const jobsAdded = pgSequence("jobs_added");
