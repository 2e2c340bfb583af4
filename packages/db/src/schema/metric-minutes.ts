import { bigint, integer, jsonb, pgTable } from "drizzle-orm/pg-core";
import { moment } from "./columns.ts";

/** What one minute was like, for charts. What ended is counted from the jobs, the rest as it was when the minute was over. */
export const metricMinutes = pgTable("metric_minutes", {
  /** Its beginning. */
  at: moment("at").primaryKey(),
  succeeded: integer("succeeded").notNull(),
  failed: integer("failed").notNull(),
  canceled: integer("canceled").notNull(),
  /** Jobs that ended in it by how long they waited, and by how long they ran: counts by `secondsBounds`. */
  waits: integer("waits").array().notNull(),
  runs: integer("runs").array().notNull(),
  /** Null: nobody looked in that minute. */
  waiting: integer("waiting"),
  running: integer("running"),
  webs: integer("webs"),
  workers: integer("workers"),
  backendsUp: integer("backends_up"),
  sockets: integer("sockets"),
  streams: integer("streams"),
  buffered: integer("buffered"),
  redisBytes: bigint("redis_bytes", { mode: "number" }),
  /** Of the minute, over all web processes. */
  opened: integer("opened"),
  resumed: integer("resumed"),
  broken: integer("broken"),
  gaps: integer("gaps"),
  overflows: integer("overflows"),
  /** Instance id → its counters since it started, from which those of the next minute are told. */
  totals: jsonb("totals").$type<Record<string, readonly number[]>>(),
});
