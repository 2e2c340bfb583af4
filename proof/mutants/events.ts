// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what is replaced is source code.

import type { Mutant } from "./mutant.ts";

const hub = "packages/queue/src/hub/hub.test.ts";
const publisher = "packages/queue/src/pubsub/publisher.test.ts";
const transient = "packages/queue/src/hub/transient.test.ts";
const interleaving = "packages/queue/src/hub/interleaving.test.ts";

/** Guarded here: what reaches those who watch. */
export const eventsMutants: Readonly<Record<string, Mutant>> = {
  "owner-seq": {
    guard: "events are numbered under the lock of the feed's row",
    file: "packages/db/src/steps/append-events.sql",
    text: "UPDATE owner_feeds SET seq = seq + added WHERE owner_id = owners[i] RETURNING seq INTO STRICT last;",
    replacement: "SELECT nextval('submits_id_seq') + added INTO last;",
    tests: ["packages/db/src/feed/read-feed.test.ts"],
  },
  "progress-fence": {
    guard: "an older attempt's progress never replaces a newer one's",
    file: "packages/queue/src/scripts/keep-latest.lua",
    text: 'if tonumber(redis.call("HGET", KEYS[1], "attempt") or "0") > tonumber(ARGV[1]) then return 0 end\n',
    replacement: "",
    tests: [publisher],
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
    tests: [transient],
  },
  "hub-ended": {
    guard: "the hub drops progress of a job that ended",
    file: "packages/queue/src/hub/job-table.ts",
    text: "row.isOver || event.version",
    replacement: "event.version",
    tests: [transient],
  },
  "hub-unknown": {
    guard: "the hub asks Postgres about a job it knows nothing of",
    file: "packages/queue/src/hub/owner-feed.ts",
    text: "for (const job of found) this.#jobs.seed(job);",
    replacement: 'for (const [, event] of held) this.#jobs.seed({ ...event, state: "running" });',
    tests: [transient],
    only: "more events ago than a hub looks back",
  },
  "hub-snapshot": {
    guard: "the hub believes a snapshot only if it has every event since",
    file: "packages/queue/src/hub/owner-feed.ts",
    text: "if (this.since(seq) !== null) {",
    replacement: "if (seq >= 0) {",
    tests: [transient],
    only: "since an old snapshot",
  },
  "snapshot-own": {
    guard: "those who ask for their open jobs at the same time are shown nobody else's",
    file: "packages/db/src/reads/snapshot.ts",
    text: "(jobsOf.get(ownerIds[0]) ?? [])",
    replacement: "jobs",
    tests: ["packages/db/src/feed/read-feed.test.ts"],
    only: "their own jobs, and no one else's",
  },
  "snapshot-patience": {
    guard: "whoever asks for open jobs while Postgres stands still does not wait for those before as well",
    file: "packages/db/src/reads/snapshot.ts",
    text: "{ patienceMs: PATIENCE_MS }",
    replacement: "{}",
    tests: ["packages/db/src/feed/read-feed.test.ts"],
    only: "does not wait for another's",
  },
  "hub-ahead": {
    guard: "a reader that knows more than the hub goes live when the hub knows it too",
    file: "packages/queue/src/hub/subscription.ts",
    text: "if (place.seq > feed.seq) await feed.fill();",
    replacement: "",
    tests: [transient],
    only: "knows more than the hub",
  },
  "hub-latest": {
    guard: "progress that waited for a read does not come out after a newer one",
    file: "packages/queue/src/hub/owner-feed.ts",
    text: 'if (verdict === "fresh") this.#held.delete(transientKey(event));',
    replacement: "",
    tests: [interleaving],
    only: "found each fault",
  },
  "hub-removed": {
    guard: "the hub drops progress of a job that was removed, also if its end was forgotten",
    file: "packages/queue/src/hub/job-table.ts",
    text: "isOver: isAfterEnd(event)",
    replacement: "isOver: (row?.isOver ?? false) || (isAfterEnd(event) && event.type !== 'job.removed')",
    tests: [transient],
  },
  "preview-attempt": {
    guard: "a preview of another attempt is none",
    file: "packages/queue/src/pubsub/publisher.ts",
    text: "return kept?.toString() === String(attempt) ? (value ?? null) : null;",
    replacement: "return kept === undefined ? null : (value ?? null);",
    tests: [publisher],
  },
  "preview-ended": {
    guard: "a preview is shown while an attempt works, and no longer",
    file: "packages/db/src/reads/job-timeline.ts",
    text: "SELECT CASE WHEN j.state IN ('running', 'canceling') THEN j.attempt END AS attempt",
    replacement: "SELECT j.attempt",
    tests: ["apps/web/src/server/routes/preview.test.ts"],
    only: "neither to the next attempt nor after the end",
  },
};
