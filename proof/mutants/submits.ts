// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what is replaced is source code.
import type { Mutant } from "./mutant.ts";

const bounded = "packages/db/src/testing/bounded-calls.test.ts";
const steps = "packages/db/src/postgres/steps.test.ts";
const submit = "packages/db/src/jobs/submit-jobs.test.ts";

/** Guarded here: that limits are exact and an idempotency key stands for one request, however many submit at once. */
export const submitsMutants: Readonly<Record<string, Mutant>> = {
  "limits-lock": {
    guard: "submits of one owner are counted one after another",
    file: "packages/db/src/steps/hold-feeds.sql",
    text: "WHERE owner_id = ANY(owners) FOR UPDATE SKIP LOCKED);",
    replacement: "WHERE owner_id = ANY(owners));",
    tests: [submit],
  },
  "address-lock": {
    guard: "submits of guests at one address are counted one after another",
    file: "packages/db/src/steps/submit.sql",
    text: "ELSIF NOT pg_try_advisory_xact_lock(hashtextextended(address.counted, 0)) THEN answers[i] := held; CONTINUE;\n",
    replacement: "",
    tests: [submit],
  },
  "limits-together": {
    guard: "what is stored in the same transaction counts in the limits",
    file: "packages/db/src/steps/submit.sql",
    text: "    own[own_at] := steps.more(own[own_at], (limits IS NOT NULL)::int, adding);\n",
    replacement: "",
    tests: [submit],
  },
  "address-together": {
    guard: "what is stored for an address in the same transaction counts in its limits",
    file: "packages/db/src/steps/submit.sql",
    text: "local[local_at] := steps.more(local[local_at], (limits IS NOT NULL)::int, adding);",
    replacement: "NULL;",
    tests: [submit],
  },
  "keys-together": {
    guard: "a key that is twice in one transaction gives one job, and undoes nobody else's",
    file: "packages/db/src/steps/submit.sql",
    text: "IF own_at < i AND keys && seen THEN answers[i] := held; CONTINUE; END IF;",
    replacement: "",
    tests: [steps],
  },
  "idempotency-known": {
    guard: "a repeated key is answered with the job it made",
    file: "packages/db/src/steps/submit.sql",
    text: "IF known IS NOT NULL THEN",
    replacement: "IF false THEN",
    tests: [submit],
  },
  "idempotency-conflict": {
    guard: "a repeated key with other inputs is refused",
    file: "packages/db/src/jobs/submit-jobs.ts",
    text: "known.inputsHash !== asked.inputsHash || ",
    replacement: "",
    tests: [submit],
  },
  "idempotency-options": {
    guard: "a repeated key with other metadata is refused",
    file: "packages/db/src/jobs/submit-jobs.ts",
    text: "known.isRemoved || isDeepStrictEqual(known.metadata, asStored(asked.metadata))",
    replacement: "true",
    tests: ["packages/api/src/jobs/submit.test.ts"],
    only: "the same key with another priority",
  },
  "idempotency-priority": {
    guard: "a repeated key with another priority is refused, also of a job that was removed",
    file: "packages/db/src/jobs/submit-jobs.ts",
    text: " || known.priority !== asked.priority",
    replacement: "",
    tests: [submit],
    only: "compares a known key's priority",
  },
  "depth-lock": {
    guard: "the queue is counted once whoever was adding to it has ended",
    file: "packages/db/src/steps/has-room.sql",
    text: "    ELSIF NOT pg_try_advisory_xact_lock_shared(depth) THEN RETURN held;\n",
    replacement: "",
    tests: [submit],
    only: "counts the queue only once",
  },
  "depth-alone": {
    guard: "the queue is counted by one at a time",
    file: "packages/db/src/steps/has-room.sql",
    text: "  ELSIF NOT pg_try_advisory_xact_lock(depth) THEN RETURN held;\n",
    replacement: "",
    tests: [submit],
  },
  "depth-again": {
    guard: "what runs may wait again, and has its room kept",
    file: "packages/db/src/steps/has-room.sql",
    text: " + (SELECT count(*) FROM jobs WHERE state IN ('running', 'canceling'))",
    replacement: "",
    tests: [submit],
    only: "lets what runs wait again",
  },
  "waiting-open": {
    guard: "a submit does not look through everybody's queue",
    file: "packages/db/src/steps/usage.sql",
    text: "WHERE owner_id = the_owner AND state IN ('queued', 'running', 'canceling')",
    replacement: "WHERE owner_id = the_owner AND state = 'queued'",
    tests: [steps],
    only: "while thousands of jobs wait",
  },
  "succeeded-owner": {
    guard: "a submit does not look through everybody's ended jobs",
    file: "packages/db/src/steps/usage.sql",
    text: "owner_id = the_owner AND state = (SELECT 'succeeded')",
    replacement: "owner_id = the_owner AND state = 'succeeded'",
    tests: [steps],
    only: "have succeeded than before",
  },
  "succeeded-address": {
    guard: "nor does a guest's",
    file: "packages/db/src/steps/usage.sql",
    text: "(SELECT count(*) FILTER (WHERE state = 'succeeded') FROM jobs\n        WHERE",
    replacement: "(SELECT count(*) FROM jobs WHERE state = 'succeeded' AND",
    tests: [steps],
    only: "have succeeded than before",
  },
  "limits-told": {
    guard: "a plan knows how few jobs of a list are wanted",
    file: "packages/db/src/postgres/sql.ts",
    text: "sql.unsafe(`LIMIT ${Math.trunc(rows)}`)",
    replacement: "sql`LIMIT ${rows}`",
    tests: [bounded],
    only: "of a million jobs",
  },
};
