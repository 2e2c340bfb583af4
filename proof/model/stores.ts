import { type DurableEvent, isCustom, type OwnedEvent } from "@darkroom/contracts";
import { createDatabase, type Database, seedWorkflows, type WorkflowRecord, workflowBy } from "@darkroom/db";
import { createTestDatabase } from "@darkroom/db/testing";
import { createKeys, createPublisher, createQueue, type Publisher, type Queue } from "@darkroom/queue";
import { testPrefix } from "@darkroom/queue/testing";
import { Redis } from "ioredis";
import { definition } from "../../packages/db/src/testing/setup.ts";
import { clockStart, type EventGist, type Rows } from "./job-reference/tables.ts";
import type { QueueReference } from "./queue-reference.ts";

/** The real Postgres and the real Redis under test, with a clock that only moves when it is told to. */
export interface Stores {
  readonly database: Database;
  readonly workflow: WorkflowRecord;
  readonly redis: Redis;
  readonly queue: Queue;
  readonly publisher: Publisher;
  /** Everything as it was at the beginning. */
  reset(): Promise<void>;
  passTime(seconds: number): Promise<void>;
  /** What Postgres holds now and the events after `seqs`. */
  peek(seqs: ReadonlyMap<string, number>): Promise<Look>;
  /** The same; and moves the clock on by a millisecond. */
  look(seqs: ReadonlyMap<string, number>): Promise<Look>;
  /** Forgets every key, as FLUSHALL would. */
  flush(): Promise<void>;
  /** The keys of the queue that are there, those of these owners' lanes too. */
  queueKeys(ownerIds: readonly string[]): Promise<{ all: string[]; lists: string[]; members: string }>;
  /** What waits in Redis, read key by key. */
  readQueue(ownerIds: readonly string[]): Promise<Parameters<QueueReference["adopt"]>[0]>;
  close(): Promise<void>;
}

export interface Look {
  readonly rows: Rows;
  readonly events: EventGist[];
}

/** Stores of their own: a new database, and keys under a new prefix. */
export async function openStores(urls: { postgresUrl: string; redisUrl: string }): Promise<Stores> {
  const { database: plain, url, drop } = await createTestDatabase(urls.postgresUrl);
  await seedWorkflows(plain, [definition]);
  const workflow = await workflowBy(plain, { idOrSlug: definition.slug });
  if (workflow === null) throw new Error("the workflow was not seeded");
  await installClock(plain, url);
  const database = createDatabase(url, { max: 4, applicationName: "model" });
  const { sql } = database;

  // Not by the product's policy, whose timeouts a busy machine can reach: Redis is away when the model says so.
  const redis = new Redis(urls.redisUrl);
  const keys = createKeys(testPrefix());
  const queue = createQueue(redis, keys);
  const lanesOf = (ownerIds: readonly string[]): string[] =>
    ownerIds.flatMap((ownerId) => ["h", "n", "l"].map((priority) => keys.lane(ownerId, priority)));
  const there = async (names: readonly string[]): Promise<string[]> => {
    const found = await Promise.all(names.map((name) => redis.exists(name)));
    return names.filter((_, index) => found[index] === 1);
  };
  const flush = async (): Promise<void> => {
    const found = await redis.keys(`{${keys.prefix}}:*`);
    if (found.length > 0) await redis.del(...found);
  };

  async function look(seqs: ReadonlyMap<string, number>, passingMs: number): Promise<Look> {
    const [row] = await sql<[{ rows: Rows; events: OwnedEvent[] }]>`
        WITH moved AS (UPDATE model_clock SET at = at + make_interval(secs => ${passingMs / 1000}))
        SELECT ${rowsOf(sql)} AS rows, (
          SELECT coalesce(jsonb_agg(jsonb_build_object(
            'ownerId', e.owner_id, 'ownerSeq', e.owner_seq, 'event', e.payload) ORDER BY e.owner_id, e.owner_seq), '[]')
          FROM job_events e LEFT JOIN unnest(${[...seqs.keys()]}::uuid[], ${[...seqs.values()]}::bigint[])
            AS c (owner_id, seq) ON c.owner_id = e.owner_id
          WHERE e.owner_seq > coalesce(c.seq, 0)) AS events`;
    return { rows: row.rows, events: row.events.map(gistOf) };
  }

  return {
    database,
    workflow,
    redis,
    queue,
    publisher: createPublisher(redis, keys),
    flush,
    queueKeys: async (ownerIds) => {
      const lists = await there([keys.ring(), ...lanesOf(ownerIds)]);
      const rest = await there([keys.epoch(), keys.owners(), keys.members(), keys.passes()]);
      return { all: [...lists, ...rest], lists, members: keys.members() };
    },
    readQueue: async (ownerIds) => {
      const lanes = await Promise.all(lanesOf(ownerIds).map((lane) => redis.lrange(lane, 0, -1)));
      const jobIds = lanes.flat();
      const entries = await queue.find(jobIds);
      const passes = Object.entries(await redis.hgetall(keys.passes()));
      return {
        ring: await redis.lrange(keys.ring(), 0, -1),
        entries: jobIds.flatMap((jobId) => entries.get(jobId) ?? []),
        passes: new Map(passes.map(([jobId, times]) => [jobId, Number(times)])),
      };
    },
    reset: async () => {
      await flush();
      await sql.unsafe(
        `${[
          "outputs",
          "dispatches",
          "attempts",
          "job_events",
          "jobs",
          "batches",
          "submits",
          "stored_files",
          "usage_days",
          "owner_feeds",
          "owners",
          "slots",
          "backends",
          "capability_decisions",
          "incapable",
          "maintenance",
          "settings",
        ]
          .map((table) => `DELETE FROM ${table};`)
          .join("")}UPDATE model_clock SET at = to_timestamp(${clockStart} / 1000.0)`,
      );
    },
    passTime: async (seconds) => {
      await sql`UPDATE model_clock SET at = at + make_interval(secs => ${seconds})`;
    },
    peek: (seqs) => look(seqs, 0),
    look: (seqs) => look(seqs, 1),
    close: async () => {
      await flush();
      redis.disconnect();
      await database.close();
      await drop();
    },
  };
}

