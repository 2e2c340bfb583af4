import { type AlertChange, addBuckets, type InstanceReport, valueAtQuantile } from "@darkroom/contracts";
import { listAlerts, readMinutes, silenceAlerts } from "@darkroom/db";
import { setup as setupDatabase } from "@darkroom/db/testing/setup";
import { createInstances, createTopics } from "@darkroom/queue";
import { instanceReport, setupHub } from "@darkroom/queue/testing";
import { expect, inject, onTestFinished, test } from "vitest";
import { createAlertCheck } from "./check-alerts.ts";
import { noteMinute } from "./minutes.ts";

async function setup() {
  const [db, hub] = await Promise.all([setupDatabase(inject("postgresUrl")), setupHub(inject("redisUrl"))]);
  onTestFinished(async () => {
    await hub.close();
    await db.drop();
  });
  await db.tickedAllAlong();
  const { sql } = db.database;
  const instances = createInstances(hub.redis, hub.keys);
  const topics = createTopics(hub);
  const told: AlertChange[] = [];
  const state = { memory: { usedBytes: 1, maxBytes: 100 as number | null }, isRedisUp: true };
  const check = createAlertCheck({
    ...{ instanceId: "I", database: db.database, instances, topics },
    publisher: { publishAlert: async (change) => told.push(change) > 0 },
    redisMemory: async () => (state.isRedisUp ? state.memory : Promise.reject(new Error("Redis is down"))),
    log: { error: () => undefined, warn: () => undefined, info: () => undefined },
  });
  return {
    ...db,
    ...{ sql, instances, told, state },
    report: (changes: Partial<InstanceReport> = {}) =>
      instances.report({
        report: instanceReport("W", { kind: "worker", ...changes }),
        connections: [],
        counts: { owners: new Map(), addresses: new Map() },
      }),
    /** Two looks an hour apart: what is bad has lasted, and so has what is well. Answers what operators were told. */
    look: async (): Promise<string[]> => {
      const before = told.length;
      for (let times = 0; times < 2; times += 1) {
        await check(0);
        await sql`UPDATE alerts SET noticed_at = noticed_at - interval '1 hour', calm_since = calm_since - interval '1 hour'`;
      }
      return told
        .slice(before)
        .map(({ change, alert }) => `${change} ${alert.rule} ${alert.subject}`.trim())
        .sort();
    },
  };
}

test("faults raise their alerts and clear them when they are mended; each is kept", async () => {
  const { sql, database, look, report, queued, running, state } = await setup();
  await report();
  expect(await look()).toEqual([]);

  const jobId = await queued("0197c0de-0000-7000-8000-000000000001");
  await sql`UPDATE jobs SET queued_at = now() - interval '1 hour' WHERE id = ${jobId}`;
  const failing = await running("0197c0de-0000-7000-8000-000000000001");
  await sql`
    INSERT INTO jobs SELECT (jsonb_populate_record(j, jsonb_build_object('id', gen_random_uuid(), 'idempotency_key',
      gen_random_uuid(), 'state', 'failed', 'finished_at', now()))).* FROM jobs j, generate_series(1, 10) WHERE j.id = ${failing.jobId}`;
  await sql`
    INSERT INTO backends (id, url, reachable, worker_id, seen_at, reached_at)
    VALUES ('b1', 'http://b1', false, 'W', now(), now() - interval '1 minute')`;
  state.memory = { usedBytes: 95, maxBytes: 100 };
  const resting = { running: 0, slots: 0, backends: [{ backendId: "b2", isUp: true, isResting: true }] };
  await report({ storageFreeBytes: 1e9, worker: resting });
  expect(await look()).toEqual([
    "raised backend-down b1",
    "raised backend-quarantined b2",
    "raised failure-rate",
    "raised queue-age",
    "raised redis-degraded",
    "raised storage-low host",
  ]);
  // What lasts is told once.
  expect(await look()).toEqual([]);
  expect((await listAlerts(database, { open: true, limit: 20 })).items).toHaveLength(6);

  await sql`UPDATE jobs SET queued_at = now() WHERE id = ${jobId}`;
  await sql`UPDATE jobs SET finished_at = now() - interval '1 hour' WHERE state = 'failed'`;
  await sql`UPDATE backends SET reachable = true, reached_at = now()`;
  state.memory = { usedBytes: 1, maxBytes: null };
  await report({ storageFreeBytes: 1e12 });
  expect(await look()).toEqual([
    "cleared backend-down b1",
    "cleared backend-quarantined b2",
    "cleared failure-rate",
    "cleared queue-age",
    "cleared redis-degraded",
    "cleared storage-low host",
  ]);
  const { items } = await listAlerts(database, { limit: 20 });
  expect(items.every(({ clearedAt }) => clearedAt !== null)).toBe(true);
  expect(items).toHaveLength(6);
});

