import { createHash, randomUUID } from "node:crypto";
import { mkdir, mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Database } from "@darkroom/db";
import { createTestDatabase } from "@darkroom/db/testing";
import { expect, inject, onTestFinished, test } from "vitest";
import type { AuditSource } from "./audit/evidence.ts";
import { audit, type Violations } from "./audit.ts";
import { appendLine, readLines } from "./journal.ts";
import { type FaultLine, type FeedLine, files, type SeenEvent } from "./records.ts";

const ownerId = randomUUID();
const jobId = randomUUID();
const canceledId = randomUUID();
const batchId = randomUUID();
const promptId = randomUUID();
const picture = Buffer.from(`PNG … "filename_prefix": "darkroom/${jobId}-2" …`);
const sha256 = createHash("sha256").update(picture).digest("hex");
const storageKey = `${sha256.slice(0, 2)}/${sha256.slice(2, 4)}/${sha256}`;

/** The feed of a job that a worker lost and another finished, and of one that was canceled; both of one batch. */
const feed: readonly SeenEvent[] = [
  { type: "job.queued", jobId, version: 1, attempt: 0 },
  { type: "job.queued", jobId: canceledId, version: 1, attempt: 0 },
  { type: "job.started", jobId, version: 2, attempt: 1 },
  { type: "job.retried", jobId, version: 3, attempt: 1 },
  { type: "job.canceled", jobId: canceledId, version: 2, attempt: 0 },
  { type: "job.started", jobId, version: 4, attempt: 2 },
  { type: "output.created", jobId, version: 5, attempt: 2 },
  { type: "job.succeeded", jobId, version: 6, attempt: 2 },
  { type: "batch.settled", batchId },
];

interface Scene {
  readonly folder: string;
  readonly storageFolder: string;
  readonly sql: Database["sql"];
  note(name: string, line: object): void;
}

