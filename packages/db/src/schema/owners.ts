import type { Role } from "@darkroom/contracts";
import { sql } from "drizzle-orm";
import { type AnyPgColumn, index, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { moment } from "./columns.ts";

/** Who owns jobs. Never a key into the auth tables: `account_id` is a plain value. */
export const owners = pgTable(
  "owners",
  {
    id: uuid("id").primaryKey(),
    kind: text("kind").$type<"guest" | "account" | "service" | "removed">().notNull(),
    displayName: text("display_name"),
    accountId: text("account_id").unique(),
    linkedTo: uuid("linked_to").references((): AnyPgColumn => owners.id),
    role: text("role").$type<Role>().notNull().default("guest"),
    createdAt: moment("created_at").notNull().defaultNow(),
    lastSeen: moment("last_seen").notNull().defaultNow(),
    /**
     * When it was removed with all it had; its kind is `removed` from then on. The row stays without a name, so that an old
     * guest's cookie is no guest's again and the numbers in its feed go on where they were.
     */
    removedAt: moment("removed_at"),
  },
  (table) => [
    index("owners_linked_to").on(table.linkedTo),
    index("owners_history").on(table.createdAt, table.id),
    index("owners_removed").on(table.id).where(sql`kind = 'removed'`),
    index("owners_admin").on(table.id).where(sql`role = 'admin'`),
  ],
);
