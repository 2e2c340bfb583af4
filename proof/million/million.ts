import { claimJob, type Database, heartbeat, settleJob, stageJob, submitJobs, workflowBy } from "@darkroom/db";
import {
  type BoundedCalls,
  boundedCalls,
  createTestDatabase,
  fillJobs,
  newJob,
  otherOwner,
  reportBackends,
  type TimedDatabase,
  timedDatabase,
  wideLimits,
} from "@darkroom/db/testing";
import { listOverHttp } from "./list-over-http.ts";

/** What was measured beside each other: the same call in a small and in a large database, in turns. */
export interface Figure {
  readonly kind: keyof BoundedCalls | "writes" | "http";
  /** `listJobs own, failed`. */
  readonly name: string;
  /** Milliseconds of each call: in Postgres, or over HTTP until the whole answer is there. */
  readonly small: readonly number[];
  readonly large: readonly number[];
}

export interface Sizes {
  readonly small: number;
  readonly large: number;
  readonly owners: number;
}

/**
 * Fills two databases of the server at `adminUrl` and measures in both, in turns, whatever must cost the same however many
 * jobs have ended. The gateways that are asked over HTTP have the Redis at `redisUrl`. `say` is told what goes on, and `tell` each figure once it
 * is there.
 */
export async function measureMillion(
  adminUrl: string,
  {
    redisUrl,
    sizes,
    calls,
    say,
    tell,
  }: {
    redisUrl: string;
    sizes: Sizes;
    calls: number;
    say: (line: string) => void;
    tell: (figure: Figure) => void;
  },
): Promise<void> {
  const databases = [
    await filled(adminUrl, { jobs: sizes.small, owners: sizes.owners, say }),
    await filled(adminUrl, { jobs: sizes.large, owners: sizes.owners, say }),
  ] as const;
  // Connected once both are filled: a connection that is an hour old is replaced, and the new one would tell no times.
  const [small, large] = [await timedFilled(databases[0]), await timedFilled(databases[1])];
  try {
    const [inSmall, inLarge] = [await boundedCalls(small.timed.database), await boundedCalls(large.timed.database)];
    for (const kind of ["lists", "searches", "periodic"] as const)
      for (const [name, variants] of Object.entries(inLarge[kind]))
        for (const [variant, call] of Object.entries(variants)) {
          const other = inSmall[kind][name]?.[variant];
          if (other === undefined) throw new Error(`${name} ${variant} is not asked of the small database`);
          tell({
            kind,
            name: `${name} ${variant}`.trim(),
            ...(await inTurns(calls, [small.timed, other], [large.timed, call])),
          });
        }
    for (const figure of await overHttp(calls, [small, large], redisUrl)) tell(figure);
    for (const figure of await writes(calls * 3, small.timed, large.timed)) tell(figure);
  } finally {
    await small.drop();
    await large.drop();
  }
}

interface Filled {
  readonly url: string;
  drop(): Promise<void>;
}

interface TimedFilled extends Filled {
  readonly timed: TimedDatabase;
}

