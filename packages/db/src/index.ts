export * from "./admin-links.ts";
export * from "./allowed-nodes.ts";
export * from "./api-keys.ts";
export * from "./backends.ts";
export * from "./claim-job.ts";
export * from "./client.ts";
export { createOutput, type NewOutput } from "./create-output.ts";
export * from "./dead-letters.ts";
export * from "./dispatches.ts";
export * from "./guest-owners.ts";
export * from "./heartbeat.ts";
export * from "./job-provenance.ts";
export * from "./job-records.ts";
export { jobView } from "./job-view.ts";
export * from "./list-jobs.ts";
export { type Maintained, maintain } from "./maintain.ts";
export { isOutage } from "./outage.ts";
export * from "./outlook.ts";
export * from "./outputs.ts";
export {
  type AccountOwners,
  ensureOwner,
  hasAdmin,
  listOwners,
  type Owner,
  type OwnerKind,
  ownerById,
  ownersOfAccount,
  renameOwner,
  setRole,
} from "./owners.ts";
export * from "./pause.ts";
export { hasPendingMigrations } from "./pending-migrations.ts";
export * from "./preview-submit.ts";
export * from "./queue-entries.ts";
export * from "./queue-stats.ts";
export * from "./read-feed.ts";
export * from "./request-cancel.ts";
export * from "./run-times.ts";
export * from "./save-workflow.ts";
export * from "./seed-workflows.ts";
export { type Outcome, type Settled, settleJob } from "./settle-job.ts";
export * from "./slots.ts";
export * from "./snapshot.ts";
export * from "./stage-job.ts";
export * from "./standings.ts";
export * from "./submit-jobs.ts";
export { inTransaction, type Transaction } from "./transaction.ts";
export * from "./uploads.ts";
export * from "./workflows.ts";
