import { percentile } from "../../scripts/bench/percentile.ts";
import { startCluster, untilReady } from "./cluster.ts";
import { killWorker, losePostgres, loseRedis } from "./recovery.ts";
import { createGuest } from "./visitor.ts";

/** Measures each recovery `rounds` times on one cluster and prints a line per figure. False if a target is missed. */
export async function printRecovery(options: {
  readonly rounds: number;
  readonly leaseSeconds: number;
  readonly folder: string;
  readonly signal: AbortSignal;
}): Promise<boolean> {
  const { rounds, signal, ...rest } = options;
  const setting = { ...rest, webs: 1, workers: 2, simulators: 1, speed: 2, concurrency: 1, storage: "disk" } as const;
  let isGood = true;
  const report = (name: string, figure: string, target: string, isMet: boolean): void => {
    isGood &&= isMet;
    console.log(`${isMet ? "✓" : "✗"} ${name}: ${figure} (target ${target})`);
  };
  const seconds = (values: readonly number[]): string =>
    `p50 ${(percentile(values, 0.5) / 1000).toFixed(2)} s, most ${(Math.max(...values) / 1000).toFixed(2)} s, n = ${values.length}`;
  const repeat = async <T>(measure: () => Promise<T>): Promise<T[]> => {
    const results: T[] = [];
    for (let round = 0; round < rounds && !signal.aborted; round += 1) results.push(await measure());
    return results;
  };

  const cluster = await startCluster({
    ...setting,
    onCrash: (part, how) => report("a process that ended by itself", `${part}: ${how}`, "none", false),
  });
  try {
    await untilReady(cluster, signal);
    const scene = { cluster, visitor: await createGuest(cluster) };

    const killed = await repeat(() => killWorker(scene));
    const again = killed.map(({ runsAgainMs }) => runsAgainMs);
    report("a killed worker's job runs again", seconds(again), "≤ 15 s", Math.max(...again) <= 15_000);
    const repeats = killed.reduce((sum, { prompts }) => sum + prompts - 1, 0);
    report("prompts that were repeated by it", String(repeats), "0", repeats === 0);

    const redis = await repeat(() => loseRedis(scene, { submits: 5 }));
    const statuses = redis.flatMap((round) => round.statuses);
    const answered = statuses.filter((status) => status === 200).length;
    report("submits answered without Redis", `${answered} of ${statuses.length}`, "all", answered === statuses.length);
    const slowest = redis.map(({ slowestMs }) => slowestMs);
    report("the slowest of each five", seconds(slowest), "< 2 s", Math.max(...slowest) < 2000);
    const starts = redis.map(({ startsMs }) => startsMs);
    report("their jobs start after its return", seconds(starts), "≤ 8 s", Math.max(...starts) <= 8000);

    const database = await repeat(() => losePostgres(scene));
    const refused = database.filter(
      ({ refusal }) => refusal.status === 503 && refusal.retryAfterSeconds !== null,
    ).length;
    report("503 with Retry-After without Postgres", `${refused} of ${rounds}`, "all", refused === database.length);
    const accepts = database.map(({ acceptsMs }) => acceptsMs);
    report("submits are accepted after its return", seconds(accepts), "≤ 5 s", Math.max(...accepts) <= 5000);
  } finally {
    await cluster.close();
  }
  return isGood;
}
