import type { Capability, Failure, InputValues, JobPriority, JobStage, JobState, Progress } from "@darkroom/contracts";
import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  unique,
  uuid,
} from "drizzle-orm/pg-core";
import { batches } from "./batches.ts";
import { moment } from "./columns.ts";
import { owners } from "./owners.ts";
import { workflowVersions } from "./workflow-versions.ts";
import { workflows } from "./workflows.ts";

export const jobs = pgTable(
  "jobs",
  {
    id: uuid("id").primaryKey(),
    ownerId: uuid("owner_id")
      .notNull()
      .references(() => owners.id),
    batchId: uuid("batch_id").references(() => batches.id),
    retryOf: uuid("retry_of"),
    workflowId: uuid("workflow_id")
      .notNull()
      .references(() => workflows.id),
    workflowVersionId: uuid("workflow_version_id")
      .notNull()
      .references(() => workflowVersions.id),
    idempotencyKey: text("idempotency_key").notNull(),
    inputsHash: text("inputs_hash").notNull(),
    inputs: jsonb("inputs").$type<InputValues>().notNull(),
    /** What it is found by (`searchTextOf`); null until maintenance has filled it in, where an older program stored the job. */
    searchText: text("search_text"),
    seed: bigint("seed", { mode: "number" }),
    priority: text("priority").$type<JobPriority>().notNull(),
    metadata: jsonb("metadata").$type<Record<string, unknown>>(),
    /** The id of the request that made it, as it is in every log. */
    requestId: text("request_id"),
    /** Guests only: a digest of the address that asked. */
    addressKey: text("address_key"),
    /** The API key that asked, for what is counted by it; null: a person at a browser, or an operator on their behalf. */
    apiKeyId: uuid("api_key_id"),

    state: text("state").$type<JobState>().notNull().default("queued"),
    stage: text("stage").$type<JobStage>(),
    /** Raised by one with each durable event. */
    version: integer("version").notNull(),
    /** The fence: raised by each claim, carried by each write of a worker. */
    attempt: integer("attempt").notNull().default(0),
    /** Budgets: the job's own failures, and lost prompts that could not be adopted. */
    failures: integer("failures").notNull().default(0),
    infraFailures: integer("infra_failures").notNull().default(0),
    workerId: text("worker_id"),
    backendId: text("backend_id"),
    leaseUntil: moment("lease_until"),
    runAfter: moment("run_after").notNull(),

    capability: jsonb("capability").$type<Capability>().notNull(),
    capabilityKey: text("capability_key").notNull(),
    modelKey: text("model_key"),
    /** While it waits: the only backend that may take it, because its prompt is there. */
    adoptBackendId: text("adopt_backend_id"),

    progress: jsonb("progress").$type<Progress>(),
    failure: jsonb("failure").$type<Failure>(),
    createdAt: moment("created_at").notNull(),
    queuedAt: moment("queued_at").notNull(),
    /** The last change of state; says how long Redis may lag behind. */
    changedAt: moment("changed_at").notNull(),
    startedAt: moment("started_at"),
    samplingAt: moment("sampling_at"),
    savingAt: moment("saving_at"),
    finishedAt: moment("finished_at"),
    /** What counts as used once it has ended: the files of its last attempt, and what ComfyUI said that its runs took together. */
    madeFiles: integer("made_files").notNull().default(0),
    madeBytes: bigint("made_bytes", { mode: "number" }).notNull().default(0),
    ranMs: doublePrecision("ran_ms").notNull().default(0),
    /** Canceled while it ran: what the run would probably still have taken, in seconds; null: nobody knows. */
    savedSeconds: doublePrecision("saved_seconds"),
    /** Failed only: when an operator put it away as a dead letter. */
    discardedAt: moment("discarded_at"),
    /**
     * When it was removed. From then on nobody finds it and nothing that its owner gave or got is in it. The row stays a
     * while for what still counts by it: the quota of the hour, its idempotency key, and a prompt that a backend may hold.
     */
    removedAt: moment("removed_at"),
    /** Whether one of its outputs is a favorite: kept here too, because a list finds by an index of jobs alone. */
    favorite: boolean("favorite").notNull().default(false),
  },
  (table) => [
    unique("jobs_idempotency").on(table.ownerId, table.idempotencyKey),
    // The lists ask for one owner, state and workflow at a time, newest first (`list-jobs.ts`). Indexes are read from either
    // end, so they are written without an order: with one, Postgres puts the place of nulls into it, and a query whose
    // `ORDER BY` says nothing of nulls sorts every row. `removed_at` is in them so that they say all that is asked.
    index("jobs_of_owner").on(table.ownerId, table.state, table.createdAt, table.id, table.removedAt),
    index("jobs_of_owner_workflow").on(
      table.ownerId,
      table.workflowId,
      table.state,
      table.createdAt,
      table.id,
      table.removedAt,
    ),
    index("jobs_favorite")
      .on(table.ownerId, table.state, table.createdAt, table.id, table.removedAt, table.workflowId)
      .where(sql`favorite`),
    index("jobs_of_state").on(table.state, table.createdAt, table.id, table.removedAt),
    index("jobs_of_workflow").on(table.workflowId, table.state, table.createdAt, table.id, table.removedAt),
    // Of ended jobs only: a job is changed several times before it ends, and each change would write a hundred entries anew.
    // What is new waits in a list of its own, which maintenance empties (`tidySearch`), so that no worker spends a second on it.
    index("jobs_search")
      .using("gin", sql`search_grams(search_text)`)
      .where(sql`finished_at is not null`)
      .with({ gin_pending_list_limit: 16384 }),
    index("jobs_batch").on(table.batchId).where(sql`batch_id is not null`),
    index("jobs_waiting").on(table.queuedAt, table.id).where(sql`state = 'queued'`),
    // Without it Postgres, which knows little of what an owner has, reads all of an owner's jobs to find the open ones.
    index("jobs_open").on(table.ownerId).where(sql`state in ('queued', 'running', 'canceling')`),
    // Of guests and new accounts, whose waiting jobs are counted by their address too (`usage.sql`).
    index("jobs_open_address")
      .on(table.addressKey)
      .where(sql`state in ('queued', 'running', 'canceling') and address_key is not null`),
    // Of what runs, all is looked at. By nothing that changes while a job runs: so a heartbeat, and what a stage changes, is
    // written in place and adds nothing to the other indexes.
    index("jobs_running").on(table.backendId).where(sql`state in ('running', 'canceling')`),
    index("jobs_address").on(table.addressKey, table.createdAt).where(sql`address_key is not null`),
    index("jobs_finished").on(table.finishedAt).where(sql`finished_at is not null`),
    index("jobs_failed").on(table.createdAt, table.id).where(sql`state = 'failed' and discarded_at is null`),
    index("jobs_removed").on(table.removedAt).where(sql`removed_at is not null`),
    index("jobs_retried").on(table.retryOf).where(sql`retry_of is not null`),
    index("jobs_without_search_text").on(table.createdAt.desc().nullsFirst()).where(sql`search_text is null`),
    // Which jobs use an upload; see `usesUpload`.
    index("jobs_uploads")
      .using("gin", sql`jsonb_path_query_array(inputs, '$.*.uploadId')`)
      .where(sql`jsonb_path_exists(inputs, '$.*.uploadId')`),
    index("jobs_succeeded").on(table.workflowId, table.finishedAt).where(sql`state = 'succeeded'`),
  ],
);
