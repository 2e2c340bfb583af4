import { bigint, date, doublePrecision, integer, pgTable, unique, uuid } from "drizzle-orm/pg-core";
import { owners } from "./owners.ts";

/** What each owner used on a day of UTC, with each of their API keys and without one. It stays when jobs and files go. */
export const usageDays = pgTable(
  "usage_days",
  {
    day: date("day").notNull(),
    ownerId: uuid("owner_id")
      .notNull()
      .references(() => owners.id),
    /** Null: without a key. */
    apiKeyId: uuid("api_key_id"),
    /** Jobs by how they ended on that day. */
    succeeded: integer("succeeded").notNull().default(0),
    failed: integer("failed").notNull().default(0),
    canceled: integer("canceled").notNull().default(0),
    /** What ComfyUI said that their runs took. */
    ranMs: doublePrecision("ran_ms").notNull().default(0),
    /** Files that they made. */
    outputs: integer("outputs").notNull().default(0),
    outputBytes: bigint("output_bytes", { mode: "number" }).notNull().default(0),
    /** Files that were sent. */
    uploads: integer("uploads").notNull().default(0),
    uploadBytes: bigint("upload_bytes", { mode: "number" }).notNull().default(0),
  },
  (table) => [unique("usage_days_of").on(table.day, table.ownerId, table.apiKeyId).nullsNotDistinct()],
);
