import type { OutputKind } from "@darkroom/contracts";
import { bigint, boolean, index, integer, pgTable, real, text, unique, uuid } from "drizzle-orm/pg-core";
import { moment } from "./columns.ts";
import { jobs } from "./jobs.ts";
import { owners } from "./owners.ts";

/** Files that jobs produced. Only those of a job's current attempt are shown. */
export const outputs = pgTable(
  "outputs",
  {
    id: uuid("id").primaryKey(),
    jobId: uuid("job_id")
      .notNull()
      .references(() => jobs.id),
    attempt: integer("attempt").notNull(),
    ordinal: integer("ordinal").notNull(),
    ownerId: uuid("owner_id")
      .notNull()
      .references(() => owners.id),
    /** Its job's, which never changes: so that an index has an owner's outputs of a workflow in order. */
    workflowId: uuid("workflow_id"),
    sha256: text("sha256").notNull(),
    storageKey: text("storage_key").notNull(),
    kind: text("kind").$type<OutputKind>().notNull(),
    mimeType: text("mime_type").notNull(),
    width: integer("width"),
    height: integer("height"),
    /** Of films and sounds; null where the file does not say. */
    durationSeconds: real("duration_seconds"),
    sizeBytes: bigint("size_bytes", { mode: "number" }).notNull(),
    seed: bigint("seed", { mode: "number" }),
    /** SHA-256 of the secret in the address at which anyone may see it; null while it is not shared. */
    shareHash: text("share_hash").unique("outputs_share"),
    /** From which that secret is made again, with the server's own: so its owner is told the address, and nobody who reads this. */
    shareNonce: text("share_nonce"),
    /** Marked by its owner; `jobs.favorite` says whether any of a job's is. */
    favorite: boolean("favorite").notNull().default(false),
    createdAt: moment("created_at").notNull(),
  },
  (table) => [
    unique("outputs_ordinal").on(table.jobId, table.attempt, table.ordinal),
    index("outputs_storage_key").on(table.storageKey),
    index("outputs_of_owner").on(table.ownerId, table.kind, table.createdAt, table.id, table.jobId, table.attempt),
    index("outputs_of_workflow").on(
      table.ownerId,
      table.workflowId,
      table.kind,
      table.createdAt,
      table.id,
      table.jobId,
      table.attempt,
    ),
  ],
);