/**
 * Puts a `now()` of ours in front of Postgres' own, for every session that begins after this. The statements under test
 * stay as they are, and leases, delays and silences end exactly when the model says so.
 */
async function installClock({ sql }: Database, url: string): Promise<void> {
  const name = new URL(url).pathname.slice(1);
  await sql.unsafe(`
    CREATE TABLE model_clock (at timestamptz NOT NULL);
    INSERT INTO model_clock VALUES (to_timestamp(${clockStart} / 1000.0));
    CREATE FUNCTION public.now() RETURNS timestamptz LANGUAGE sql STABLE AS 'SELECT at FROM public.model_clock';
    ALTER DATABASE "${name}" SET search_path = public, pg_catalog`);
}

function rowsOf(sql: Database["sql"]) {
  const ms = (column: string) => sql`(extract(epoch FROM ${sql(column)}) * 1000)::bigint`;
  return sql`jsonb_build_object(
    'jobs', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', id, 'state', state, 'stage', stage, 'version', version,
      'attempt', attempt, 'failures', failures, 'infraFailures', infra_failures, 'leaseUntil', ${ms("lease_until")},
      'runAfter', ${ms("run_after")}, 'changedAt', ${ms("changed_at")}, 'startedAt', ${ms("started_at")},
      'adoptBackendId', adopt_backend_id, 'percent', progress->'percent', 'failureCode', failure->>'code',
      'retryOf', retry_of, 'isRemoved', removed_at IS NOT NULL) ORDER BY id), '[]') FROM jobs),
    'attempts', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', job_id, 'attempt', attempt, 'outcome', outcome)
      ORDER BY job_id, attempt), '[]') FROM attempts),
    'dispatches', (SELECT coalesce(jsonb_agg(jsonb_build_object('promptId', prompt_id, 'jobId', job_id,
      'attempt', attempt, 'backendId', backend_id, 'fate', CASE
        WHEN orphaned_at IS NULL AND closed_at IS NULL THEN 'open' WHEN closed_at IS NULL THEN 'orphaned'
        WHEN orphaned_at IS NULL THEN 'closed' ELSE 'orphaned, closed' END) ORDER BY prompt_id::uuid), '[]')
      FROM dispatches),
    'outputs', (SELECT coalesce(jsonb_agg(concat_ws(' ', job_id, attempt, ordinal)
      ORDER BY job_id, attempt, ordinal), '[]') FROM outputs),
    'batches', (SELECT coalesce(jsonb_agg(jsonb_build_object('batchId', id, 'open', open, 'succeeded', succeeded,
      'failed', failed, 'canceled', canceled) ORDER BY id), '[]') FROM batches),
    'slots', (SELECT coalesce(jsonb_agg(jsonb_build_object('backendId', backend_id, 'ordinal', ordinal,
      'holder', holder, 'leaseUntil', ${ms("lease_until")}) ORDER BY backend_id, ordinal), '[]') FROM slots),
    'feeds', (SELECT coalesce(jsonb_agg(jsonb_build_object('ownerId', owner_id, 'seq', seq) ORDER BY owner_id), '[]')
      FROM owner_feeds),
    'backends', (SELECT coalesce(jsonb_agg(jsonb_build_object('backendId', id, 'reachable', reachable,
      'seenAt', ${ms("seen_at")}, 'reachedAt', ${ms("reached_at")}, 'drainingAt', ${ms("draining_at")})
      ORDER BY id), '[]') FROM backends),
    'incapable', (SELECT coalesce(jsonb_agg(jsonb_build_object('capabilityKey', capability_key,
      'since', ${ms("since")}) ORDER BY capability_key), '[]') FROM incapable),
    'isPaused', jsonb_build_array(EXISTS (SELECT 1 FROM settings WHERE key = 'paused' AND value = 'true'::jsonb)))`;
}

function gistOf({ ownerId, ownerSeq, event }: OwnedEvent): EventGist {
  // The model has no operators and no services, so nobody is told of alerts or adds events.
  if (isCustom(event) || event.type === "alert.raised" || event.type === "alert.cleared") throw new Error(event.type);
  const place = { ownerId, ownerSeq, type: event.type, about: aboutOf(event) };
  if (event.type === "batch.settled") return { ...place, id: event.batchId, version: null, attempt: null };
  return { ...place, id: event.jobId, version: event.version, attempt: event.attempt };
}

function aboutOf(event: Exclude<DurableEvent, { type: `alert.${string}` }>): string {
  switch (event.type) {
    case "job.queued":
      return event.batchId ?? "";
    case "job.started":
      return event.backend ?? "";
    case "job.staged":
      return event.stage;
    case "job.retried":
      return event.reason;
    case "job.failed":
      return event.failure.code;
    case "batch.settled":
      return `${event.counts.succeeded} ${event.counts.failed} ${event.counts.canceled}`;
    case "output.created":
    case "output.removed":
    case "output.favorited":
    case "job.removed":
    case "job.canceling":
    case "job.canceled":
    case "job.succeeded":
      return "";
  }
}
