// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what is replaced is source code.

import type { Mutant } from "./mutant.ts";

const claim = "packages/db/src/attempts/claim-job.test.ts";
const fence = "packages/db/src/attempts/fence.test.ts";
const maintain = "packages/db/src/maintenance/maintain.test.ts";
const settle = "packages/db/src/attempts/settle-job.test.ts";
const submit = "packages/db/src/jobs/submit-jobs.test.ts";

/** Guarded here: a job's state: its fences, its budgets, its limits, its leases. */
export const jobsMutants: Readonly<Record<string, Mutant>> = {
  "heartbeat-fence": {
    guard: "a stale attempt renews no lease",
    file: "packages/db/src/attempts/heartbeat.ts",
    text: " AND j.attempt = item.attempt AND",
    replacement: " AND",
    tests: [fence],
  },
  "settle-fence": {
    guard: "a stale attempt settles nothing",
    file: "packages/db/src/attempts/settle-job.ts",
    text: "AND attempt = ${attempt} AND state IN",
    replacement: "AND state IN",
    tests: [fence],
  },
  "output-fence": {
    guard: "a stale attempt stores no output",
    file: "packages/db/src/attempts/create-output.ts",
    text: "AND attempt = ${attempt} AND state IN",
    replacement: "AND state IN",
    tests: [fence],
  },
  "stage-fence": {
    guard: "a stale attempt enters no stage",
    file: "packages/db/src/attempts/stage-job.ts",
    text: "AND attempt = ${attempt} AND state IN",
    replacement: "AND state IN",
    tests: [fence],
  },
  "dispatch-fence": {
    guard: "a stale attempt records no dispatch",
    file: "packages/db/src/attempts/dispatches.ts",
    text: "AND attempt = ${attempt} AND state = 'running' FOR UPDATE",
    replacement: "AND state = 'running' FOR UPDATE",
    tests: [fence],
  },
  "earlier-prompt": {
    guard: "an earlier prompt of a job becomes an orphan when another is sent",
    file: "packages/db/src/attempts/dispatches.ts",
    text: "UPDATE dispatches d SET orphaned_at = ${clock(sql)} FROM job",
    replacement: "UPDATE dispatches d SET orphaned_at = NULL FROM job",
    tests: ["proof/model/model.test.ts"],
  },
  "claim-queued": {
    guard: "only a waiting job is claimed",
    file: "packages/db/src/attempts/claim-job.ts",
    text: "AND state = 'queued' AND run_after <= now()",
    replacement: "AND run_after <= now()",
    tests: [claim],
  },
  "claim-due": {
    guard: "a retry is left alone until it is due",
    file: "packages/db/src/attempts/claim-job.ts",
    text: "AND state = 'queued' AND run_after <= now()",
    replacement: "AND state = 'queued'",
    tests: [claim],
  },
  "claim-adoptable": {
    guard: "only the backend that holds a job's prompt may claim it",
    file: "packages/db/src/attempts/claim-job.ts",
    text: "AND (adopt_backend_id IS NULL OR adopt_backend_id = ${claim.backendId})",
    replacement: "",
    tests: [claim],
  },
  "claim-paused": {
    guard: "nothing is claimed while the queue is paused",
    file: "packages/db/src/attempts/claim-job.ts",
    text: "AND (${claim.adopt === true} OR NOT ${isPausedNow(tx)})",
    replacement: "",
    tests: [claim],
  },
  "cancel-confirm": {
    guard: "a worker's cancel needs an owner who asked for it",
    file: "packages/db/src/attempts/settle-job.ts",
    text: 'if (outcome.type === "canceled") return null;',
    replacement: "",
    tests: [settle],
  },
  "cancel-wins": {
    guard: "a job that is being canceled is not tried again",
    file: "packages/db/src/attempts/settle-job.ts",
    text: 'if (held.state === "canceling") return outcome.type === "succeeded" ? outcome : { type: "canceled" };',
    replacement: "",
    tests: [settle],
  },
  "poison-budget": {
    guard: "the third lost prompt ends a job",
    file: "packages/db/src/attempts/settle-job.ts",
    text: "held.infraFailures + 1 >= infraFailureBudget",
    replacement: "held.infraFailures + 1 > infraFailureBudget",
    tests: [settle],
  },
  "failed-prompt": {
    guard: "a failed try's prompt is not adopted",
    file: "packages/db/src/attempts/end-attempt.ts",
    text: "if (!back.adoptable) await orphanDispatches(tx, back.jobId);",
    replacement: "",
    tests: [settle],
  },
  "batch-open": {
    guard: "a batch settles when its last job ends",
    file: "packages/db/src/attempts/end-attempt.ts",
    text: "UPDATE batches SET open = open - 1,",
    replacement: "UPDATE batches SET open = open,",
    tests: [settle],
  },
  "limits-lock": {
    guard: "submits of one owner are counted one after another",
    file: "packages/db/src/feed/append-events.ts",
    text: "FROM owner_feeds WHERE owner_id = ${ownerId} FOR UPDATE",
    replacement: "FROM owner_feeds WHERE owner_id = ${ownerId}",
    tests: [submit],
  },
  "address-lock": {
    guard: "submits of guests at one address are counted one after another",
    file: "packages/db/src/jobs/submit-jobs.ts",
    text: "if (addressKey !== null) await tx`SELECT pg_advisory_xact_lock(hashtextextended(${addressKey}, 0))`;",
    replacement: "",
    tests: [submit],
  },
  "idempotency-known": {
    guard: "a repeated key is answered with the job it made",
    file: "packages/db/src/jobs/submit-jobs.ts",
    text: "if (rows.length === 0) return null;",
    replacement: "if (rows.length >= 0) return null;",
    tests: [submit],
  },
  "idempotency-conflict": {
    guard: "a repeated key with other inputs is refused",
    file: "packages/db/src/jobs/submit-jobs.ts",
    text: "if (row === undefined || row.inputsHash !== job.inputsHash) {",
    replacement: "if (row === undefined) {",
    tests: [submit],
  },
  "depth-lock": {
    guard: "near its bound the queue is filled one submit after another",
    file: "packages/db/src/jobs/submit-limits.ts",
    text: "await tx`SELECT pg_advisory_xact_lock(hashtextextended('queue depth', 0))`;",
    replacement: "",
    tests: [submit],
  },
  "worker-killer": {
    guard: "a job that three workers died over is not tried again",
    file: "packages/db/src/maintenance/expire-leases.ts",
    text: "if (await hasKilledWorkers(tx, jobId)) {",
    replacement: "if ((await hasKilledWorkers(tx, jobId)) && false) {",
    tests: [maintain],
  },
  "leader-wait": {
    guard: "nothing expires for one lease after maintenance was away",
    file: "packages/db/src/maintenance/maintain.ts",
    text: "CASE WHEN m.ticked_at < now() - ${silence} THEN ${postponed} ELSE m.expire_after END",
    replacement: "m.expire_after",
    tests: [maintain],
  },
  "leader-alive": {
    guard: "no lease expires while maintenance is away",
    file: "packages/db/src/postgres/sql.ts",
    text: "WHERE now() > expire_after AND ticked_at > now() - ${interval(sql, (leaseSeconds * 2) / 3)})",
    replacement: "WHERE now() > expire_after)",
    tests: [claim],
  },
  "given-up-key": {
    guard: "a job whose worker and backend died together gets its own key",
    file: "packages/db/src/maintenance/maintain.ts",
    text: ".filter(({ jobId }) => !leaving.has(jobId))",
    replacement: "",
    tests: [maintain],
  },
  "given-up-heard": {
    guard: "no prompt is given up before somebody has been there to hear of its backend",
    file: "packages/db/src/maintenance/maintain.ts",
    text: "if (tick.givesUp) repairs.push",
    replacement: "repairs.push",
    tests: [maintain],
  },
  "given-up-lease": {
    guard: "a short lease shortens nothing of that",
    file: "packages/db/src/maintenance/maintain.ts",
    text: "Math.max(0, backendSilenceSeconds - leaseSeconds)",
    replacement: "0",
    tests: [maintain],
  },
};
