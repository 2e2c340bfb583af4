import { setTimeout as sleep } from "node:timers/promises";
import { createRedis, createSubscriber, whenReady } from "@darkroom/queue";
import { defaultSettings } from "../../apps/worker/src/settings.ts";
import { createWakeup } from "../../apps/worker/src/wakeup.ts";
import { percentile } from "../../scripts/bench/percentile.ts";
import type { Contender, Contest } from "./contest.ts";
import { claimNext, settle, store } from "./durable.ts";
import { claimOne, insertJob, settleOne } from "./floor.ts";
import type { Peers } from "./peers.ts";
import { connectionOf, type Row, silentLogger } from "./row.ts";
import { openStage, type Stage } from "./stage.ts";

/** How many jobs a worker has under way at most, everyone's. */
const LANES = 4;

/** What a line tells of each job: that it is sent, claimed and settled, each once. */
interface Watch {
  begun(id: string): void;
  claimed(id: string): void;
  settled(): void;
}

/** A worker that waits for jobs, and the way to it. */
interface Line {
  send(index: number): Promise<unknown>;
  close(): Promise<unknown>;
}

type OpenLine = (watch: Watch) => Promise<Line>;

/** A job comes while its worker has nothing to do, at its own pace whatever becomes of those before: until it is claimed. */
export const pickUp: Row = async (servers, peers, scale) => {
  const stages = await Promise.all([1, 2, 3, 4].map(() => openStage(servers)));
  const [own, floor, bull, graph] = stages as [Stage, Stage, Stage, Stage];
  const lines: [string, Stage, OpenLine][] = [
    ["ours", own, (watch) => openOurs(own, servers.redisUrl, watch)],
    ["a floor written by hand", floor, (watch) => openByHand(floor, watch)],
  ];
  if (peers !== null) {
    await peers.graphile.runMigrations({ connectionString: graph.url, logger: silentLogger(peers) });
    lines.push(
      ["graphile-worker", graph, (watch) => openGraphile(graph, peers, watch)],
      ["BullMQ and the same statements", bull, (watch) => openBull(bull, connectionOf(servers), peers, watch)],
    );
  }
  const contest = (perSecond: number, share: number, count: number): Contest => ({
    name: `durable pick-up at ${perSecond} a second, p${100 * share}`,
    unit: "ms",
    contenders: lines.map(([name, stage, open]): Contender => {
      const stores = name !== "graphile-worker";
      return {
        name,
        play: async () => {
          await stage.begin();
          const figure = percentile(await waits(open, perSecond, count), share);
          if (stores) await stage.assertStored(count, "succeeded");
          return figure;
        },
      };
    }),
  });
  const few = Math.max(10, 60 * scale);
  const many = Math.max(10, 600 * scale);
  return {
    contests: [contest(20, 0.5, few), contest(20, 0.99, few), contest(200, 0.5, many), contest(200, 0.99, many)],
    close: async () => void (await Promise.all(stages.map((stage) => stage.close()))),
  };
};

/**
 * How long each of `count` jobs waited from its submit until it was claimed, in milliseconds.
 * @throws Error if one of them is claimed twice, or was never sent.
 */
async function waits(open: OpenLine, perSecond: number, count: number): Promise<number[]> {
  const sentAt = new Map<string, number>();
  const taken: number[] = [];
  const all = Promise.withResolvers<void>();
  let left = count;
  const line = await open({
    begun: (id) => void sentAt.set(id, performance.now()),
    claimed(id) {
      const from = sentAt.get(id);
      if (from === undefined) all.reject(new Error("a job was claimed twice, or never sent"));
      else taken.push(performance.now() - from);
      sentAt.delete(id);
    },
    settled() {
      left -= 1;
      if (left === 0) all.resolve();
    },
  });
  const startedAt = performance.now();
  for (let index = 0; index < count; index += 1) {
    await sleep(Math.max(0, startedAt + (1000 * index) / perSecond - performance.now()));
    line.send(index).catch(all.reject);
  }
  await all.promise;
  await line.close();
  return taken;
}

