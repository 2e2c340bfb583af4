import type { Binding, Graph, Parameter, Positions } from "@darkroom/contracts";
import { integer, jsonb, pgTable, text, unique, uuid } from "drizzle-orm/pg-core";
import { moment } from "./columns.ts";
import { workflows } from "./workflows.ts";

/** What a version is never changes; only whether it is published does. */
export const workflowVersions = pgTable(
  "workflow_versions",
  {
    id: uuid("id").primaryKey(),
    workflowId: uuid("workflow_id")
      .notNull()
      .references(() => workflows.id),
    number: integer("number").notNull(),
    name: text("name").notNull(),
    description: text("description").notNull(),
    graph: jsonb("graph").$type<Graph>().notNull(),
    parameters: jsonb("parameters").$type<Parameter[]>().notNull(),
    bindings: jsonb("bindings").$type<Binding[]>().notNull(),
    outputs: jsonb("outputs").$type<string[]>().notNull(),
    timeoutSeconds: integer("timeout_seconds"),
    /** Where its author drew the nodes; null: it came without a drawing. */
    positions: jsonb("positions").$type<Positions>(),
    /** What its author says of it. */
    note: text("note"),
    /** The owner who saved it; null: it came with Darkroom. */
    createdBy: uuid("created_by"),
    createdAt: moment("created_at").notNull().defaultNow(),
    /** The last time it was made the current version, and by whom; null: a draft, which only operators may run. */
    publishedAt: moment("published_at"),
    publishedBy: uuid("published_by"),
    /** Ids of the findings and breaking changes that were accepted then. */
    accepted: jsonb("accepted").$type<string[]>(),
  },
  (table) => [unique("workflow_versions_number").on(table.workflowId, table.number)],
);
