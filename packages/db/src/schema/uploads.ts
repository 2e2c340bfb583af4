import { sql } from "drizzle-orm";
import { bigint, index, integer, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { moment } from "./columns.ts";
import { owners } from "./owners.ts";

export const uploads = pgTable(
  "uploads",
  {
    id: uuid("id").primaryKey(),
    ownerId: uuid("owner_id")
      .notNull()
      .references(() => owners.id),
    sha256: text("sha256").notNull(),
    storageKey: text("storage_key").notNull(),
    mimeType: text("mime_type").notNull(),
    /** Pixels of a picture; null for videos and sounds. */
    width: integer("width"),
    height: integer("height"),
    sizeBytes: bigint("size_bytes", { mode: "number" }).notNull(),
    createdAt: moment("created_at").notNull().defaultNow(),
    /** A digest of the sender's address; null for accounts older than a day, which no address limits. */
    addressKey: text("address_key"),
    /** From then on it is removed, unless a job uses it: then it is looked at again a day later. */
    expiresAt: moment("expires_at").notNull().default(sql`now() + interval '30 days'`),
  },
  (table) => [
    index("uploads_of_owner").on(table.ownerId, table.createdAt, table.id),
    index("uploads_storage_key").on(table.storageKey),
    index("uploads_address").on(table.addressKey).where(sql`address_key is not null`),
    index("uploads_expiry").on(table.expiresAt),
  ],
);
