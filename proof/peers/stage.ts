import { setTimeout as sleep } from "node:timers/promises";
import { type JobState, newId } from "@darkroom/contracts";
import {
  createDatabase,
  type Database,
  type Submission,
  seedWorkflows,
  submitJobs,
  type WorkflowRecord,
  workflowBy,
} from "@darkroom/db";
import { createTestDatabase, wideLimits } from "@darkroom/db/testing";
import {
  createKeys,
  createPublisher,
  createQueue,
  createRedis,
  type Keys,
  type Publisher,
  type Queue,
  type Redis,
  whenReady,
} from "@darkroom/queue";
import { testPrefix } from "@darkroom/queue/testing";
import { definition, newJobOf } from "../../packages/db/src/testing/setup.ts";

/** One Postgres and one Redis, the same for everyone. */
export interface Servers {
  readonly postgresUrl: string;
  readonly redisUrl: string;
}

/** What a contender starts from: a database and keys of its own, and 64 owners. */
export interface Stage {
  readonly database: Database;
  readonly url: string;
  readonly redis: Redis;
  readonly keys: Keys;
  readonly queue: Queue;
  readonly publisher: Publisher;
  readonly workflow: WorkflowRecord;
  submission(index: number): Submission;
  /** @throws Error unless these owners have exactly `jobs` jobs, in `state`, and events that are numbered without a gap. */
  assertStored(jobs: number, state: JobState): Promise<void>;
  /** 64 new owners for what follows, and nothing in the queue. */
  begin(): Promise<void>;
  close(): Promise<void>;
}

const silent = () => undefined;
export const log = { info: silent, debug: silent, warn: (facts: unknown) => console.error(facts), error: silent };

const APPLICATION = "peers";
const OWNERS = 64;

/** A peer's pool that is still closing its connections when its database is dropped ends the process with its error. */
async function othersGone({ sql }: Database): Promise<void> {
  for (const until = Date.now() + 10_000; Date.now() < until; await sleep(20)) {
    const [found] = await sql<[{ others: number }]>`
      SELECT count(*)::int AS others FROM pg_stat_activity
      WHERE datname = current_database() AND application_name <> ${APPLICATION}`;
    if (found.others === 0) return;
  }
}

export async function openStage({ postgresUrl, redisUrl }: Servers): Promise<Stage> {
  const made = await createTestDatabase(postgresUrl);
  await made.database.close();
  const database = createDatabase(made.url, { applicationName: APPLICATION });
  const { sql } = database;
  await seedWorkflows(database, [definition]);
  const workflow = await workflowBy(database, { idOrSlug: definition.slug });
  if (workflow === null) throw new Error("the workflow was not seeded");
  const redis = createRedis(redisUrl, { role: "commands", onError: (error) => console.error(error) });
  await whenReady(redis);
  const keys = createKeys(testPrefix());
  const queue = createQueue(redis, keys);
  await queue.rebuild([]);
  await queue.decide({ catalogHash: "catalog", capabilityKey: "able", able: true });
  let ownerIds: string[] = [];

  const submission = (index: number): Submission => ({
    ownerId: ownerIds[index % OWNERS] ?? "",
    ownerKind: "account",
    addressKey: null,
    limits: wideLimits,
    jobs: [newJobOf(workflow)],
  });
  const stage: Stage = {
    database,
    url: made.url,
    redis,
    keys,
    queue,
    publisher: createPublisher(redis, keys),
    workflow,
    submission,
    async assertStored(jobs, state) {
      const [found] = await sql<[{ jobs: number; gaps: number }]>`
        SELECT (SELECT count(*) FROM jobs WHERE owner_id = ANY(${ownerIds}::uuid[]) AND state = ${state}) AS jobs, (
          SELECT count(*) FROM owner_feeds f WHERE owner_id = ANY(${ownerIds}::uuid[])
            AND f.seq <> (SELECT count(*) FROM job_events e WHERE e.owner_id = f.owner_id)
        ) AS gaps`;
      if (found.jobs !== jobs || found.gaps > 0)
        throw new Error(`${found.jobs} jobs of ${jobs} are ${state}, and ${found.gaps} feeds have gaps`);
    },
    async begin() {
      ownerIds = Array.from({ length: OWNERS }, () => newId());
      await sql`INSERT INTO owners (id, kind) SELECT id, 'account' FROM unnest(${ownerIds}::uuid[]) AS id`;
      await sql`INSERT INTO owner_feeds (owner_id) SELECT id FROM unnest(${ownerIds}::uuid[]) AS id`;
      await queue.clear();
    },
    async close() {
      await othersGone(database);
      await database.close();
      const found = await redis.keys(`{${keys.prefix}}:*`);
      if (found.length > 0) await redis.del(...found);
      redis.disconnect();
      await made.drop();
    },
  };
  // Plans are made for tables with something in them, as they are a minute after a database was filled.
  await stage.begin();
  for (let index = 0; index < 500; index += 1) await submitJobs(database, submission(index));
  await sql`ANALYZE`;
  await stage.begin();
  return stage;
}
