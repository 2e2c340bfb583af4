import { bigint, pgTable, uuid } from "drizzle-orm/pg-core";
import { owners } from "./owners.ts";

/** The last `ownerSeq` of each owner. Locking this row first is what makes commit order sequence order. */
export const ownerFeeds = pgTable("owner_feeds", {
  ownerId: uuid("owner_id")
    .primaryKey()
    .references(() => owners.id),
  seq: bigint("seq", { mode: "number" }).notNull().default(0),
});
