import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRedis, whenReady } from "@darkroom/queue";
import { compareWithSimulator } from "./bench/compare-with-simulator.ts";
import { estimateErrors } from "./bench/estimate-errors.ts";
import { followHundredJobs } from "./bench/follow-hundred-jobs.ts";
import { percentile } from "./bench/percentile.ts";
import { submitInPage } from "./bench/submit-in-page.ts";
import { prepareEmbeddedRedis } from "./embedded-redis.ts";
import { createGuard } from "./guard.ts";
import { freePort } from "./ports.ts";
import { runService } from "./run-service.ts";
import { launch } from "./testing/launch.ts";
import { signUp } from "./testing/sign-up.ts";

// The product's numbers on this machine, by a run of the whole product: prints a line per figure and ends with status 1
// if a target is missed. Load generator, browser and product share the machine's cores.

let hasMissed = false;
function report(name: string, figure: string, target: string, isMet: boolean): void {
  hasMissed ||= !isMet;
  console.log(`${isMet ? "✓" : "✗"} ${name}: ${figure} (target ${target})`);
}
const milliseconds = (values: readonly number[]): string =>
  `p50 ${percentile(values, 0.5).toFixed(0)} ms, p95 ${percentile(values, 0.95).toFixed(0)} ms, n = ${values.length}`;

const folder = await mkdtemp(join(tmpdir(), "darkroom-bench-"));
await chmod(folder, 0o711);
const guard = createGuard();
const valkey = await prepareEmbeddedRedis({
  dir: join(folder, "redis"),
  port: await freePort(),
  persist: false,
  logFile: join(folder, "valkey.log"),
});
const running = await runService(valkey.service, guard);
const redis = createRedis(valkey.url, { role: "commands", onError: console.error, connectionName: "bench" });
await whenReady(redis);
await redis.config("SET", "maxclients", "32");

const simulatorUrl = `http://127.0.0.1:${await freePort()}`;
const product = launch({
  PORT: String(await freePort()),
  WORKER_PORT: String(await freePort()),
  SIMULATOR_PORT: new URL(simulatorUrl).port,
  REDIS_URL: valkey.url,
  DATA_DIR: join(folder, "data"),
  SUBMITS_PER_MINUTE: "100000",
  GENERATIONS_PER_HOUR: "100000",
  MAX_WAITING_PER_OWNER: "1000",
});

try {
  const [, address = ""] = await product.printed(/ready at (\S+)/);
  const apiKey = await signUp(address);

  const added = await compareWithSimulator({ address, apiKey, simulatorUrl, runs: 20 });
  report("time added to the simulator", milliseconds(added), "p95 < 250 ms", percentile(added, 0.95) < 250);

  const hundred = await followHundredJobs({ address, apiKey, redis });
  const figure = `${hundred.notified} of 100 notified over ${hundred.sockets} socket`;
  report("100 concurrent jobs", figure, "100 of 100 over 1", hundred.notified === 100 && hundred.sockets === 1);
  const { connectionsBefore: before, connectionsDuring: during } = hundred;
  report(
    "Redis connections, maxclients 32",
    `${before} idle, ${during} at most under load`,
    "unchanged",
    before === during,
  );

  const apiKeys = await Promise.all([1, 2, 3].map(() => signUp(address)));
  const errors = await estimateErrors({ address, apiKeys });
  const percent = (share: number) => `${(100 * percentile(errors, share)).toFixed(0)} %`;
  report(
    "error of the estimated end of waiting jobs",
    `median ${percent(0.5)}, p90 ${percent(0.9)}, n = ${errors.length}`,
    "median ≤ 20 %",
    percentile(errors, 0.5) <= 0.2,
  );

  // Last, as its jobs keep the backend busy after it.
  const { submits, floor } = await submitInPage(address, 30);
  const ratio = percentile(submits, 0.5) / percentile(floor, 0.5);
  report(
    "submit → job.queued in the page",
    `${milliseconds(submits)}; floor ${milliseconds(floor)}; ${ratio.toFixed(1)} × the floor`,
    "p95 < 100 ms",
    percentile(submits, 0.95) < 100,
  );
} finally {
  product.child.kill("SIGTERM");
  await product.exited;
  redis.disconnect();
  await running.stop();
  await guard.close();
  await rm(folder, { recursive: true, force: true });
}
process.exit(hasMissed ? 1 : 0);
