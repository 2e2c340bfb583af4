import type { FeedEvent } from "@darkroom/contracts";
import { sql } from "drizzle-orm";
import { bigint, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { moment } from "./columns.ts";
import { owners } from "./owners.ts";

/** Durable events. `job_id`, `version` and `attempt` are null where it is about no job. */
export const jobEvents = pgTable(
  "job_events",
  {
    ownerId: uuid("owner_id")
      .notNull()
      .references(() => owners.id),
    ownerSeq: bigint("owner_seq", { mode: "number" }).notNull(),
    jobId: uuid("job_id"),
    version: integer("version"),
    attempt: integer("attempt"),
    type: text("type").$type<FeedEvent["type"]>().notNull(),
    payload: jsonb("payload").$type<FeedEvent>().notNull(),
    at: moment("at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.ownerId, table.ownerSeq] }),
    index("job_events_job").on(table.jobId, table.version),
    index("job_events_age").on(table.at),
    // Those that services added, of which an owner may get so many a minute and each once.
    uniqueIndex("job_events_custom").on(table.ownerId, sql`(payload->>'eventId')`).where(sql`type LIKE 'x.%'`),
    index("job_events_custom_age").on(table.ownerId, table.at).where(sql`type LIKE 'x.%'`),
  ],
);
