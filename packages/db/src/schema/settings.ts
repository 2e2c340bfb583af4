import { jsonb, pgTable, text } from "drizzle-orm/pg-core";

/** What operators switch at run time: `paused`, `allowedNodes`, `entrances`, `notice`, `retention`. */
export const settings = pgTable("settings", {
  key: text("key").primaryKey(),
  value: jsonb("value").notNull(),
});