/** The queue as a worker's slots take from it: until nothing is there, and again when they are woken. */
async function openOurs(own: Stage, redisUrl: string, watch: Watch): Promise<Line> {
  const redis = createRedis(redisUrl, { role: "subscriber", onError: (error) => console.error(error) });
  await whenReady(redis);
  const subscriber = createSubscriber(redis, own.keys);
  const wakeups = Array.from({ length: LANES }, createWakeup);
  const release = subscriber.onWake(() => {
    for (const wakeup of wakeups) wakeup.notify();
  });
  let isOver = false;
  const lanes = wakeups.map(async (wakeup) => {
    while (!isOver) {
      const job = await claimNext(own);
      if (job === null) await wakeup.wait(defaultSettings.idleMs);
      else {
        watch.claimed(job.jobId);
        await settle(own, job);
        watch.settled();
      }
    }
  });
  return {
    send: (index) => store(own, index, watch.begun),
    close: async () => {
      isOver = true;
      for (const wakeup of wakeups) wakeup.notify();
      await Promise.all(lanes);
      release();
      subscriber.close();
      redis.disconnect();
    },
  };
}

/** A list in Redis that each lane waits at, and the statements of the floor. */
async function openByHand(floor: Stage, watch: Watch): Promise<Line> {
  const key = `{${floor.keys.prefix}}:floor`;
  const end = "";
  const lanes = Array.from({ length: LANES }, async () => {
    // Without the deadlines of ours: it waits for ever.
    const redis = floor.redis.duplicate({ commandTimeout: undefined, socketTimeout: undefined });
    await whenReady(redis);
    for (;;) {
      const [, jobId = end] = (await redis.blpop(key, 0)) ?? [];
      if (jobId === end) break;
      await claimOne(floor, jobId);
      watch.claimed(jobId);
      await settleOne(floor, jobId);
      watch.settled();
    }
    redis.disconnect();
  });
  return {
    send: async (index) => {
      const submission = floor.submission(index);
      const jobId = submission.jobs[0]?.jobId ?? end;
      watch.begun(jobId);
      await insertJob(floor, submission);
      await floor.redis.rpush(key, jobId);
    },
    close: async () => {
      await floor.redis.rpush(key, ...lanes.map(() => end));
      await Promise.all(lanes);
    },
  };
}

/** The queue in Postgres, with no rows of jobs beside it. */
async function openGraphile({ url, database: { sql } }: Stage, peers: Peers, watch: Watch): Promise<Line> {
  const runner = await peers.graphile.run({
    ...{
      connectionString: url,
      logger: silentLogger(peers),
      concurrency: LANES,
      maxPoolSize: 10,
      noHandleSignals: true,
    },
    taskList: {
      picked: async ({ id }) => {
        watch.claimed(id);
        watch.settled();
      },
    },
  });
  return {
    send: async (index) => {
      const id = String(index);
      watch.begun(id);
      await sql`SELECT graphile_worker.add_job('picked', json_build_object('id', ${id}::text))`;
    },
    close: () => runner.stop(),
  };
}

async function openBull(bull: Stage, connection: object, { bullmq }: Peers, watch: Watch): Promise<Line> {
  const name = `pick-up-${bull.keys.prefix.replaceAll(":", "-")}`;
  const queue = new bullmq.Queue(name, { connection });
  const work = async ({ data: { jobId } }: { data: { jobId: string } }): Promise<void> => {
    await claimOne(bull, jobId);
    watch.claimed(jobId);
    await settleOne(bull, jobId);
    watch.settled();
  };
  const worker = new bullmq.Worker(name, work, { connection, concurrency: LANES });
  await Promise.all([queue.waitUntilReady(), worker.waitUntilReady()]);
  return {
    send: async (index) => {
      const submission = bull.submission(index);
      const jobId = submission.jobs[0]?.jobId ?? "";
      watch.begun(jobId);
      await insertJob(bull, submission);
      await queue.add("job", { jobId }, { removeOnComplete: true });
    },
    close: async () => {
      await worker.close();
      await queue.close();
    },
  };
}
