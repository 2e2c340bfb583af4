import { rm } from "node:fs/promises";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { prepareEmbeddedPostgres } from "../../scripts/embedded/postgres.ts";
import { prepareEmbeddedRedis } from "../../scripts/embedded/redis.ts";
import { createGuard } from "../../scripts/processes/guard.ts";
import { freePort } from "../../scripts/processes/ports.ts";
import { runService } from "../../scripts/processes/run-service.ts";
import { makeFolder } from "../../scripts/testing/make-folder.ts";
import { type Figure, measureMillion } from "./million.ts";
import { deepPages, type Line, lineOf } from "./report.ts";

// `pnpm bench:million`: fills a million jobs and prints what the lists, the searches, the periodic queries and a job's life
// take in Postgres, and the list over HTTP, beside a database of ten thousand. Status 1 if a target is missed. About 4 GB of disk; 10 M take 40.

const { values } = parseArgs({
  options: { jobs: { type: "string", default: "1000000" }, calls: { type: "string", default: "100" } },
});
const [jobs, calls] = [Number(values.jobs), Number(values.calls)];

const guard = createGuard();
const folder = await makeFolder("million");
guard.removeFolder(folder);
const postgres = await prepareEmbeddedPostgres({
  dataDir: join(folder, "postgres"),
  port: await freePort(),
  password: null,
  durable: true,
  logFile: join(folder, "postgres.log"),
});
const redis = await prepareEmbeddedRedis({
  ...{ dir: join(folder, "redis"), port: await freePort(), persist: false },
  logFile: join(folder, "redis.log"),
});
const services = await Promise.all([runService(postgres.service, guard), runService(redis.service, guard)]);
let hasMissed = false;
function print({ text, isMet }: Line): void {
  hasMissed ||= !isMet;
  console.log(`${isMet ? "✓" : "✗"} ${text}`);
}

try {
  console.log(
    `${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)} before, Postgres ${postgres.version} with fsync; milliseconds in ` +
      `Postgres (over HTTP where it says so), p50 / p99 of ${calls}: 10,000 jobs, ${jobs.toLocaleString("en")} jobs, growth of the p50`,
  );
  const figures: Figure[] = [];
  await measureMillion(postgres.adminUrl, {
    redisUrl: redis.url,
    sizes: { small: 10_000, large: jobs, owners: 10_000 },
    calls,
    say: (line) => console.log(`  ${line}`),
    tell(figure) {
      figures.push(figure);
      print(lineOf(figure));
    },
  });
  for (const line of deepPages(figures)) print(line);
} finally {
  await Promise.all(services.map((service) => service.stop()));
  await rm(folder, { recursive: true, force: true });
  await guard.close();
}
process.exit(hasMissed ? 1 : 0);
