import type { Binding, Graph, Parameter } from "@darkroom/contracts";
import { integer, jsonb, pgTable, text, unique, uuid } from "drizzle-orm/pg-core";
import { moment } from "./columns.ts";
import { workflows } from "./workflows.ts";

/** Immutable. */
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
    createdAt: moment("created_at").notNull().defaultNow(),
  },
  (table) => [unique("workflow_versions_number").on(table.workflowId, table.number)],
);