/** Everything that a run without a fault leaves. */
async function clean(): Promise<Scene & AuditSource> {
  const { database, drop } = await createTestDatabase(inject("postgresUrl"));
  const folder = await mkdtemp(join(tmpdir(), "darkroom-audit-"));
  onTestFinished(async () => {
    await drop();
    await rm(folder, { recursive: true, force: true });
  });
  const { sql } = database;
  const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second));
  await sql`INSERT INTO owners (id, kind) VALUES (${ownerId}, 'guest')`;
  await sql`INSERT INTO owner_feeds (owner_id, seq) VALUES (${ownerId}, ${feed.length})`;
  await sql`INSERT INTO batches (id, owner_id, open, succeeded, canceled) VALUES (${batchId}, ${ownerId}, 0, 1, 1)`;
  const workflowId = randomUUID();
  const versionId = randomUUID();
  await sql`INSERT INTO workflows (id, slug, name, description) VALUES (${workflowId}, 'audited', '', '')`;
  await sql`
    INSERT INTO workflow_versions (id, workflow_id, number, name, description, graph, parameters, bindings, outputs)
    VALUES (${versionId}, ${workflowId}, 1, '', '', '{}', '[]', '[]', '[]')`;
  for (const job of [
    { id: jobId, key: "k#0", state: "succeeded", version: 6, attempt: 2 },
    { id: canceledId, key: "k#1", state: "canceled", version: 2, attempt: 0 },
  ])
    await sql`
      INSERT INTO jobs (id, owner_id, batch_id, workflow_id, workflow_version_id, idempotency_key, inputs_hash, inputs,
        priority, state, version, attempt, run_after, capability, capability_key, created_at, queued_at, changed_at)
      VALUES (${job.id}, ${ownerId}, ${batchId}, ${workflowId}, ${versionId}, ${job.key}, '', '{}', 'normal',
        ${job.state}, ${job.version}, ${job.attempt}, now(), '{}', '', now(), now(), now())`;
  for (const [index, event] of feed.entries()) {
    const payload = sql.json({
      ...event,
      ...(event.type === "batch.settled" && { counts: { succeeded: 1, failed: 0, canceled: 1 } }),
    });
    await sql`
      INSERT INTO job_events (owner_id, owner_seq, job_id, version, attempt, type, payload, at)
      VALUES (${ownerId}, ${index + 1}, ${event.jobId ?? null}, ${event.version ?? null}, ${event.attempt ?? null},
        ${event.type}, ${payload}, ${at(index)})`;
  }
  for (const [attempt, startedAt] of [
    [1, at(2)],
    [2, at(5)],
  ] as const)
    await sql`
      INSERT INTO attempts (job_id, attempt, worker_id, backend_id, started_at)
      VALUES (${jobId}, ${attempt}, 'w', 'b', ${startedAt})`;
  await sql`
    INSERT INTO dispatches (prompt_id, job_id, attempt, backend_id, client_id, dispatched_at)
    VALUES (${promptId}, ${jobId}, 1, 'b', 'c', ${at(3)})`;
  await sql`
    INSERT INTO outputs (id, job_id, attempt, ordinal, owner_id, sha256, storage_key, kind, mime_type, size_bytes, created_at)
    VALUES (${randomUUID()}, ${jobId}, 2, 0, ${ownerId}, ${sha256}, ${storageKey}, 'image', 'image/png',
      ${picture.length}, ${at(6)})`;

  const storageFolder = join(folder, "storage");
  await mkdir(dirname(join(storageFolder, storageKey)), { recursive: true });
  await writeFile(join(storageFolder, storageKey), picture);
  const note = (name: string, line: object) => appendLine(join(folder, name), line);
  note(files.keys, { ownerId, key: "k", jobs: 2 });
  note(files.answers, { ownerId, key: "k", jobIds: [jobId, canceledId] });
  note(files.cancels, { jobId: canceledId, state: "canceled" });
  note(files.feed(0), { type: "watches", ownerId } satisfies FeedLine);
  note(files.feed(0), { type: "snapshot", reset: false, jobs: 0 } satisfies FeedLine);
  for (const event of feed) note(files.feed(0), { type: "event", event } satisfies FeedLine);
  note("simulator-1.ledger.jsonl", { at: 1, process: "a", type: "opened" });
  note("simulator-1.ledger.jsonl", { at: 2, process: "a", type: "submitted", promptId });
  note("simulator-1.ledger.jsonl", { at: 3, process: "a", type: "ended", promptId, outcome: "success" });
  const pathOf = (key: string) => join(storageFolder, key);
  return { databaseUrl: database.url, folder, storageFolder, pathOf, sql, note };
}

/** The columns that have anything in them. */
async function found(scene: Awaited<ReturnType<typeof clean>>): Promise<(keyof Violations)[]> {
  const { violations } = await audit(scene);
  const names = Object.keys(violations) as (keyof Violations)[];
  return names.filter((name) => violations[name].length > 0);
}

test("a run without a fault is clean, and is counted", async () => {
  const scene = await clean();
  expect(await found(scene)).toEqual([]);
  expect(await audit(scene)).toMatchObject({
    accepted: 2,
    succeeded: 1,
    failed: 0,
    canceled: 1,
    prompts: 1,
    outputs: 1,
  });
});

const otherPrompt = randomUUID();
const ledger = "simulator-1.ledger.jsonl";

/** Also told to the subscriber, so that nothing but the event itself is wrong. */
async function appendEvent({ sql, note }: Scene, event: SeenEvent): Promise<void> {
  await sql`UPDATE owner_feeds SET seq = seq + 1`;
  await sql`
    INSERT INTO job_events (owner_id, owner_seq, job_id, version, attempt, type, payload, at)
    SELECT ${ownerId}, seq, ${event.jobId ?? null}, ${event.version ?? null}, ${event.attempt ?? null}, ${event.type},
      ${sql.json({ ...event })}, now() FROM owner_feeds`;
  await sql`UPDATE jobs SET version = version + 1 WHERE id = ${event.jobId ?? null}`;
  note(files.feed(0), { type: "event", event } satisfies FeedLine);
}

