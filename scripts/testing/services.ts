import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { prepareEmbeddedPostgres } from "../embedded/postgres.ts";
import { prepareEmbeddedRedis } from "../embedded/redis.ts";
import { createGuard } from "../processes/guard.ts";
import { freePort } from "../processes/ports.ts";
import { type RunningService, runService } from "../processes/run-service.ts";
import type { ServiceProcess } from "../processes/service-process.ts";
import { bundlePrograms } from "../programs/bundle-programs.ts";
import { makeFolderInMemory } from "./make-folder.ts";

const root = join(import.meta.dirname, "../..");

export interface TestServices {
  readonly postgresUrl: string;
  readonly redisUrl: string;
  /** For temporary files; in memory where there is enough of it. */
  readonly folder: string;
  /** Ends what was started, and removes its data. */
  stop(): Promise<void>;
}

/**
 * For every `*.test.ts`: what is started here, tests read with `inject`. Their temporary files lie beside the databases,
 * so that nothing is left of a run, however it ended.
 */
export default async function setUp(project: Pick<TestProject, "provide">): Promise<() => Promise<void>> {
  const [{ postgresUrl, redisUrl, folder, stop }, programs] = await Promise.all([
    startTestServices(),
    bundlePrograms(root),
  ]);
  // The processes that run the tests are started after this, and inherit it.
  process.env.TMPDIR = folder;
  process.env.DARKROOM_PROGRAMS = programs;
  project.provide("postgresUrl", postgresUrl);
  project.provide("redisUrl", redisUrl);
  return stop;
}

/**
 * One real Postgres and one real Redis or Valkey, on free ports with their data in a temporary folder; TEST_DATABASE_URL
 * and TEST_REDIS_URL name running ones instead.
 */
export async function startTestServices(): Promise<TestServices> {
  const guard = createGuard();
  const folder = await makeFolderInMemory("test");
  guard.removeFolder(folder);
  const running: RunningService[] = [];
  const start = async (service: ServiceProcess) => running.push(await runService(service, guard));
  const stop = async () => {
    await Promise.all(running.map((service) => service.stop()));
    await rm(folder, { recursive: true, force: true });
    await guard.close();
  };

  try {
    const [postgresUrl, redisUrl] = await Promise.all([
      process.env.TEST_DATABASE_URL ?? startPostgres(folder, start),
      process.env.TEST_REDIS_URL ?? startRedis(folder, start),
    ]);
    return { postgresUrl, redisUrl, folder, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Start = (service: ServiceProcess) => Promise<unknown>;

async function startPostgres(folder: string, start: Start): Promise<string> {
  const postgres = await prepareEmbeddedPostgres({
    dataDir: join(folder, "postgres"),
    port: await freePort(),
    password: null,
    durable: false,
    logFile: join(folder, "postgres.log"),
  });
  await start(postgres.service);
  return postgres.adminUrl;
}

async function startRedis(folder: string, start: Start): Promise<string> {
  const redis = await prepareEmbeddedRedis({
    dir: join(folder, "redis"),
    port: await freePort(),
    logFile: join(folder, "redis.log"),
    persist: false,
  });
  await start(redis.service);
  return redis.url;
}
