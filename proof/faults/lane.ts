import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createKeys, createRedis, type Keys, type Redis, whenReady } from "@darkroom/queue";
import { createSimulator, type Simulator } from "@darkroom/simulator";
import { prepareEmbeddedRedis } from "../../scripts/embedded/redis.ts";
import type { Guard } from "../../scripts/processes/guard.ts";
import { freePort } from "../../scripts/processes/ports.ts";
import { runService } from "../../scripts/processes/run-service.ts";
import { createPatience, type Patience } from "./patience.ts";

/** The services that cases use one after the other: a Redis or Valkey of their own, a simulator, a folder. */
export interface Lane {
  readonly postgresUrl: string;
  readonly redisUrl: string;
  readonly redis: Redis;
  readonly keys: Keys;
  readonly simulator: Simulator;
  readonly folder: string;
  readonly patience: Patience;
  stopRedis(): Promise<void>;
  /** On the same port; what it held is gone. */
  startRedis(): Promise<void>;
  close(): Promise<void>;
}

/** One sampling step of the simulator, in milliseconds: fast, and slow enough to be interrupted half-way. */
export const STEP_MS = 40;

export async function createLane(postgresUrl: string, guard: Guard): Promise<Lane> {
  const folder = await mkdtemp(join(tmpdir(), "darkroom-faults-"));
  guard.removeFolder(folder);
  const { service, url } = await prepareEmbeddedRedis({
    dir: join(folder, "redis"),
    port: await freePort(),
    logFile: join(folder, "redis.log"),
    persist: false,
  });
  let running = await runService(service, guard);
  const redis = createRedis(url, { role: "commands", onError: () => undefined });
  await whenReady(redis);
  const simulator = await createSimulator({ port: 0, stepMs: STEP_MS, loadMs: 50 });
  return {
    postgresUrl,
    redisUrl: url,
    redis,
    keys: createKeys(),
    simulator,
    folder,
    patience: createPatience(),
    stopRedis: () => running.stop(),
    startRedis: async () => {
      running = await runService(service, guard);
    },
    close: async () => {
      redis.disconnect();
      await simulator.close();
      await running.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
