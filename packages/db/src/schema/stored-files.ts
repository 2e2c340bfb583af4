import { bigint, integer, pgTable, uuid } from "drizzle-orm/pg-core";
import { owners } from "./owners.ts";

/**
 * What is kept of each owner, outputs and uploads together. Triggers on those tables (`0031_usage.sql`) keep it, so that it is
 * right whichever program writes them.
 */
export const storedFiles = pgTable("stored_files", {
  ownerId: uuid("owner_id")
    .primaryKey()
    .references(() => owners.id),
  files: integer("files").notNull(),
  bytes: bigint("bytes", { mode: "number" }).notNull(),
});
