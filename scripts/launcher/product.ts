import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { prepareEmbeddedPostgres } from "../embedded/postgres.ts";
import { prepareEmbeddedRedis } from "../embedded/redis.ts";
import { createGuard } from "../processes/guard.ts";
import { freePort, isPortFree } from "../processes/ports.ts";
import type { ServiceProcess } from "../processes/service-process.ts";
import { type Supervised, supervise } from "../processes/supervise.ts";
import { buildWeb } from "./build-web.ts";
import { keptSecret } from "./data-dir.ts";
import { type LauncherEnvironment, withoutEmpty } from "./environment.ts";
import { LaunchFailure } from "./launch-failure.ts";
import { reachPostgres, reachRedis } from "./reach-services.ts";
import { runScript } from "./run-script.ts";
import { simulatorService, webService, workerService } from "./services.ts";

export interface ProductOptions {
  root: string;
  mode: "production" | "development";
  environment: LauncherEnvironment;
  /** Passed on to the processes, with what the launcher adds. */
  env: NodeJS.ProcessEnv;
  /** Made by `makeDataDir` and locked by the caller. */
  dataDir: string;
  say(line: string): void;
  /** Ends the start early; what had started is stopped. */
  signal: AbortSignal;
}

export interface Product {
  /** `http://localhost:3000`. */
  address: string;
  /** What each part runs on, for people. */
  parts: { name: string; label: string }[];
  databaseUrl: string;
  redisUrl: string;
  /** An address to become the first admin with; null if there is one already. */
  adminLink: string | null;
  /** Pids by name, as they are now. */
  pids(): Record<string, number>;
  stop(): Promise<void>;
}

/** Stop dependents first; services in one row stop in parallel. */
const stopOrder = [["web", "worker"], ["simulator"], ["valkey", "redis"], ["postgres"]];

