import { boolean, pgTable, uuid } from "drizzle-orm/pg-core";
import { moment } from "./columns.ts";

/** One row: when maintenance last ticked, and before when no lease counts as expired. */
export const maintenance = pgTable("maintenance", {
  id: boolean("id").primaryKey().default(true),
  tickedAt: moment("ticked_at").notNull(),
  expireAfter: moment("expire_after").notNull(),
  sweptAt: moment("swept_at").notNull(),
  /** When the stored files were last compared with the rows that name them; null: never. */
  filesSweptAt: moment("files_swept_at"),
  /** When somebody last looked for alerts; null: never. */
  alertsCheckedAt: moment("alerts_checked_at"),
  /** The last ended job that `usage_days` has in it; null: none yet. */
  usageCountedAt: moment("usage_counted_at"),
  usageCountedId: uuid("usage_counted_id"),
  /** The last owner whose jobs, files and events the rules of retention were kept for; null: begin with the first. */
  retainedTo: uuid("retained_to"),
});
