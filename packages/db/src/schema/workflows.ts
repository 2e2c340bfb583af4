import { boolean, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { moment } from "./columns.ts";

export const workflows = pgTable("workflows", {
  id: uuid("id").primaryKey(),
  slug: text("slug").notNull().unique(),
  name: text("name").notNull(),
  description: text("description").notNull(),
  /** No foreign key: the version's own key to this table would close a circle. */
  currentVersionId: uuid("current_version_id"),
  published: boolean("published").notNull().default(false),
  archivedAt: moment("archived_at"),
  createdAt: moment("created_at").notNull().defaultNow(),
});
