export * from "./attempts/admission.ts";
export * from "./attempts/claim-job.ts";
export { createOutput } from "./attempts/create-output.ts";
export {
  closeDispatch,
  type DispatchRecord,
  type OpenDispatch,
  openDispatches,
  recordDispatch,
} from "./attempts/dispatches.ts";
export * from "./attempts/heartbeat.ts";
export { type Settled, type SettledOutcome, settleJob } from "./attempts/settle-job.ts";
export * from "./attempts/slots.ts";
export * from "./attempts/stage-job.ts";
export * from "./backends/backends.ts";
export * from "./backends/notice.ts";
export * from "./backends/pause.ts";
export * from "./feed/publish-event.ts";
export * from "./feed/read-feed.ts";
export { favoriteOutput } from "./files/favorite-output.ts";
export {
  type ArchivedOutput,
  type ListedOutput,
  listOutputs,
  type OutputFile,
  type OutputShare,
  outputById,
  outputFile,
  outputsToArchive,
} from "./files/outputs.ts";
export * from "./files/share-output.ts";
export * from "./files/unnamed-files.ts";
export * from "./files/uploads.ts";
export * from "./gallery/moderation.ts";
export * from "./gallery/shared-pictures.ts";
export * from "./jobs/dead-letters.ts";
export * from "./jobs/preview-submit.ts";
export * from "./jobs/request-cancel.ts";
export * from "./jobs/submit-jobs.ts";
export type { SubmitLimits } from "./jobs/submit-limits.ts";
export { maintain } from "./maintenance/maintain.ts";
export type { Maintained } from "./maintenance/repair.ts";
export * from "./maintenance/unqueued-jobs.ts";
export { hasPendingMigrations } from "./migrate/pending-migrations.ts";
export { refuseUnusable } from "./migrate/refuse-unusable.ts";
export * from "./monitor/alert-facts.ts";
export * from "./monitor/alerts.ts";
export * from "./monitor/audit.ts";
export { type MinuteGauges, type MinutePoint, noteMinutes, readMinutes } from "./monitor/minutes.ts";
export * from "./owners/admin-links.ts";
export * from "./owners/api-keys.ts";
export * from "./owners/credentials.ts";
export * from "./owners/entrances.ts";
export * from "./owners/guest-owners.ts";
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
} from "./owners/owners.ts";
export * from "./owners/second-factors.ts";
export * from "./postgres/client.ts";
export { inTransaction, type Transaction } from "./postgres/transaction.ts";
export { isTransient } from "./postgres/transient-error.ts";
export { warmConnections } from "./postgres/warm-connections.ts";
export * from "./push/push-subscriptions.ts";
export { feedReads } from "./reads/feed-reads.ts";
export * from "./reads/job-provenance.ts";
export * from "./reads/job-states.ts";
export * from "./reads/job-timeline.ts";
export { jobView } from "./reads/job-view.ts";
export * from "./reads/list-jobs.ts";
export * from "./reads/list-waiting.ts";
export type { NewOutput } from "./reads/output-view.ts";
export * from "./reads/queue-stats.ts";
export * from "./reads/run-times.ts";
export * from "./reads/snapshot.ts";
export * from "./reads/waiting-groups.ts";
export { removeJob } from "./removal/remove-job.ts";
export { removeOutput } from "./removal/remove-output.ts";
export { removeOwner } from "./removal/remove-owner.ts";
export { removeUpload } from "./removal/remove-upload.ts";
export { previewRetention, type RetentionLoss } from "./retention/preview-retention.ts";
export * from "./retention/rules.ts";
export * from "./usage/usage-report.ts";
export * from "./webhooks/deliveries.ts";
export * from "./webhooks/delivery-log.ts";
export * from "./webhooks/webhooks.ts";
export * from "./workflows/allowed-nodes.ts";
export * from "./workflows/save-workflow.ts";
export * from "./workflows/seed-workflows.ts";
export * from "./workflows/workflows.ts";
