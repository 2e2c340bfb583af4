import { bigint, index, integer, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { moment } from "./columns.ts";
import { owners } from "./owners.ts";

/** Browsers that are told when a job of their owner ends and no page is open; what they gave us as Web Push has it. */
export const pushSubscriptions = pgTable(
  "push_subscriptions",
  {
    id: uuid("id").primaryKey(),
    ownerId: uuid("owner_id")
      .notNull()
      .references(() => owners.id),
    endpoint: text("endpoint").notNull().unique("push_subscriptions_endpoint"),
    p256dh: text("p256dh").notNull(),
    auth: text("auth").notNull(),
    /** The last event of the owner's feed that was told, or passed over. */
    cursor: bigint("cursor", { mode: "number" }).notNull(),
    /** Not before this time: after a failure, and while a process is at it. */
    nextAt: moment("next_at").notNull().defaultNow(),
    /** In a row. */
    failures: integer("failures").notNull().default(0),
    createdAt: moment("created_at").notNull().defaultNow(),
  },
  (table) => [index("push_subscriptions_owner").on(table.ownerId, table.cursor)],
);
