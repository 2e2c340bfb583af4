import type { Mutant } from "./mutant.ts";

const account = "packages/api/src/routers/account.test.ts";
const outputs = "apps/web/src/server/routes/outputs.test.ts";
const remove = "packages/db/src/removal/remove-job.test.ts";
const sweep = "apps/worker/src/sweep-files.test.ts";

/** Guarded here: what may be removed, by whom, and what removal leaves alone. */
export const removalMutants: Readonly<Record<string, Mutant>> = {
  "remove-output-owner": {
    guard: "nobody removes someone else's output",
    file: "packages/db/src/removal/remove-output.ts",
    text: "(ownerIds !== null && !ownerIds.includes(feed.ownerId))",
    replacement: "false",
    tests: ["packages/api/src/jobs/remove.test.ts"],
    only: "one output of an ended job",
  },
  "remove-output-ended": {
    guard: "an output of a job that has not ended is not removed",
    file: "packages/db/src/removal/remove-output.ts",
    text: "    assertEnded(job.state);\n",
    replacement: "",
    tests: ["packages/api/src/jobs/remove.test.ts"],
    only: "one output of an ended job",
  },
  "remove-upload-owner": {
    guard: "nobody removes someone else's upload",
    file: "packages/db/src/removal/remove-upload.ts",
    text: "(ownerIds !== null && !ownerIds.includes(upload.ownerId))",
    replacement: "false",
    tests: ["packages/api/src/routers/account.test.ts"],
    only: "uploads are listed and removed",
  },
  "remove-upload-in-use": {
    guard: "an upload that a job takes which has not ended is not removed",
    file: "packages/db/src/removal/remove-upload.ts",
    text: 'if (await isInUse(tx, { ownerId, key: "uploadId", ids: [uploadId] })) {',
    replacement: 'if (await isInUse(tx, { ownerId, key: "outputId", ids: [uploadId] })) {',
    tests: ["packages/api/src/routers/account.test.ts"],
    only: "uploads are listed and removed",
  },
  "upload-owner": {
    guard: "an upload is shown to those alone who may see it",
    file: "apps/web/src/server/routes/uploads.ts",
    text: "const ownerIds = visibleOwners(exchange.identity.principal);",
    replacement: "const ownerIds = null;",
    tests: [outputs],
    only: "an upload is shown to its owner alone",
  },
  "remove-ended": {
    guard: "a job that has not ended is not removed",
    file: "packages/db/src/removal/remove-job.ts",
    text: "    assertEnded(job.state);\n",
    replacement: "",
    tests: [remove],
  },
  "remove-owner": {
    guard: "nobody removes someone else's job",
    file: "packages/db/src/removal/remove-job.ts",
    text: " || (ownerIds !== null && !ownerIds.includes(feed.ownerId))",
    replacement: "",
    tests: [remove],
  },
  "remove-once": {
    guard: "a job is removed once, with one event",
    file: "packages/db/src/removal/remove-job.ts",
    text: " AND removed_at IS NULL FOR UPDATE",
    replacement: " FOR UPDATE",
    tests: [remove],
  },
  "remove-in-use": {
    guard: "a picture that a waiting job takes is not removed",
    file: "packages/db/src/removal/remove-job.ts",
    text: 'if (await isInUse(tx, { ownerId: feed.ownerId, key: "outputId", ids: job.outputIds })) {',
    replacement: "if (job.outputIds.length < 0) {",
    tests: [remove],
  },
  "remove-quota": {
    guard: "what was removed counts in the hour's quota",
    file: "packages/db/src/steps/usage.sql",
    text: "owner_id = the_owner AND created_at > now() - interval '1 hour'\n",
    replacement: "owner_id = the_owner AND removed_at IS NULL AND created_at > now() - interval '1 hour'\n",
    tests: [remove],
  },
  "removed-hidden": {
    guard: "a removed job is nobody's, operators included",
    file: "packages/db/src/reads/job-view.ts",
    text: "? sql`j.removed_at IS NULL`",
    replacement: "? sql`true`",
    tests: [remove],
  },
  "removed-listed": {
    guard: "a removed job is in no list",
    file: "packages/db/src/reads/newest-jobs.ts",
    text: "let condition = sql`j.removed_at IS NULL`;",
    replacement: "let condition = sql`true`;",
    tests: [remove],
  },
  "removed-prompt": {
    guard: "what is left of a removed job stays while a backend may hold its prompt",
    file: "packages/db/src/maintenance/retention.ts",
    text: "        AND NOT EXISTS (SELECT 1 FROM dispatches d WHERE d.job_id = j.id AND d.closed_at IS NULL)\n",
    replacement: "",
    tests: [remove],
  },
  "removed-owner": {
    guard: "nothing is submitted for an owner that was removed",
    file: "packages/db/src/steps/submit.sql",
    text: '  IF address.is_removed THEN RETURN \'{"type": "removed"}\'; END IF;\n',
    replacement: "",
    tests: [account],
  },
  "remove-account-ended": {
    guard: "an account whose jobs have not ended is not removed",
    file: "packages/db/src/removal/remove-owner.ts",
    text: "if ((facts?.open ?? 0) > 0) {",
    replacement: "if ((facts?.open ?? 0) < 0) {",
    tests: [account],
  },
  "remove-account-other": {
    guard: "nobody but an operator removes somebody else's account",
    file: "packages/api/src/routers/account.ts",
    text: "seesEveryJob(principal) ? await ownerById(database, ownerId) : null",
    replacement: "await ownerById(database, ownerId)",
    tests: [account],
  },
  "sweep-uploads": {
    guard: "a file that an upload names is not removed",
    file: "packages/db/src/files/unnamed-files.ts",
    text: "      AND NOT EXISTS (SELECT 1 FROM uploads WHERE storage_key = asked.file)",
    replacement: "",
    tests: [sweep],
  },
  "remove-young": {
    guard: "a file that was stored again since it was listed is not removed",
    file: "packages/storage/src/disk-storage.ts",
    text: "const isYoung = mtime >= storedBefore;",
    replacement: "const isYoung = mtime < new Date(0);",
    tests: ["packages/storage/src/storage.test.ts"],
    only: "unless it was stored again since",
  },
};
