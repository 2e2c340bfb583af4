import { type Contender, type Contest, perSecond } from "./contest.ts";
import { claimNext, settle, store } from "./durable.ts";
import { claimOne, insertJob, settleOne } from "./floor.ts";
import { http } from "./http-row.ts";
import { pickUp } from "./pick-up-row.ts";
import { progress } from "./progress-row.ts";
import { enqueue } from "./queue-row.ts";
import { connectionOf, type Row, silentLogger } from "./row.ts";
import { backlog, idle } from "./run-rows.ts";
import { openStage, type Stage } from "./stage.ts";

/** A job stored with its event and told to Redis. */
const submit: Row = async (servers, peers, scale) => {
  const stages = await Promise.all([1, 2, 3].map(() => openStage(servers)));
  const [own, floor, bull] = stages as [Stage, Stage, Stage];
  const queue = peers && new peers.bullmq.Queue("submit", { connection: connectionOf(servers) });
  await queue?.waitUntilReady();
  const contest = (width: number, count: number): Contest => {
    const playing = (name: string, stage: Stage, work: (index: number) => Promise<unknown>): Contender => ({
      name,
      play: async () => {
        await stage.begin();
        const figure = await perSecond(count, width, work);
        await stage.assertStored(count, "queued");
        return figure;
      },
    });
    const beside = [
      playing("a floor written by hand", floor, async (index) => {
        const submission = floor.submission(index);
        await insertJob(floor, submission);
        await floor.redis.lpush(`{${floor.keys.prefix}}:floor`, submission.jobs[0]?.jobId ?? "");
      }),
    ];
    if (queue !== null)
      beside.push(
        playing("BullMQ and the same statements", bull, async (index) => {
          const submission = bull.submission(index);
          await insertJob(bull, submission);
          await queue.add("job", { jobId: submission.jobs[0]?.jobId });
        }),
      );
    const ours = playing("ours", own, (index) => store(own, index));
    return { name: `durable submit, ${width} in flight`, unit: "per second", contenders: [ours, ...beside] };
  };
  return {
    contests: [contest(1, 400 * scale), contest(64, 3000 * scale)],
    close: async () => {
      await queue?.close();
      await Promise.all(stages.map((stage) => stage.close()));
    },
  };
};

/** A job that waits, taken in turn, claimed, and settled as succeeded. */
const claim: Row = async (servers, peers, scale) => {
  const stages = await Promise.all([1, 2, 3].map(() => openStage(servers)));
  const [own, floor, graph] = stages as [Stage, Stage, Stage];
  const contest = (width: number, count: number): Contest => {
    const fill = async (stage: Stage, work: (index: number) => Promise<unknown>): Promise<void> => {
      await stage.begin();
      await perSecond(count, 64, work);
    };
    const ours: Contender = {
      name: "ours",
      play: async () => {
        await fill(own, (index) => store(own, index));
        const figure = await perSecond(count, width, async () => {
          const job = await claimNext(own);
          if (job === null) throw new Error("no job");
          await settle(own, job);
        });
        await own.assertStored(count, "succeeded");
        return figure;
      },
    };
    const byHand: Contender = {
      name: "a floor written by hand",
      play: async () => {
        await floor.database.sql`UPDATE jobs SET state = 'canceled' WHERE state = 'queued'`;
        await fill(floor, (index) => insertJob(floor, floor.submission(index)));
        const figure = await perSecond(count, width, async () => {
          const jobId = await claimOne(floor);
          if (jobId === null) throw new Error("no job");
          await settleOne(floor, jobId);
        });
        await floor.assertStored(count, "succeeded");
        return figure;
      },
    };
    const graphile = peers && {
      name: "graphile-worker",
      play: async () => {
        const { sql } = graph.database;
        const connectionString = graph.url;
        const logger = silentLogger(peers);
        await peers.graphile.runMigrations({ connectionString, logger });
        await sql`SELECT graphile_worker.add_job('noop', json_build_object('id', i)) FROM generate_series(1, ${count}::int) i`;
        const done = new Set<string>();
        const all = Promise.withResolvers<void>();
        const startedAt = performance.now();
        const runner = await peers.graphile.run({
          ...{ connectionString, logger, concurrency: width, maxPoolSize: 10, noHandleSignals: true },
          taskList: {
            noop: async ({ id }) => {
              if (done.has(id)) all.reject(new Error("a job ran twice"));
              done.add(id);
              if (done.size === count) all.resolve();
            },
          },
        });
        await all.promise;
        const figure = count / ((performance.now() - startedAt) / 1000);
        await runner.stop();
        return figure;
      },
    };
    const contenders = [ours, byHand, ...(graphile === null ? [] : [graphile])];
    return { name: `durable claim and settle, concurrency ${width}`, unit: "per second", contenders };
  };
  return {
    contests: [contest(1, 300 * scale), contest(16, 2000 * scale)],
    close: async () => void (await Promise.all(stages.map((stage) => stage.close()))),
  };
};

export const rows: Readonly<Record<string, Row>> = {
  submit,
  claim,
  "pick-up": pickUp,
  http,
  enqueue,
  idle,
  progress,
  backlog,
};
