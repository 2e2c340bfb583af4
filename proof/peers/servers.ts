import { rm } from "node:fs/promises";
import { join } from "node:path";
import { prepareEmbeddedPostgres } from "../../scripts/embedded/postgres.ts";
import { prepareEmbeddedRedis } from "../../scripts/embedded/redis.ts";
import { createGuard } from "../../scripts/processes/guard.ts";
import { freePort } from "../../scripts/processes/ports.ts";
import { runService } from "../../scripts/processes/run-service.ts";
import { makeFolder } from "../../scripts/testing/make-folder.ts";
import type { Servers } from "./stage.ts";

/** A Postgres that flushes what it commits, on a real disk, and a Redis; both gone after `stop`. */
export async function startServers(): Promise<Servers & { stop(): Promise<void> }> {
  const guard = createGuard();
  // Not in memory, as that of the tests is: there a commit costs nothing.
  const folder = await makeFolder("peers");
  guard.removeFolder(folder);
  const postgres = await prepareEmbeddedPostgres({
    ...{ dataDir: join(folder, "postgres"), port: await freePort(), password: null, durable: true },
    logFile: join(folder, "postgres.log"),
  });
  const redis = await prepareEmbeddedRedis({
    ...{ dir: join(folder, "redis"), port: await freePort(), persist: false },
    logFile: join(folder, "redis.log"),
  });
  const running = await Promise.all([runService(postgres.service, guard), runService(redis.service, guard)]);
  return {
    postgresUrl: postgres.adminUrl,
    redisUrl: redis.url,
    stop: async () => {
      await Promise.all(running.map((service) => service.stop()));
      await rm(folder, { recursive: true, force: true });
      await guard.close();
    },
  };
}
