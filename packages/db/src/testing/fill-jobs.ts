import type { Database } from "../postgres/client.ts";
import { bundledWorkflows } from "../workflows/bundled/index.ts";
import { seedWorkflows } from "../workflows/seed-workflows.ts";
import { createPhrases, PHRASES } from "./prompt-words.ts";

/** The owner of 46,617 jobs in a million. */
export const heavyOwner = "00000000-0000-4000-8000-000000000001";
/** The owner that the `nth` of the others is; the first ones have the most jobs. */
export const otherOwner = (nth: number): string => `00000000-0000-4000-8000-1${String(nth).padStart(11, "0")}`;

/** Jobs that wait and that run when the database is filled; all others have ended. */
const WAITING = 100;
const RUNNING = 4;
/** Events that each job had, of which the last one is still there if the job succeeded within a month. */
const EVENTS_OF_JOB = 5;
/** Jobs of one statement: seconds of work, so that somebody who watches sees that it goes on. */
const JOBS_AT_ONCE = 50_000;

/**
 * Fills an empty, migrated database with the jobs of a year, as plain SQL and thus thousands in a second: 10,000 owners of
 * very different sizes (`heavyOwner` has the most), twenty workflows, every state, prompts in six scripts, a picture
 * and an attempt for each job. Foreign keys are not checked meanwhile, so the role must be a superuser. Statistics are
 * fresh afterwards.
 *
 * @param say is told how many jobs there are so far.
 */
export async function fillJobs(
  database: Database,
  { jobs, owners = 10_000, say = () => undefined }: { jobs: number; owners?: number; say?: (jobs: number) => void },
): Promise<void> {
  await seedWorkflows(database, bundledWorkflows);
  const sql = await database.sql.reserve();
  try {
    await sql`SET statement_timeout = 0`;
    await sql`SET session_replication_role = replica`;
    await sql`SELECT setseed(0.5)`;
    await createPhrases(sql);
    await insertOwners(sql, { owners });
    await insertFleet(sql);
    const indexes = await withoutIndexes(sql);
    for (let first = 1; first <= jobs; first += JOBS_AT_ONCE) {
      const last = Math.min(jobs, first + JOBS_AT_ONCE - 1);
      await insertJobs(sql, { first, last, jobs, owners });
      say(last);
    }
    await insertResults(sql, { jobs });
    await sql`SET maintenance_work_mem = '512MB'`;
    for (const index of indexes) await sql.unsafe(index);
    await sql`RESET maintenance_work_mem`;
    await sql.unsafe("VACUUM (ANALYZE)");
    await sql`RESET session_replication_role`;
    await sql`RESET statement_timeout`;
  } finally {
    sql.release();
  }
}

type Session = Awaited<ReturnType<Database["sql"]["reserve"]>>;

/**
 * Takes away the indexes of every row in another order than that of the rows, and that of searches, and answers the statements that make
 * them anew: of ten million rows, entries that are sorted first are written in a fraction of the time.
 */
async function withoutIndexes(sql: Session): Promise<string[]> {
  const unique = await sql<{ drop: string; make: string }[]>`
    SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS drop,
      format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) AS make
    FROM pg_constraint WHERE contype = 'u' AND conrelid IN ('jobs'::regclass, 'outputs'::regclass)`;
  const others = await sql<{ drop: string; make: string }[]>`
    SELECT format('DROP INDEX %s', indexrelid::regclass) AS drop, pg_get_indexdef(indexrelid) AS make
    FROM pg_index WHERE indrelid IN ('jobs'::regclass, 'outputs'::regclass, 'job_events'::regclass, 'dispatches'::regclass)
      AND NOT indisunique AND (indpred IS NULL OR indexrelid = 'jobs_search'::regclass)
    ORDER BY indexrelid = 'jobs_search'::regclass`;
  const indexes = [...unique, ...others];
  for (const { drop } of indexes) await sql.unsafe(drop);
  return indexes.map(({ make }) => make);
}

async function insertOwners(sql: Session, { owners }: { owners: number }): Promise<void> {
  await sql`
    INSERT INTO owners (id, kind, role, created_at)
    SELECT id, 'account', 'member', now() - interval '1 year'
    FROM (SELECT ${heavyOwner}::uuid AS id UNION ALL
      SELECT ('00000000-0000-4000-8000-1' || lpad(nth::text, 11, '0'))::uuid
      FROM generate_series(1, ${owners - 1}::int) nth) AS made`;
}

