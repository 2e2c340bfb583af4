import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { prepareEmbeddedPostgres } from "../../scripts/embedded-postgres.ts";
import { prepareEmbeddedRedis } from "../../scripts/embedded-redis.ts";
import { createGuard } from "../../scripts/guard.ts";
import { freePort } from "../../scripts/ports.ts";
import { runService } from "../../scripts/run-service.ts";
import { type FleetRun, runFleet } from "./fleet.ts";

// `node proof/fleet/main.ts [jobs per owner] [seed]`: two workers, four simulators, three owners and three models, once in
// turn and once with the warm models preferred. Ends with status 1 if shares are unfair, models are loaded too often, or a
// backend stands idle between prompts.

const [jobs = "60", seedText = String(Date.now() % 1_000_000)] = process.argv.slice(2);
const [jobsPerOwner, seed] = [Number(jobs), Number(seedText)];

const folder = await mkdtemp(join(tmpdir(), "darkroom-fleet-"));
await chmod(folder, 0o711);
const guard = createGuard();
guard.removeFolder(folder);
const postgres = await prepareEmbeddedPostgres({
  dataDir: join(folder, "postgres"),
  port: await freePort(),
  password: null,
  durable: false,
  logFile: join(folder, "postgres.log"),
});
const redis = await prepareEmbeddedRedis({
  dir: join(folder, "redis"),
  port: await freePort(),
  logFile: join(folder, "redis.log"),
  persist: false,
});
const services = [await runService(postgres.service, guard), await runService(redis.service, guard)];
const urls = { postgresUrl: postgres.adminUrl, redisUrl: redis.url };

const print = (name: string, { loads, prompts, fairness, gapMs: [median, p95], seconds }: FleetRun): void =>
  console.log(
    `${name.padEnd(8)} ${loads} loads in ${prompts} prompts, Jain index ${fairness.toFixed(3)}, ` +
      `gap ${median} ms (p95 ${p95} ms), ${seconds.toFixed(0)} s`,
  );
console.log(`seed ${seed}, ${jobsPerOwner} jobs for each of three owners`);
const inTurn = await runFleet(urls, { jobsPerOwner, prefersWarm: false, seed });
print("in turn", inTurn);
const warm = await runFleet(urls, { jobsPerOwner, prefersWarm: true, seed });
print("warm", warm);
await Promise.all(services.map((service) => service.stop()));
await guard.close();
await rm(folder, { recursive: true, force: true });

const ratio = warm.loads / warm.prompts / (inTurn.loads / inTurn.prompts);
console.log(`${(100 * ratio).toFixed(0)} % of the loads`);
if (warm.fairness < 0.95 || ratio > 0.4 || warm.gapMs[0] > 5) process.exitCode = 1;
