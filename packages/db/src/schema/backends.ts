import type { NodeCatalog, NodeInfo } from "@darkroom/contracts";
import { boolean, integer, jsonb, pgTable, text } from "drizzle-orm/pg-core";
import { moment } from "./columns.ts";

/** ComfyUI servers, as the workers last saw them. The id is the normalised `host:port`. */
export const backends = pgTable("backends", {
  id: text("id").primaryKey(),
  url: text("url").notNull(),
  version: text("version"),
  catalogHash: text("catalog_hash"),
  catalog: jsonb("catalog").$type<NodeCatalog>(),
  /** Everything else of `object_info` that a graph is checked against. Large, and read only to check and import. */
  nodeInfo: jsonb("node_info").$type<NodeInfo>(),
  nodeInfoHash: text("node_info_hash"),
  nodeCount: integer("node_count"),
  /** Model files by folder, as `/models` lists them. */
  models: jsonb("models").$type<Record<string, readonly string[]>>(),
  stats: jsonb("stats").$type<Record<string, unknown>>(),
  /** Prompts in ComfyUI's own queue, of everybody. */
  runningPrompts: integer("running_prompts"),
  pendingPrompts: integer("pending_prompts"),
  /** The model key of the last prompt sent there; empty: none is loaded. */
  warmModel: text("warm_model"),
  reachable: boolean("reachable").notNull(),
  workerId: text("worker_id").notNull(),
  /** Set by operators; no report of a worker clears it. */
  drainingAt: moment("draining_at"),
  /** The last report of any worker, and the last that reached the backend. */
  seenAt: moment("seen_at").notNull(),
  reachedAt: moment("reached_at"),
  /** When it last refused a connection: its process had ended, and its queue with it. Null once it answers again. */
  refusedAt: moment("refused_at"),
});
