import type { Failure, Graph, RunRecord } from "@darkroom/contracts";
import { integer, jsonb, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { moment } from "./columns.ts";
import { jobs } from "./jobs.ts";

export type AttemptOutcome =
  | "succeeded"
  | "failed"
  | "retry"
  | "canceled"
  | "released"
  | "lease-expired"
  | "backend-gone";

/** One try at a job by one worker. */
export const attempts = pgTable(
  "attempts",
  {
    jobId: uuid("job_id")
      .notNull()
      .references(() => jobs.id),
    attempt: integer("attempt").notNull(),
    workerId: text("worker_id").notNull(),
    backendId: text("backend_id").notNull(),
    startedAt: moment("started_at").notNull(),
    endedAt: moment("ended_at"),
    outcome: text("outcome").$type<AttemptOutcome>(),
    failure: jsonb("failure").$type<Failure>(),
    /** What its backend said it was when the attempt began; null if nobody had asked it yet. */
    comfyVersion: text("comfy_version"),
    /** What it sent; null if it sent nothing, or adopted what an earlier attempt had sent. No list reads it. */
    graph: jsonb("graph").$type<Graph>(),
    run: jsonb("run").$type<RunRecord>(),
  },
  (table) => [primaryKey({ columns: [table.jobId, table.attempt] })],
);