async function filled(
  adminUrl: string,
  { jobs, owners, say }: { jobs: number; owners: number; say: (line: string) => void },
): Promise<Filled> {
  const { database, url, drop } = await createTestDatabase(adminUrl, { statementTimeoutMs: 3_600_000 });
  const startedAt = performance.now();
  await fillJobs(database, { jobs, owners, say: (count) => say(`${count} of ${jobs} jobs`) });
  say(`${jobs} jobs and their indexes took ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
  return { url, drop };
}

async function timedFilled({ url, drop }: Filled): Promise<TimedFilled> {
  const timed = await timedDatabase(url);
  return {
    timed,
    url,
    async drop() {
      await timed.database.close();
      await drop();
    },
  };
}

type Asked = readonly [TimedDatabase, () => Promise<unknown>];

/** So that what else the machine does meets both alike. What each asks first, and twice, is not counted: it fills caches. */
async function inTurns(calls: number, small: Asked, large: Asked): Promise<Pick<Figure, "small" | "large">> {
  const took = { small: [] as number[], large: [] as number[] };
  for (const [{ database }] of [small, large]) await reportBackends(database);
  for (let turn = -2; turn < calls; turn++)
    for (const [size, [{ timed }, call]] of Object.entries({ small, large }) as ["small" | "large", Asked][]) {
      const ms = await timed(call);
      if (turn >= 0) took[size].push(ms);
    }
  return took;
}

/** The list that everybody looks at, as a program gets it: with who asks, what Redis knows and JSON, through a gateway of its own for each. */
async function overHttp(
  calls: number,
  databases: readonly [TimedFilled, TimedFilled],
  redisUrl: string,
): Promise<Figure[]> {
  const open = ({ timed, url }: TimedFilled) => listOverHttp(timed.database, { databaseUrl: url, redisUrl });
  const [small, large] = [await open(databases[0]), await open(databases[1])];
  try {
    const figures: Figure[] = [];
    for (const [name, ask] of Object.entries(large.pages)) {
      const took = { small: [] as number[], large: [] as number[] };
      for (let turn = -5; turn < calls; turn++)
        for (const [size, page] of Object.entries({ small: small.pages[name] ?? ask, large: ask })) {
          const ms = await page();
          if (turn >= 0) took[size as keyof typeof took].push(ms);
        }
      figures.push({ kind: "http", name: `job.list over HTTP, ${name}`, ...took });
    }
    return figures;
  } finally {
    await small.close();
    await large.close();
  }
}

/** The life of a job, of another owner each time: what is stored beside many ended jobs must not be stored more slowly. */
async function writes(calls: number, small: TimedDatabase, large: TimedDatabase): Promise<Figure[]> {
  const steps = ["submit", "claim", "stage", "heartbeat with progress", "settle"] as const;
  const took = { small: steps.map(() => [] as number[]), large: steps.map(() => [] as number[]) };
  for (let turn = -5; turn < calls; turn++)
    for (const [size, { database, timed }] of Object.entries({ small, large }) as [
      "small" | "large",
      TimedDatabase,
    ][]) {
      const life = await aLife(database, otherOwner(1 + ((turn + 5) % 1000)));
      for (const [nth, step] of life.entries()) {
        const ms = await timed(step);
        if (turn >= 0) took[size][nth]?.push(ms);
      }
    }
  return steps.map((name, nth) => ({
    kind: "writes",
    name,
    small: took.small[nth] ?? [],
    large: took.large[nth] ?? [],
  }));
}

async function aLife(database: Database, ownerId: string): Promise<(() => Promise<unknown>)[]> {
  const workflow = await workflowBy(database, { idOrSlug: "test-card" });
  if (workflow === null) throw new Error("the bundled workflows are not there");
  const inputs = { prompt: "a red cube on a table by the sea, golden light, 35mm, sharp focus, highly detailed" };
  const job = { ...(await newJob(database, workflow.definition, {})), inputs };
  const { jobId } = job;
  const progress = { percent: 50, message: "12/24", step: 12, steps: 24, nodeTitle: null, nodesDone: 3, nodesTotal: 7 };
  return [
    () => submitJobs(database, { ownerId, ownerKind: "account", addressKey: null, limits: wideLimits, jobs: [job] }),
    () => claimJob(database, { jobId, workerId: "w1", backendId: "b1", leaseSeconds: 60 }),
    () => stageJob(database, { jobId, attempt: 1, stage: "sampling" }),
    () =>
      heartbeat(database, {
        ...{ workerId: "w1", leaseSeconds: 60, slots: [] },
        jobs: [{ jobId, attempt: 1, progress }],
      }),
    () => settleJob(database, { jobId, attempt: 1, outcome: { type: "succeeded" } }),
  ];
}
