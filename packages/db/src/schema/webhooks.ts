import type { FeedEvent } from "@darkroom/contracts";
import { sql } from "drizzle-orm";
import { bigint, boolean, index, integer, jsonb, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { moment } from "./columns.ts";
import { owners } from "./owners.ts";

/** Addresses that are told of an owner's events. Their secrets are made from `rotation` and the installation's own. */
export const webhooks = pgTable(
  "webhooks",
  {
    id: uuid("id").primaryKey(),
    ownerId: uuid("owner_id")
      .notNull()
      .references(() => owners.id),
    url: text("url").notNull(),
    /** Which events it is told of; null: all. */
    events: text("events").$type<FeedEvent["type"]>().array(),
    /** Of which workflows, by slug; null: of all. */
    workflows: text("workflows").array(),
    isEnabled: boolean("is_enabled").notNull().default(true),
    /** Raised for each new secret. */
    rotation: integer("rotation").notNull().default(0),
    /** The last event of the owner's feed for which deliveries were planned. */
    cursor: bigint("cursor", { mode: "number" }).notNull(),
    createdAt: moment("created_at").notNull().defaultNow(),
  },
  (table) => [index("webhooks_owner").on(table.ownerId, table.cursor)],
);

/** One event for one address: what is to be sent, and afterwards what came of it. */
export const webhookDeliveries = pgTable(
  "webhook_deliveries",
  {
    /** The message's id, the same for every attempt. */
    id: uuid("id").primaryKey(),
    webhookId: uuid("webhook_id")
      .notNull()
      .references(() => webhooks.id, { onDelete: "cascade" }),
    ownerSeq: bigint("owner_seq", { mode: "number" }).notNull(),
    jobId: uuid("job_id"),
    type: text("type").$type<FeedEvent["type"]>().notNull(),
    event: jsonb("event").notNull(),
    /** What is sent, as it was put together for the first attempt. */
    body: text("body"),
    state: text("state").$type<"waiting" | "delivered" | "failed">().notNull(),
    attempts: integer("attempts").notNull().default(0),
    createdAt: moment("created_at").notNull(),
    /** Not before this time. */
    nextAt: moment("next_at").notNull(),
    /** A process is sending it until then; if it has not said by then how it went, it is gone. */
    lockedUntil: moment("locked_until"),
    /** Of the last attempt. */
    sentAt: moment("sent_at"),
    status: integer("status"),
    answer: text("answer"),
    latencyMs: integer("latency_ms"),
  },
  (table) => [
    index("webhook_deliveries_seq").on(table.webhookId, table.ownerSeq),
    index("webhook_deliveries_waiting").on(table.webhookId, table.jobId, table.ownerSeq).where(sql`state = 'waiting'`),
    index("webhook_deliveries_due").on(table.nextAt).where(sql`state = 'waiting'`),
    index("webhook_deliveries_age").on(table.createdAt),
  ],
);
