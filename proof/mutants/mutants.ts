// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what is replaced is source code.

/** The product without one of its guards. */
export interface Mutant {
  /** What the guard holds up. */
  readonly guard: string;
  readonly file: string;
  /** Occurs once in the file. */
  readonly text: string;
  readonly replacement: string;
  /** The fewest test files that must notice. */
  readonly tests: readonly string[];
  /** Of these files, only the tests whose name matches: where the others would take minutes. */
  readonly only?: string;
}

const fence = "packages/db/src/attempt-fence.test.ts";
const claim = "packages/db/src/claim-job.test.ts";
const hub = "packages/queue/src/hub.test.ts";
const maintain = "packages/db/src/maintain.test.ts";
const queue = "packages/queue/src/queue.test.ts";
const settle = "packages/db/src/settle-job.test.ts";
const submit = "packages/db/src/submit-jobs.test.ts";
const adoption = "apps/worker/src/adoption.test.ts";

/** Keyed by a short name. */
export const mutants: Readonly<Record<string, Mutant>> = {
  "heartbeat-fence": {
    guard: "a stale attempt renews no lease",
    file: "packages/db/src/heartbeat.ts",
    text: " AND j.attempt = item.attempt AND",
    replacement: " AND",
    tests: [fence],
  },
  "settle-fence": {
    guard: "a stale attempt settles nothing",
    file: "packages/db/src/settle-job.ts",
    text: "AND attempt = ${attempt} AND state IN",
    replacement: "AND state IN",
    tests: [fence],
  },
  "output-fence": {
    guard: "a stale attempt stores no output",
    file: "packages/db/src/create-output.ts",
    text: "AND attempt = ${attempt} AND state IN",
    replacement: "AND state IN",
    tests: [fence],
  },
  "stage-fence": {
    guard: "a stale attempt enters no stage",
    file: "packages/db/src/stage-job.ts",
    text: "AND attempt = ${attempt} AND state IN",
    replacement: "AND state IN",
    tests: [fence],
  },
  "dispatch-fence": {
    guard: "a stale attempt records no dispatch",
    file: "packages/db/src/dispatches.ts",
    text: "AND attempt = ${attempt} AND state = 'running' FOR UPDATE",
    replacement: "AND state = 'running' FOR UPDATE",
    tests: [fence],
  },
  "progress-fence": {
    guard: "an older attempt's progress never replaces a newer one's",
    file: "packages/queue/src/scripts/keep-latest.lua",
    text: 'if tonumber(redis.call("HGET", KEYS[1], "attempt") or "0") > tonumber(ARGV[1]) then return 0 end\n',
    replacement: "",
    tests: ["packages/queue/src/publisher.test.ts"],
  },
  "earlier-prompt": {
    guard: "an earlier prompt of a job becomes an orphan when another is sent",
    file: "packages/db/src/dispatches.ts",
    text: "UPDATE dispatches d SET orphaned_at = ${clock(sql)} FROM job",
    replacement: "UPDATE dispatches d SET orphaned_at = NULL FROM job",
    tests: ["proof/model/model.test.ts"],
  },
  "slot-holder": {
    guard: "a slot is renewed by its holder only",
    file: "packages/db/src/heartbeat.ts",
    text: " AND s.holder = ${workerId}",
    replacement: "",
    tests: ["packages/db/src/heartbeat.test.ts"],
  },
  "claim-queued": {
    guard: "only a waiting job is claimed",
    file: "packages/db/src/claim-job.ts",
    text: "AND state = 'queued' AND run_after <= now()",
    replacement: "AND run_after <= now()",
    tests: [claim],
  },
  "claim-due": {
    guard: "a retry is left alone until it is due",
    file: "packages/db/src/claim-job.ts",
    text: "AND state = 'queued' AND run_after <= now()",
    replacement: "AND state = 'queued'",
    tests: [claim],
  },
  "claim-adoptable": {
    guard: "only the backend that holds a job's prompt may claim it",
    file: "packages/db/src/claim-job.ts",
    text: "AND (adopt_backend_id IS NULL OR adopt_backend_id = ${claim.backendId})",
    replacement: "",
    tests: [claim],
  },
  "claim-paused": {
    guard: "nothing is claimed while the queue is paused",
    file: "packages/db/src/claim-job.ts",
    text: "AND (${claim.adopt === true} OR NOT ${isPausedNow(tx)})",
    replacement: "",
    tests: [claim],
  },
  "cancel-confirm": {
    guard: "a worker's cancel needs an owner who asked for it",
    file: "packages/db/src/settle-job.ts",
    text: 'if (outcome.type === "canceled") return null;',
    replacement: "",
    tests: [settle],
  },
  "cancel-wins": {
    guard: "a job that is being canceled is not tried again",
    file: "packages/db/src/settle-job.ts",
    text: 'if (held.state === "canceling") return outcome.type === "succeeded" ? outcome : { type: "canceled" };',
    replacement: "",
    tests: [settle],
  },
  "poison-budget": {
    guard: "the third lost prompt ends a job",
    file: "packages/db/src/settle-job.ts",
    text: "held.infraFailures + 1 >= infraFailureBudget",
    replacement: "held.infraFailures + 1 > infraFailureBudget",
    tests: [settle],
  },
  "failed-prompt": {
    guard: "a failed try's prompt is not adopted",
    file: "packages/db/src/change-job.ts",
    text: "if (!back.adoptable) await orphanDispatches(tx, back.jobId);",
    replacement: "",
    tests: [settle],
  },
  "batch-open": {
    guard: "a batch settles when its last job ends",
    file: "packages/db/src/change-job.ts",
    text: "UPDATE batches SET open = open - 1,",
    replacement: "UPDATE batches SET open = open,",
    tests: [settle],
  },
  "owner-seq": {
    guard: "events are numbered under the lock of the feed's row",
    file: "packages/db/src/feed.ts",
    text: "UPDATE owner_feeds SET seq = seq + ${events.length} WHERE owner_id = ${feed.ownerId} RETURNING seq",
    replacement: "SELECT nextval('submits_id_seq') + ${events.length} AS seq",
    tests: ["packages/db/src/read-feed.test.ts"],
  },
  "limits-lock": {
    guard: "submits of one owner are counted one after another",
    file: "packages/db/src/feed.ts",
    text: "FROM owner_feeds WHERE owner_id = ${ownerId} FOR UPDATE",
    replacement: "FROM owner_feeds WHERE owner_id = ${ownerId}",
    tests: [submit],
  },
  "address-lock": {
    guard: "submits of guests at one address are counted one after another",
    file: "packages/db/src/submit-jobs.ts",
    text: "if (addressKey !== null) await tx`SELECT pg_advisory_xact_lock(hashtextextended(${addressKey}, 0))`;",
    replacement: "",
    tests: [submit],
  },
  "idempotency-known": {
    guard: "a repeated key is answered with the job it made",
    file: "packages/db/src/submit-jobs.ts",
    text: "if (rows.length === 0) return null;",
    replacement: "if (rows.length >= 0) return null;",
    tests: [submit],
  },
  "idempotency-conflict": {
    guard: "a repeated key with other inputs is refused",
    file: "packages/db/src/submit-jobs.ts",
    text: "if (row === undefined || row.inputsHash !== job.inputsHash) {",
    replacement: "if (row === undefined) {",
    tests: [submit],
  },
  "depth-lock": {
    guard: "near its bound the queue is filled one submit after another",
    file: "packages/db/src/submit-limits.ts",
    text: "await tx`SELECT pg_advisory_xact_lock(hashtextextended('queue depth', 0))`;",
    replacement: "",
    tests: [submit],
  },
  "felled-workers": {
    guard: "a job that three workers died over is not tried again",
    file: "packages/db/src/expire-leases.ts",
    text: "if (await hasFelledWorkers(tx, jobId)) {",
    replacement: "if ((await hasFelledWorkers(tx, jobId)) && false) {",
    tests: [maintain],
  },
  "leader-wait": {
    guard: "nothing expires for one lease after maintenance was away",
    file: "packages/db/src/maintain.ts",
    text: "CASE WHEN m.ticked_at < now() - ${silence} THEN ${postponed} ELSE m.expire_after END",
    replacement: "m.expire_after",
    tests: [maintain],
  },
  "leader-alive": {
    guard: "no lease expires while maintenance is away",
    file: "packages/db/src/fragments.ts",
    text: "WHERE now() > expire_after AND ticked_at > now() - ${interval(sql, (leaseSeconds * 2) / 3)})",
    replacement: "WHERE now() > expire_after)",
    tests: [claim],
  },
  "given-up-key": {
    guard: "a job whose worker and backend died together gets its own key",
    file: "packages/db/src/maintain.ts",
    text: ".filter(({ jobId }) => !leaving.has(jobId))",
    replacement: "",
    tests: [maintain],
  },
  reconciler: {
    guard: "a waiting job that Redis does not know is pushed",
    file: "apps/worker/src/maintenance.ts",
    text: "if (lost.length > 0) {",
    replacement: "if (lost.length < 0) {",
    tests: [adoption],
    only: "not told of a job",
  },
  "reconciler-key": {
    guard: "a job that waits under a key that is no longer its own is pushed",
    file: "apps/worker/src/maintenance.ts",
    text: "waiting.get(jobId)?.capabilityKey !== capabilityKey",
    replacement: "!waiting.has(jobId)",
    tests: [adoption],
    only: "given up on",
  },
  "dispatch-record": {
    guard: "a prompt is on record before ComfyUI is sent it",
    file: "apps/worker/src/dispatch-prompt.ts",
    text: "    const isOurs = await retrying(() =>",
    replacement: "    await client.submit({ graph, promptId });\n    const isOurs = await retrying(() =>",
    tests: ["apps/worker/src/worker.test.ts"],
    only: "on record with its prompt",
  },
  "late-post": {
    guard: "a process that was stopped asks for its job again before it sends the prompt",
    file: "apps/worker/src/dispatch-prompt.ts",
    text: "while (performance.now() - recordedAt > leaseSeconds * 500)",
    replacement: "while (performance.now() < recordedAt)",
    tests: [adoption],
    only: "sends no prompt for a job that it has lost",
  },
  "adopt-first": {
    guard: "a prompt that an earlier attempt left is asked for before a new one is sent",
    file: "apps/worker/src/run-job.ts",
    text: "(await adoptPrompt(attempt, client)) ?? ",
    replacement: "",
    tests: [adoption],
    only: "nothing runs twice",
  },
  epoch: {
    guard: "a wiped queue takes nothing until it is rebuilt",
    file: "packages/queue/src/scripts/enqueue.lua",
    text: 'if redis.call("EXISTS", epochKey) == 0 then return "EPOCH_MISSING" end\n',
    replacement: "",
    tests: [queue],
  },
  "rebuild-once": {
    guard: "of two rebuilds only the first fills the queue",
    file: "packages/queue/src/scripts/rebuild.lua",
    text: 'if ARGV[3] ~= "1" and redis.call("EXISTS", epochKey) == 1 then return 0 end\n',
    replacement: "",
    tests: [queue],
  },
  membership: {
    guard: "a job that waits is not enqueued twice",
    file: "packages/queue/src/scripts/prelude.lua",
    text: 'if redis.call("HSETNX", membersKey, jobId, member) == 0 then return 0 end',
    replacement: 'redis.call("HSET", membersKey, jobId, member)',
    tests: [queue],
  },
  rotation: {
    guard: "the owner who was served goes to the end of the ring",
    file: "packages/queue/src/scripts/take.lua",
    text: 'redis.call("RPUSH", ringKey, owner)',
    replacement: 'redis.call("LPUSH", ringKey, owner)',
    tests: [queue],
  },
  "max-passes": {
    guard: "a job is not passed over for a warm model for ever",
    file: "packages/queue/src/scripts/take.lua",
    text: "if isPassed(jobId, maxPasses) then return give(first, {}) end",
    replacement: "",
    tests: ["packages/queue/src/queue-capability.test.ts"],
  },
  "hub-order": {
    guard: "the hub subscribes before it reads",
    file: "packages/queue/src/hub/owner-feed.ts",
    text: "    await acknowledged;\n    const { head, events } = await reader.tail(ownerId);",
    replacement: "    const { head, events } = await reader.tail(ownerId);\n    await acknowledged;",
    tests: [hub],
  },
  "hub-gap": {
    guard: "the hub reads what is missing before it goes on",
    file: "packages/queue/src/hub/owner-feed.ts",
    text: "if (this.#isStarted && owned.ownerSeq === this.#seq + 1) {",
    replacement: "if (this.#isStarted) {",
    tests: [hub],
  },
  "hub-stale": {
    guard: "the hub drops progress of an earlier version or attempt",
    file: "packages/queue/src/hub/job-table.ts",
    text: "event.version < row.version || event.attempt < row.attempt",
    replacement: "false",
    tests: ["packages/queue/src/hub-transient.test.ts"],
  },
  "preview-attempt": {
    guard: "a preview of another attempt is none",
    file: "packages/queue/src/publisher.ts",
    text: "return kept?.toString() === String(attempt) ? (value ?? null) : null;",
    replacement: "return kept === undefined ? null : (value ?? null);",
    tests: ["packages/queue/src/publisher.test.ts"],
  },
  "preview-ended": {
    guard: "a preview is shown while an attempt works, and no longer",
    file: "packages/db/src/job-records.ts",
    text: "SELECT CASE WHEN j.state IN ('running', 'canceling') THEN j.attempt END AS attempt",
    replacement: "SELECT j.attempt",
    tests: ["apps/web/src/server/preview.test.ts"],
    only: "neither to the next attempt nor after the end",
  },
  "preview-owner": {
    guard: "a preview is given to those alone who may see the job",
    file: "apps/web/src/server/http.ts",
    text: "const work = id.success ? await attemptAtWork(database, { jobId: id.data, ownerIds }) : null;",
    replacement: "const work = id.success ? await attemptAtWork(database, { jobId: id.data, ownerIds: null }) : null;",
    tests: ["apps/web/src/server/preview.test.ts"],
    only: "not a byte of it to anybody else",
  },
  "submit-allowed": {
    guard: "no job is accepted of a graph with a node that nobody allowed",
    file: "packages/api/src/prepare-job.ts",
    text: "    await assertAllowed(ctx.database, definition.graph);\n",
    replacement: "",
    tests: ["packages/api/src/workflows/edit-workflow.test.ts"],
    only: "however it came here",
  },
  "draft-hidden": {
    guard: "nobody without a role runs a draft of a published workflow",
    file: "packages/api/src/find-workflow.ts",
    text: " || record.versionPublishedAt === null",
    replacement: "",
    tests: ["packages/api/src/workflows/edit-workflow.test.ts"],
    only: "is nobody's until it is published",
  },
  "save-lock": {
    guard: "of two versions made from the same one, one is saved",
    file: "packages/db/src/save-workflow.ts",
    text: " FOR UPDATE`;",
    replacement: "`;",
    tests: ["packages/api/src/workflows/edit-workflow.test.ts"],
    only: "made from the newest one only",
  },
  "hub-ended": {
    guard: "the hub drops progress of a job that ended",
    file: "packages/queue/src/hub/job-table.ts",
    text: "isTerminal(row.state) || event.version",
    replacement: "event.version",
    tests: ["packages/queue/src/hub-transient.test.ts"],
  },
};
