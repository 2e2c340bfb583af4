import { boolean, integer, pgTable } from "drizzle-orm/pg-core";

/** One row: which migration this schema has come to, and from which on a program may run on it. */
export const schemaVersion = pgTable("schema_version", {
  id: boolean("id").primaryKey().default(true),
  version: integer("version").notNull(),
  oldestProgram: integer("oldest_program").notNull(),
});