/** The job's prompt once more, under another id. */
async function dispatchAgain({ sql, note }: Scene, at: number, process: string): Promise<void> {
  await sql`
    INSERT INTO dispatches (prompt_id, job_id, attempt, backend_id, client_id, dispatched_at)
    VALUES (${otherPrompt}, ${jobId}, 2, 'b', 'c', now())`;
  note(ledger, { at, process, type: "submitted", promptId: otherPrompt });
}

/** What the subscriber received, changed. */
async function receive({ folder, note }: Scene, change: (lines: FeedLine[]) => void): Promise<void> {
  const file = join(folder, files.feed(0));
  const lines = readLines<FeedLine>(file);
  change(lines);
  await rm(file);
  for (const line of lines) note(files.feed(0), line);
}

const planted: readonly [keyof Violations, string, (scene: Scene) => unknown][] = [
  [
    "lost",
    "an accepted job that is not there",
    ({ note }) => note(files.answers, { ownerId, key: "k", jobIds: [jobId, randomUUID()] }),
  ],
  ["lost", "a submit without an answer", ({ note }) => note(files.keys, { ownerId, key: "other", jobs: 1 })],
  [
    "lost",
    "an accepted job that belongs to another",
    ({ note }) => note(files.answers, { ownerId: randomUUID(), key: "k", jobIds: [jobId] }),
  ],
  ["stuck", "a job that did not end", ({ sql }) => sql`UPDATE jobs SET state = 'canceling' WHERE id = ${jobId}`],
  ["duplicated", "a second end", (scene) => appendEvent(scene, { type: "job.failed", jobId, version: 7, attempt: 2 })],
  [
    "duplicated",
    "an event after the end",
    (scene) => appendEvent(scene, { type: "job.retried", jobId, version: 7, attempt: 2 }),
  ],
  ["duplicated", "an end that its event does not tell", ({ sql }) => sql`UPDATE jobs SET state = 'failed'`],
  ["duplicated", "an end that was told and changed", ({ note }) => note(files.cancels, { jobId, state: "canceled" })],
  [
    "duplicated",
    "two jobs for one key",
    ({ sql }) => sql`
      INSERT INTO jobs SELECT (jsonb_populate_record(j, jsonb_build_object('id', ${randomUUID()}::text,
        'idempotency_key', 'k#2', 'version', 0))).* FROM jobs j WHERE id = ${jobId}`,
  ],
  ["duplicated", "a job that nobody asked for", ({ folder }) => writeFile(join(folder, files.keys), "")],
  ["duplicated", "one key with two answers", ({ note }) => note(files.answers, { ownerId, key: "k", jobIds: [jobId] })],
  [
    "stale",
    "an event of an attempt that was over",
    async (scene) => {
      await scene.sql`UPDATE job_events SET attempt = 1 WHERE type = 'output.created'`;
    },
  ],
  [
    "stale",
    "a stage of an attempt that had given the job back",
    ({ sql }) => sql`UPDATE job_events SET type = 'job.staged' WHERE type = 'job.started' AND attempt = 2`,
  ],
  [
    "stale",
    "an output of an attempt that was over",
    ({ sql }) => sql`
      INSERT INTO outputs SELECT (jsonb_populate_record(o, jsonb_build_object('id', ${randomUUID()}::text,
        'attempt', 1))).* FROM outputs o`,
  ],
  ["repeated", "a prompt sent again while its server knew the first", (scene) => dispatchAgain(scene, 4, "a")],
  [
    "repeated",
    "one prompt id sent twice",
    ({ note }) => note(ledger, { at: 3, process: "a", type: "submitted", promptId }),
  ],
  [
    "repeated",
    "a prompt that was not recorded before it was sent",
    ({ note }) => note(ledger, { at: 1, process: "a", type: "submitted", promptId: randomUUID() }),
  ],
  ["untrue", "a success whose prompt failed", ({ folder }) => writeFile(join(folder, ledger), "")],
  ["untrue", "a success without a picture", ({ sql }) => sql`DELETE FROM outputs`],
  [
    "untrue",
    "a failure without a reason",
    ({ sql }) => sql`UPDATE jobs SET state = 'failed', failure = '{"code": "INTERNAL"}' WHERE id = ${jobId}`,
  ],
  ["gaps", "a version that is missing", ({ sql }) => sql`UPDATE jobs SET version = 7 WHERE id = ${jobId}`],
  ["gaps", "a number of the feed that is missing", ({ sql }) => sql`UPDATE owner_feeds SET seq = seq + 1`],
  ["batches", "a batch that was never settled", ({ sql }) => sql`DELETE FROM job_events WHERE type = 'batch.settled'`],
  ["batches", "a batch with a wrong count", ({ sql }) => sql`UPDATE batches SET succeeded = 2`],
  ["subscribers", "an event that was missed", (scene) => receive(scene, (lines) => void lines.splice(5, 1))],
  [
    "subscribers",
    "an event that came twice",
    (scene) => receive(scene, (lines) => void lines.splice(5, 0, ...lines.slice(4, 5))),
  ],
  [
    "subscribers",
    "two events in the wrong order",
    (scene) => receive(scene, (lines) => void lines.splice(4, 2, ...lines.slice(4, 6).reverse())),
  ],
  ["subscribers", "an end that never arrived", (scene) => receive(scene, (lines) => void lines.splice(-2))],
  [
    "subscribers",
    "a subscriber that was told to begin again",
    ({ note }) => note(files.feed(0), { type: "snapshot", reset: true, jobs: 0 }),
  ],
  ["files", "a file that is missing", ({ storageFolder }) => rm(join(storageFolder, storageKey))],
  ["files", "a file that was cut short", ({ storageFolder }) => truncate(join(storageFolder, storageKey), 10)],
  ["files", "the picture of another job", ({ sql }) => sql`UPDATE outputs SET job_id = ${canceledId}`],
  [
    "crashed",
    "a process that ended by itself",
    ({ note }) => note(files.crashes, { part: "web-1", how: "exit code 1" }),
  ],
  ["errors", "an answer of 500", ({ note }) => note(files.errors, { procedure: "job.submit", status: 500, body: {} })],
];

