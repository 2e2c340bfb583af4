import { pgTable, text } from "drizzle-orm/pg-core";
import { moment } from "./columns.ts";

/** Capabilities that waiting jobs need and no live backend has, and since when. */
export const incapable = pgTable("incapable", {
  capabilityKey: text("capability_key").primaryKey(),
  since: moment("since").notNull(),
});
