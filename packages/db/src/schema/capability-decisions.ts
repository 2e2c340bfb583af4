import type { Lack } from "@darkroom/contracts";
import { jsonb, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { moment } from "./columns.ts";

/** What the catalog with this hash lacks for this capability; an empty list: it can run it. Computed once per pair. */
export const capabilityDecisions = pgTable(
  "capability_decisions",
  {
    catalogHash: text("catalog_hash").notNull(),
    capabilityKey: text("capability_key").notNull(),
    lacks: jsonb("lacks").$type<Lack[]>().notNull(),
    createdAt: moment("created_at").notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.catalogHash, table.capabilityKey] })],
);
