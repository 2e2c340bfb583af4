import { sql } from "drizzle-orm";
import { boolean, index, integer, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { moment } from "./columns.ts";
import { jobs } from "./jobs.ts";

/** Prompts that were, or were about to be, submitted to a backend. Open until the prompt is known to be gone from it. */
export const dispatches = pgTable(
  "dispatches",
  {
    promptId: text("prompt_id").primaryKey(),
    jobId: uuid("job_id")
      .notNull()
      .references(() => jobs.id),
    attempt: integer("attempt").notNull(),
    backendId: text("backend_id").notNull(),
    clientId: text("client_id").notNull(),
    /** It was handed over while another prompt ran, so it may be lost without ever having begun. */
    behind: boolean("behind").notNull().default(false),
    dispatchedAt: moment("dispatched_at").notNull(),
    /** Nobody will adopt it any more, but the backend may still hold it. */
    orphanedAt: moment("orphaned_at"),
    closedAt: moment("closed_at"),
  },
  (table) => [
    index("dispatches_job").on(table.jobId),
    index("dispatches_age").on(table.dispatchedAt),
    index("dispatches_open").on(table.backendId).where(sql`closed_at is null`),
  ],
);
