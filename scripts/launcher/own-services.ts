import { join } from "node:path";
import { prepareEmbeddedPostgres } from "../embedded/postgres.ts";
import { prepareEmbeddedRedis } from "../embedded/redis.ts";
import { freePort } from "../processes/ports.ts";
import type { ServiceProcess } from "../processes/service-process.ts";
import type { Programs } from "../programs/programs.ts";
import { keptSecret } from "./data-dir.ts";
import { type LauncherEnvironment, withoutEmpty } from "./environment.ts";
import { simulatorService } from "./services.ts";

/** What a part of the product runs on, for people. */
export interface PartLabel {
  name: string;
  label: string;
}

/** Where the launcher keeps what it starts, and how it starts it. */
export interface LaunchSite {
  root: string;
  dataDir: string;
  logs: string;
  /** Resolves once the service is ready; from then on it is kept alive. */
  start(service: ServiceProcess): Promise<void>;
  /** Told of each part as soon as it is known what it runs on. */
  onPart(part: PartLabel): void;
}

/** Postgres of our own, for an environment that names none. Returns its address. */
export async function startOwnPostgres({ dataDir, logs, start, onPart }: LaunchSite): Promise<string> {
  const postgres = await prepareEmbeddedPostgres({
    dataDir: join(dataDir, "postgres"),
    port: await freePort(),
    password: keptSecret(join(dataDir, "postgres-password")),
    durable: true,
    logFile: join(logs, "postgres.log"),
  });
  onPart({ name: "Postgres", label: `embedded ${postgres.version} · ${join(dataDir, "postgres")}` });
  await start({ ...postgres.service, stopTimeoutMs: 5000 });
  return postgres.url;
}

/** Redis of our own, for an environment that names none. Returns its address. */
export async function startOwnRedis({ dataDir, logs, start, onPart }: LaunchSite): Promise<string> {
  const redis = await prepareEmbeddedRedis({
    dir: join(dataDir, "redis"),
    port: await freePort(),
    logFile: join(logs, "redis.log"),
    persist: true,
  });
  onPart({ name: "Redis", label: redis.label });
  await start({ ...redis.service, stopTimeoutMs: 2000 });
  return redis.url;
}

/** The simulator, for an environment that names no ComfyUI. Returns the addresses of the servers: one. */
export async function startSimulator(
  { root, dataDir, logs, start, onPart }: LaunchSite,
  programs: Programs,
  { simulatorPort }: LauncherEnvironment,
  given: NodeJS.ProcessEnv,
): Promise<string[]> {
  // The same port each time where possible: a backend is known by its address.
  const port = simulatorPort ?? (await freePort(18_188));
  const env = { ...withoutEmpty(given), SIMULATOR_PORT: String(port), SIMULATOR_DIR: join(dataDir, "simulator") };
  await start(simulatorService({ root, programs, env, logs }, port));
  const url = `http://127.0.0.1:${port}`;
  onPart({ name: "ComfyUI", label: `simulator · ${url} (draws stand-in pictures; set COMFYUI_URLS for real ones)` });
  return [url];
}