/** Starts everything in order, supervised. Throws {@link LaunchFailure}, with everything stopped, if a part can't start. */
export async function startProduct(options: ProductOptions): Promise<Product> {
  const { root, environment, dataDir, say } = options;
  const logs = join(dataDir, "logs");
  const guard = createGuard();
  /** Ends what is still starting once a part has failed. */
  const failed = new AbortController();
  const starting = AbortSignal.any([options.signal, failed.signal]);
  let building = Promise.resolve(false);
  const byName = new Map<string, Supervised>();
  const parts: Product["parts"] = [];
  if (environment.databaseUrl !== null)
    parts.push({ name: "Postgres", label: withoutPassword(environment.databaseUrl) });
  if (environment.redisUrl !== null) parts.push({ name: "Redis", label: withoutPassword(environment.redisUrl) });
  if (environment.comfyuiUrls !== null)
    parts.push({ name: "ComfyUI", label: environment.comfyuiUrls.map(withoutPassword).join(", ") });

  const start = async (service: ServiceProcess) => {
    byName.set(service.name, await supervise(service, { guard, say, signal: starting }));
    starting.throwIfAborted();
  };
  const stop = async () => {
    for (const names of stopOrder) await Promise.all(names.map((name) => byName.get(name)?.stop()));
    await guard.close();
  };

  try {
    await refuseTakenPorts(environment);
    if (environment.databaseUrl !== null) await reachPostgres(environment.databaseUrl);
    if (environment.redisUrl !== null) await reachRedis(environment.redisUrl);
    if (options.mode === "production") building = buildWeb(root, guard, starting);
    building.catch(() => {});
    const [databaseUrl, redisUrl, comfyuiUrls] = await all(
      environment.databaseUrl ?? startPostgres(),
      environment.redisUrl ?? startRedis(),
      environment.comfyuiUrls ?? startSimulator(),
    );

    const workerPort = environment.workerPort ?? (await freePort(environment.port === 3001 ? 3002 : 3001));
    const env = {
      ...withoutEmpty(options.env),
      NODE_ENV: options.mode,
      PORT: String(environment.port),
      HOST: environment.host,
      DATABASE_URL: databaseUrl,
      REDIS_URL: redisUrl,
      COMFYUI_URLS: comfyuiUrls.join(","),
      DATA_DIR: dataDir,
      STORAGE_URL: environment.storageUrl ?? pathToFileURL(join(dataDir, "storage")).href,
      AUTH_SECRET: environment.authSecret ?? keptSecret(join(dataDir, "auth-secret")),
      WORKER_PORT: String(workerPort),
    };
    await migrate(env);
    if (await building) say("Built the pages.");
    starting.throwIfAborted();
    const where = { root, env, logs };
    const [, , link] = await all(
      start(webService(where, environment)),
      start(workerService(where, workerPort)),
      adminLink(env),
    );
    return {
      address: addressOf(environment),
      parts,
      databaseUrl,
      redisUrl,
      adminLink: link,
      pids: () => Object.fromEntries([...byName].map(([name, { pid }]) => [name, pid])),
      stop,
    };
  } catch (error) {
    failed.abort();
    await building.catch(() => {});
    await stop();
    throw error instanceof LaunchFailure || options.signal.aborted ? error : new LaunchFailure(messageOf(error));
  }

  async function startPostgres(): Promise<string> {
    const postgres = await prepareEmbeddedPostgres({
      dataDir: join(dataDir, "postgres"),
      port: await freePort(),
      password: keptSecret(join(dataDir, "postgres-password")),
      durable: true,
      logFile: join(logs, "postgres.log"),
    });
    parts.push({ name: "Postgres", label: `embedded ${postgres.version} · ${join(dataDir, "postgres")}` });
    await start({ ...postgres.service, stopTimeoutMs: 5000 });
    return postgres.url;
  }

  async function startRedis(): Promise<string> {
    const redis = await prepareEmbeddedRedis({
      dir: join(dataDir, "redis"),
      port: await freePort(),
      logFile: join(logs, "redis.log"),
      persist: true,
    });
    parts.push({ name: "Redis", label: redis.label });
    await start({ ...redis.service, stopTimeoutMs: 2000 });
    return redis.url;
  }

  async function startSimulator(): Promise<string[]> {
    // The same port each time where possible: a backend is known by its address.
    const port = environment.simulatorPort ?? (await freePort(18_188));
    const env = {
      ...withoutEmpty(options.env),
      SIMULATOR_PORT: String(port),
      SIMULATOR_DIR: join(dataDir, "simulator"),
    };
    await start(simulatorService({ root, env, logs }, port));
    const url = `http://127.0.0.1:${port}`;
    parts.push({
      name: "ComfyUI",
      label: `simulator · ${url} (draws stand-in pictures; set COMFYUI_URLS for real ones)`,
    });
    return [url];
  }

  async function migrate(env: NodeJS.ProcessEnv) {
    const { status, lastLine } = await runScript(root, "packages/db/src/migrate/main.ts", env);
    if (status !== 0) throw new LaunchFailure(`DATABASE_URL: migrating the database failed: ${lastLine}`);
  }

  /** A failure here must not stop a start: the link can be had again. */
  async function adminLink(env: NodeJS.ProcessEnv): Promise<string | null> {
    const script = "packages/auth/src/admin-link-main.ts";
    if (!existsSync(join(root, script))) return null;
    const { status, lastLine } = await runScript(root, script, env);
    if (status !== 0) {
      say(`No admin link could be made: ${lastLine}`);
      return null;
    }
    return lastLine === "" ? null : new URL(lastLine, addressOf(environment)).href;
  }
}

/** `Promise.all`, but a failure waits for the others to settle: what has started by then can be stopped. */
async function all<T extends unknown[]>(...work: { [K in keyof T]: T[K] | Promise<T[K]> }): Promise<T> {
  await Promise.allSettled(work);
  return Promise.all(work) as Promise<T>;
}

/** Before anything is started, so that the one who reads it need not wait. */
async function refuseTakenPorts({ port, host, simulatorPort, workerPort, comfyuiUrls }: LauncherEnvironment) {
  const wanted: [string, number | null, string][] = [
    ["PORT", port, host],
    ["SIMULATOR_PORT", comfyuiUrls === null ? simulatorPort : null, "127.0.0.1"],
    ["WORKER_PORT", workerPort, "127.0.0.1"],
  ];
  for (const [variable, wish, at] of wanted) {
    if (wish === null || (await isPortFree(wish, at))) continue;
    throw new LaunchFailure(
      `${variable}: port ${wish} of ${at} is taken or not ours to use; free it or set ${variable} to another`,
    );
  }
}

function addressOf({ port, host }: LauncherEnvironment): string {
  const name = ["127.0.0.1", "0.0.0.0", "::", "::1"].includes(host) ? "localhost" : host;
  return `http://${name.includes(":") ? `[${name}]` : name}:${port}`;
}

function withoutPassword(url: string): string {
  const shown = new URL(url);
  shown.password = "";
  return shown.href;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