test("the last worker's end is noticed though no worker is left to notice it, and a silenced rule is kept and not told", async () => {
  const { look, report, instances, database } = await setup();
  await report();
  await look();
  await instances.leave("W");
  expect(await look()).toEqual(["raised no-worker"]);
  await report();
  expect(await look()).toEqual(["cleared no-worker"]);
  await silenceAlerts(database, {
    rule: "no-worker",
    subject: "",
    minutes: 5,
    by: "0197c0de-0000-7000-8000-000000000001",
  });
  await instances.leave("W");
  expect(await look()).toEqual([]);
  expect((await listAlerts(database, { open: true, limit: 5 })).items).toMatchObject([
    { rule: "no-worker", silencedUntil: expect.any(String) },
  ]);
});

test("a minute is noted once, with what ended in it and what was counted since the one before", async () => {
  const { sql, database, running, instances, report } = await setup();
  await report();
  const web = { ...{ sockets: 3, streams: 1, openedTotal: 10, brokenTotal: 2, refusedTotal: 0, resumedTotal: 4 } };
  const rest = { subscriptions: 0, followedJobs: [], buffered: 7, gapsTotal: 1, overflowsTotal: 0 };
  await instances.report({
    report: instanceReport("A", { web: { ...web, ...rest } }),
    connections: [],
    counts: { owners: new Map(), addresses: new Map() },
  });
  const job = await running("0197c0de-0000-7000-8000-000000000001");
  await sql`
    UPDATE jobs SET state = 'succeeded', finished_at = date_trunc('minute', now()) - interval '1 second',
      created_at = date_trunc('minute', now()) - interval '11 seconds', started_at = date_trunc('minute', now()) - interval '3 seconds'
    WHERE id = ${job.jobId}`;
  await sql`
    INSERT INTO metric_minutes (at, succeeded, failed, canceled, waits, runs, totals)
    VALUES (date_trunc('minute', now()) - interval '2 minutes', 0, 0, 0, '{}', '{}', '{"A": [6, 3, 2, 0, 0], "gone": [9, 9, 9, 9, 9]}')`;
  const note = () => noteMinute({ database, instances, redisMemory: async () => ({ usedBytes: 5, maxBytes: null }) });
  expect(await note()).toBe(59);
  expect(await note()).toBe(0);
  const [minute] = await sql<{ waits: number[]; runs: number[] }[]>`
    SELECT succeeded, to_jsonb(waits) AS waits, to_jsonb(runs) AS runs, workers, webs, sockets, streams, buffered, opened, resumed, broken, gaps,
      redis_bytes::int AS redis FROM metric_minutes ORDER BY at DESC LIMIT 1`;
  expect(minute).toMatchObject({
    ...{
      succeeded: 1,
      workers: 1,
      webs: 1,
      sockets: 3,
      streams: 1,
      buffered: 7,
      opened: 4,
      resumed: 1,
      broken: 0,
      gaps: 1,
    },
    redis: 5,
  });
  // Eight seconds are between 7.48 and 9.98, two between 1.78 and 2.37.
  expect([minute?.waits.indexOf(1), minute?.runs.indexOf(1)]).toEqual([16, 11]);
  const points = await readMinutes(database, { hours: 24, stepMinutes: 24 * 60 });
  const sum = points.reduce((total, { succeeded }) => total + succeeded, 0);
  expect([sum, valueAtQuantile(addBuckets(points.map(({ waits }) => waits)), 0.5)]).toEqual([
    1,
    expect.closeTo(8.7, 0),
  ]);
});