/** Twenty workflows and four backends. */
async function insertFleet(sql: Session): Promise<void> {
  await sql`
    WITH copies AS (
      SELECT w.*, v.id AS of, gen_random_uuid() AS new_id, gen_random_uuid() AS version_id, nth
      FROM workflows w JOIN workflow_versions v ON v.id = w.current_version_id, generate_series(1, 15) nth
      WHERE w.slug = 'test-card'
    ), made AS (
      INSERT INTO workflows (id, slug, name, description, current_version_id, published)
      SELECT new_id, slug || '-' || nth, name, description, version_id, true FROM copies
    )
    INSERT INTO workflow_versions (id, workflow_id, number, name, description, graph, parameters, bindings, outputs)
    SELECT c.version_id, c.new_id, 1, v.name, v.description, v.graph, v.parameters, v.bindings, v.outputs
    FROM copies c JOIN workflow_versions v ON v.id = c.of`;
  await sql`
    INSERT INTO backends (id, url, worker_id, reachable, catalog_hash, catalog, seen_at, reached_at)
    SELECT 'b' || nth, 'http://b' || nth, 'w1', true, 'h', '{}', now(), now() FROM generate_series(1, 4) nth`;
  await sql`
    INSERT INTO slots (backend_id, ordinal, holder, lease_until)
    SELECT id, 0, 'w1', now() + interval '1 day' FROM backends`;
  await sql`INSERT INTO capability_decisions (catalog_hash, capability_key, lacks) VALUES ('h', 'able', '[]')`;
  await sql`
    INSERT INTO maintenance (ticked_at, expire_after, swept_at) VALUES (now(), now() - interval '1 hour', now())
    ON CONFLICT (id) DO UPDATE SET ticked_at = now()`;
}

/** The jobs from the `first` to the `last` of so many, the oldest a year ago. An id tells its time, as those of the product do. */
async function insertJobs(
  sql: Session,
  { first, last, jobs, owners }: { first: number; last: number; jobs: number; owners: number },
): Promise<void> {
  await sql`
    WITH kinds AS MATERIALIZED (
      SELECT array_agg(w.id ORDER BY w.slug) AS workflows, array_agg(w.current_version_id ORDER BY w.slug) AS versions
      FROM workflows w
    ), drawn AS MATERIALIZED (
      SELECT i, random() AS luck, floor((i + 1) * 0.046617) > floor(i * 0.046617) AS heavy,
        -- Half of the owners have nine tenths of the jobs.
        1 + floor((${owners}::int - 1) * power(random(), 3))::int AS nth,
        floor(${PHRASES}::int * random())::int AS phrase,
        1 + floor(cardinality(kinds.workflows) * power(random(), 2))::int AS kind,
        date_trunc('milliseconds', now() - (${jobs}::int - i) * (interval '1 year' / ${jobs}::int)) AS at
      FROM generate_series(${first}::int, ${last}::int) i, kinds
    ), placed AS (
      SELECT *, CASE WHEN i > ${jobs}::int - ${WAITING}::int THEN 'queued'
          WHEN i > ${jobs}::int - ${WAITING + RUNNING}::int THEN 'running'
          WHEN luck < 0.92 THEN 'succeeded' WHEN luck < 0.97 THEN 'failed' ELSE 'canceled' END AS state
      FROM drawn
    ), told AS (
      SELECT placed.*, one.text || ' ' || other.text || CASE WHEN i % 2 = 0 THEN names.text ELSE '' END
        || CASE WHEN i % 50021 = 7 OR (heavy AND i % 10007 < 21) THEN rare.text ELSE '' END AS text
      FROM placed JOIN phrases one ON one.nth = phrase
        JOIN phrases other ON other.nth = (phrase * 7 + 20 * i) % ${PHRASES}::int
        JOIN names ON names.nth = i % 5832, rare
    )
    INSERT INTO jobs (id, owner_id, workflow_id, workflow_version_id, idempotency_key, inputs_hash, inputs, search_text,
      seed, priority, state, version, attempt, worker_id, backend_id, lease_until, run_after, capability, capability_key,
      created_at, queued_at, changed_at, started_at, sampling_at, saving_at, finished_at, removed_at, favorite)
    SELECT id, CASE WHEN heavy THEN ${heavyOwner}::uuid
        ELSE ('00000000-0000-4000-8000-1' || lpad(nth::text, 11, '0'))::uuid END,
      workflows[kind], versions[kind], id::text, md5(i::text),
      jsonb_build_object('prompt', text, 'negativePrompt', 'blurry, watermark', 'width', 512, 'height', 512,
        'steps', 4 + i % 4, 'seed', i),
      lower(text) || E'\nblurry, watermark', i, 'normal', state,
      CASE state WHEN 'queued' THEN 1 WHEN 'running' THEN 2 ELSE 7 END, CASE state WHEN 'queued' THEN 0 ELSE 1 END,
      CASE state WHEN 'running' THEN 'w1' END, CASE WHEN state <> 'queued' THEN 'b' || (1 + i % 4) END,
      CASE state WHEN 'running' THEN now() + interval '1 day' END, at, '{"nodes": [], "models": []}', 'able', at, at,
      CASE WHEN is_ended THEN at + interval '20 seconds' ELSE at END,
      CASE WHEN state <> 'queued' THEN at + interval '8 seconds' END,
      CASE WHEN is_ended THEN at + interval '10 seconds' END, CASE WHEN is_ended THEN at + interval '18 seconds' END,
      CASE WHEN is_ended THEN at + interval '20 seconds' END,
      CASE WHEN is_ended AND i % 500 = 0 THEN at + interval '1 day' END,
      i % 30 = 3 AND i % 500 <> 0 AND state = 'succeeded'
    FROM told, kinds, LATERAL (SELECT state NOT IN ('queued', 'running') AS is_ended,
      (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7' || substr(md5(i::text), 1, 3) || '8'
        || substr(md5(i::text), 4, 15))::uuid AS id) made`;
}

