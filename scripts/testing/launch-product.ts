import { rm } from "node:fs/promises";
import { join } from "node:path";
import { createRedis, type Redis, whenReady } from "@darkroom/queue";
import { prepareEmbeddedRedis } from "../embedded/redis.ts";
import { createGuard } from "../processes/guard.ts";
import { freePort } from "../processes/ports.ts";
import { runService } from "../processes/run-service.ts";
import { launch } from "./launch.ts";
import { makeFolder } from "./make-folder.ts";

/** The whole product, ready, with data and a Valkey of its own, so that its connections can be counted. */
export interface LaunchedProduct {
  readonly address: string;
  readonly simulatorUrl: string;
  /** Of the launcher, whose descendants the product's processes are. */
  readonly pid: number;
  /** A connection of ours to its Valkey. */
  readonly redis: Redis;
  /** Of its Valkey: the embedded one calls itself 42 wherever it runs. */
  readonly redisPid: number;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

/**
 * Launches the product on free ports, for one measurement at a time. Throws, with its output, if it does not get ready.
 *
 * @param name of the measurement: its folder and its connection are called so
 * @param options.maxClients how many connections Valkey takes, ours among them
 * @param options.env what differs from the launcher's defaults, beside limits on submits that nothing reaches
 */
export async function launchProduct(
  name: string,
  options: { readonly maxClients?: number; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<LaunchedProduct> {
  const folder = await makeFolder(name);
  const guard = createGuard();
  guard.removeFolder(folder);
  const valkey = await prepareEmbeddedRedis({
    dir: join(folder, "redis"),
    port: await freePort(),
    persist: false,
    logFile: join(folder, "valkey.log"),
  });
  const running = await runService(valkey.service, guard);
  const redis = createRedis(valkey.url, { role: "commands", onError: console.error, connectionName: name });
  await whenReady(redis);
  if (options.maxClients !== undefined) await redis.config("SET", "maxclients", String(options.maxClients));

  const simulatorPort = await freePort();
  const { child, exited, printed } = launch({
    PORT: String(await freePort()),
    WORKER_PORT: String(await freePort()),
    SIMULATOR_PORT: String(simulatorPort),
    REDIS_URL: valkey.url,
    DATA_DIR: join(folder, "data"),
    SUBMITS_PER_MINUTE: "100000",
    GENERATIONS_PER_HOUR: "100000",
    ...options.env,
  });
  const stop = async (): Promise<void> => {
    child.kill("SIGTERM");
    await exited;
    redis.disconnect();
    await running.stop();
    await guard.close();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const [, address = ""] = await printed(/ready at (\S+)/);
    return {
      address,
      simulatorUrl: `http://127.0.0.1:${simulatorPort}`,
      pid: child.pid ?? 0,
      redis,
      redisPid: running.pid,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