test.each(planted)("the auditor finds it %s: %s", async (column, _what, plant) => {
  const scene = await clean();
  await plant(scene);
  expect(await found(scene)).toContain(column);
});

test("a prompt may run again once its server has forgotten it", async () => {
  const scene = await clean();
  scene.note(ledger, { at: 4, process: "b", type: "opened" });
  await dispatchAgain(scene, 5, "b");
  expect(await found(scene)).toEqual([]);
});

const downAt = (at: number, link: string): FaultLine => ({
  ...{ at, kind: "link", link, toxics: { link: "down" } },
  ...{ name: "a link is down", atMs: 0, forMs: 1 },
});

test("a prompt may run again once its server refused connections, and not for another server's or another time", async () => {
  const scene = await clean();
  await dispatchAgain(scene, 6, "a");
  for (const fault of [downAt(0, "simulator-1"), downAt(4, "simulator-2"), downAt(8, "simulator-1")])
    scene.note(files.faults, fault);
  expect(await found(scene)).toEqual(["repeated"]);
  scene.note(files.faults, downAt(4, "simulator-1"));
  expect(await found(scene)).toEqual([]);
});

test("a prompt may run again once its server was killed, also before it is back", async () => {
  const scene = await clean();
  await dispatchAgain(scene, 6, "b");
  expect(await found(scene)).toEqual(["repeated"]);
  const fault: FaultLine = { kind: "kill", part: "simulator-1", name: "kill", at: 5, atMs: 0, forMs: 2 };
  scene.note(files.faults, fault);
  expect(await found(scene)).toEqual([]);
});