/** As retention leaves them: attempts of all jobs, pictures of those that succeeded, events of a month, prompts of a day. */
async function insertResults(sql: Session, { jobs }: { jobs: number }): Promise<void> {
  await sql`
    INSERT INTO attempts (job_id, attempt, worker_id, backend_id, started_at, ended_at, outcome, run)
    SELECT id, 1, 'w1', backend_id, started_at, finished_at, CASE WHEN finished_at IS NOT NULL THEN state END, '{}'
    FROM jobs WHERE attempt = 1`;
  await sql`
    INSERT INTO outputs (id, job_id, attempt, ordinal, owner_id, workflow_id, sha256, storage_key, kind, mime_type, width,
      height, size_bytes, created_at, favorite, share_hash, share_nonce)
    SELECT md5('output' || seed)::uuid, id, 1, 0, owner_id, workflow_id, md5(seed::text), md5(seed::text),
      CASE WHEN seed % 50 = 0 THEN 'video' ELSE 'image' END, 'image/png', 512, 512, 300000, saving_at, favorite,
      CASE WHEN seed % 20 = 7 THEN md5('share' || seed) END, CASE WHEN seed % 20 = 7 THEN 'n' END
    FROM jobs WHERE state = 'succeeded' AND removed_at IS NULL`;
  // All that is shared is published, and some of it reported or taken down.
  await sql`
    INSERT INTO shares (output_id, published_at, hidden_at, reports, reported_at)
    SELECT o.id, o.created_at, CASE WHEN j.seed % 700 = 7 THEN o.created_at END, (j.seed % 500 = 7)::int,
      CASE WHEN j.seed % 500 = 7 THEN o.created_at END
    FROM outputs o JOIN jobs j ON j.id = o.job_id WHERE o.share_hash IS NOT NULL`;
  await sql`
    INSERT INTO job_events (owner_id, owner_seq, job_id, version, attempt, type, payload, at)
    SELECT owner_id, nth * ${EVENTS_OF_JOB}, id, version, attempt, 'job.succeeded',
      jsonb_build_object('type', 'job.succeeded', 'jobId', id, 'version', version, 'attempt', attempt, 'at', changed_at),
      changed_at
    FROM (SELECT owner_id, id, version, attempt, state, created_at, changed_at,
        row_number() OVER (PARTITION BY owner_id ORDER BY seed) AS nth FROM jobs) AS numbered
    WHERE state = 'succeeded' AND created_at > now() - interval '29 days'`;
  await sql`
    INSERT INTO owner_feeds (owner_id, seq)
    SELECT o.id, ${EVENTS_OF_JOB} * count(j.id) FROM owners o LEFT JOIN jobs j ON j.owner_id = o.id GROUP BY o.id`;
  await sql`
    INSERT INTO dispatches (prompt_id, job_id, attempt, backend_id, client_id, dispatched_at, closed_at)
    SELECT md5('prompt' || seed), id, 1, backend_id, 'client', sent.at, sent.at + interval '12 seconds'
    FROM jobs, LATERAL (SELECT now() - random() * interval '23 hours' AS at) sent
    WHERE attempt = 1 AND seed > ${jobs - Math.ceil(jobs / 10)}::int`;
}
