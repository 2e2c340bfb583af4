import { pgTable, text } from "drizzle-orm/pg-core";
import { moment } from "./columns.ts";

/** One-time links that make their visitor an admin; stored hashed. */
export const adminLinks = pgTable("admin_links", {
  hash: text("hash").primaryKey(),
  createdAt: moment("created_at").notNull().defaultNow(),
  expiresAt: moment("expires_at").notNull(),
  usedAt: moment("used_at"),
});
