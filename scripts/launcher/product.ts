import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { shownRedisUrl } from "../../packages/queue/src/redis/redis-address.ts";
import { createGuard } from "../processes/guard.ts";
import { freePort, isPortFree } from "../processes/ports.ts";
import type { ServiceProcess } from "../processes/service-process.ts";
import { type Supervised, supervise } from "../processes/supervise.ts";
import { bundlePrograms } from "../programs/bundle-programs.ts";
import { bundledIn, type Programs, sources } from "../programs/programs.ts";
import { buildWeb } from "./build-web.ts";
import { keptSecret } from "./data-dir.ts";
import { isWorkerSecret, type LauncherEnvironment, withoutEmpty } from "./environment.ts";
import { LaunchFailure } from "./launch-failure.ts";
import { type LaunchSite, type PartLabel, startOwnPostgres, startOwnRedis, startSimulator } from "./own-services.ts";
import { reachPostgres, reachRedis } from "./reach-services.ts";
import { runScript } from "./run-script.ts";
import { webService, workerService } from "./services.ts";

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
  parts: PartLabel[];
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
  let building = Promise.resolve();
  const byName = new Map<string, Supervised>();
  const parts = givenParts(environment);

  const start = async (service: ServiceProcess) => {
    byName.set(service.name, await supervise(service, { guard, say, signal: starting }));
    starting.throwIfAborted();
  };
  const site: LaunchSite = { root, dataDir, logs, start, onPart: (part) => void parts.push(part) };
  const stop = async () => {
    for (const names of stopOrder) await Promise.all(names.map((name) => byName.get(name)?.stop()));
    await guard.close();
  };

  try {
    await refuseTakenPorts(environment);
    if (environment.databaseUrl !== null) await reachPostgres(environment.databaseUrl);
    if (environment.redisUrl !== null) await reachRedis(environment.redisUrl);
    if (options.mode === "production") building = buildWeb(root, { guard, signal: starting, say });
    building.catch(() => {});
    const bundling = options.mode === "production" ? bundlePrograms(root).then(bundledIn) : Promise.resolve(sources);
    const [programs, databaseUrl, redisUrl, comfyuiUrls] = await all(
      bundling,
      environment.databaseUrl ?? startOwnPostgres(site),
      environment.redisUrl ?? startOwnRedis(site),
      environment.comfyuiUrls ?? bundling.then((programs) => startSimulator(site, programs, environment, options.env)),
    );

    const workerPort = environment.workerPort ?? (await freePort(environment.port === 3001 ? 3002 : 3001));
    const env = {
      ...withoutEmpty(options.env),
      NODE_ENV: options.mode,
      PORT: String(environment.port),
      HOST: environment.host,
      DATABASE_URL: databaseUrl,
      REDIS_URL: redisUrl,
      // As it was given: the list that is read from it has no credentials.
      COMFYUI_URLS: environment.comfyuiUrls === null ? comfyuiUrls.join(",") : options.env.COMFYUI_URLS,
      DATA_DIR: dataDir,
      STORAGE_URL: environment.storageUrl ?? pathToFileURL(join(dataDir, "storage")).href,
      AUTH_SECRET: environment.authSecret ?? keptSecret(join(dataDir, "auth-secret")),
      WORKER_PORT: String(workerPort),
    };
    await migrate(root, programs, env);
    await building;
    starting.throwIfAborted();
    const where = { root, programs, env, logs };
    const ofWeb = Object.fromEntries(Object.entries(env).filter(([key]) => !isWorkerSecret(key)));
    const [, , link] = await all(
      start(webService({ ...where, env: ofWeb }, environment)),
      start(workerService(where, { port: workerPort, host: environment.workerHost })),
      adminLink(options, programs, env),
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
}

async function migrate(root: string, programs: Programs, env: NodeJS.ProcessEnv): Promise<void> {
  const { status, lastLine } = await runScript(root, programs.migrate, env);
  if (status !== 0) throw new LaunchFailure(`DATABASE_URL: migrating the database failed: ${lastLine}`);
}

/** Null if there is an admin already. A failure must not stop a start, since the link can be had again: it is said. */
async function adminLink(
  { root, environment, say }: ProductOptions,
  programs: Programs,
  env: NodeJS.ProcessEnv,
): Promise<string | null> {
  const { status, lastLine } = await runScript(root, programs["admin-link"], env);
  if (status !== 0) {
    say(`No admin link could be made: ${lastLine}`);
    return null;
  }
  return lastLine === "" ? null : new URL(lastLine, addressOf(environment)).href;
}

/** What the environment names; what it leaves out we start, and label then. */
function givenParts({ databaseUrl, redisUrl, comfyuiUrls }: LauncherEnvironment): PartLabel[] {
  const parts: PartLabel[] = [];
  if (databaseUrl !== null) parts.push({ name: "Postgres", label: withoutPassword(databaseUrl) });
  if (redisUrl !== null) parts.push({ name: "Redis", label: shownRedisUrl(redisUrl) });
  if (comfyuiUrls !== null) parts.push({ name: "ComfyUI", label: comfyuiUrls.map(withoutPassword).join(", ") });
  return parts;
}

/** `Promise.all`, but a failure waits for the others to settle: what has started by then can be stopped. */
async function all<T extends unknown[]>(...work: { [K in keyof T]: T[K] | Promise<T[K]> }): Promise<T> {
  await Promise.allSettled(work);
  return Promise.all(work) as Promise<T>;
}

/** Before anything is started, so that the one who reads it need not wait. */
async function refuseTakenPorts(environment: LauncherEnvironment) {
  const { port, host, simulatorPort, workerPort, workerHost, comfyuiUrls } = environment;
  const wanted: [string, number | null, string][] = [
    ["PORT", port, host],
    ["SIMULATOR_PORT", comfyuiUrls === null ? simulatorPort : null, "127.0.0.1"],
    ["WORKER_PORT", workerPort, workerHost],
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
