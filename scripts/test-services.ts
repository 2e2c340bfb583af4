import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { prepareEmbeddedPostgres } from "./embedded-postgres.ts";
import { prepareEmbeddedRedis } from "./embedded-redis.ts";
import { createGuard } from "./guard.ts";
import { freePort } from "./ports.ts";
import { type RunningService, runService } from "./run-service.ts";
import type { ServiceProcess } from "./service-process.ts";
import { makeFolder } from "./testing/make-folder.ts";

/**
 * One real Postgres and one real Redis or Valkey per test run, on free ports with their data in a temporary folder;
 * TEST_DATABASE_URL and TEST_REDIS_URL name running ones instead. Tests read `postgresUrl` and `redisUrl` with `inject`.
 */
export default async function setUp(project: Pick<TestProject, "provide">): Promise<() => Promise<void>> {
  const guard = createGuard();
  const folder = await makeFolder("test");
  guard.removeFolder(folder);
  const running: RunningService[] = [];
  const start = async (service: ServiceProcess) => running.push(await runService(service, guard));
  const tearDown = async () => {
    await Promise.all(running.map((service) => service.stop()));
    await rm(folder, { recursive: true, force: true });
    await guard.close();
  };

  try {
    const [postgresUrl, redisUrl] = await Promise.all([
      process.env.TEST_DATABASE_URL ?? startPostgres(folder, start),
      process.env.TEST_REDIS_URL ?? startRedis(folder, start),
    ]);
    project.provide("postgresUrl", postgresUrl);
    project.provide("redisUrl", redisUrl);
  } catch (error) {
    await tearDown();
    throw error;
  }
  return tearDown;
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
