import type { DurableEvent } from "@darkroom/contracts";
import { bigint, index, integer, jsonb, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { moment } from "./columns.ts";
import { owners } from "./owners.ts";

/** Durable events. `job_id`, `version` and `attempt` are null for an event of a batch. */
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
    type: text("type").$type<DurableEvent["type"]>().notNull(),
    payload: jsonb("payload").$type<DurableEvent>().notNull(),
    at: moment("at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.ownerId, table.ownerSeq] }),
    index("job_events_job").on(table.jobId, table.version),
    index("job_events_age").on(table.at),
  ],
);
