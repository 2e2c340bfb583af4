import { join } from "node:path";
import { prepareEmbeddedPostgres } from "../../scripts/embedded/postgres.ts";
import { prepareEmbeddedRedis } from "../../scripts/embedded/redis.ts";
import { runScript } from "../../scripts/launcher/run-script.ts";
import { simulatorService, webService, workerService } from "../../scripts/launcher/services.ts";
import { freePort, isListening } from "../../scripts/processes/ports.ts";
import type { ServiceProcess } from "../../scripts/processes/service-process.ts";
import { givenPrograms } from "../../scripts/programs/programs.ts";
import type { Part } from "./part.ts";
import type { ClusterStorage } from "./storage.ts";

const programs = givenPrograms();

/** Where a cluster stands, and how its parts and the proxies between them are made. */
export interface ClusterSite {
  readonly root: string;
  readonly folder: string;
  readonly logs: string;
  readonly storage: ClusterStorage;
  /** While it is there, the workers' disk is full; see `full-disk.ts`. */
  readonly fullDiskFile: string;
  /** A process that is not started yet. */
  part(service: ServiceProcess, name: string): Part;
  /** A proxy of this name in front of a port; returns the proxy's own port. */
  link(name: string, targetPort: number): Promise<number>;
}

/** The stores of a cluster, which every web and worker reaches through proxies of its own. */
export interface Stores {
  readonly postgres: Part;
  readonly redis: Part;
  readonly postgresPort: number;
  readonly redisPort: number;
  /** Past the proxies. */
  readonly databaseUrl: string;
}

export const publicUrl = "http://chaos.test";

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

/** What every process of ours is given. */
function commonEnv(site: ClusterSite): NodeJS.ProcessEnv {
  return {
    ...process.env,
    NODE_ENV: "production",
    HOST: "127.0.0.1",
    DATA_DIR: site.folder,
    ...site.storage.env,
    AUTH_SECRET: "chaos".repeat(8),
    PUBLIC_URL: publicUrl,
    ALLOW_INSECURE_HTTP: "true",
    LOG_LEVEL: "info",
  };
}

async function storesEnv(site: ClusterSite, name: string, stores: Stores): Promise<NodeJS.ProcessEnv> {
  const { databaseUrl, postgresPort, redisPort } = stores;
  const postgresLink = await site.link(`postgres@${name}`, postgresPort);
  return {
    ...commonEnv(site),
    DATABASE_URL: databaseUrl.replace(`:${postgresPort}/`, `:${postgresLink}/`),
    REDIS_URL: `redis://127.0.0.1:${await site.link(`redis@${name}`, redisPort)}`,
  };
}

/** Postgres, migrated, and Redis: both run when this returns. */
export async function startStores(site: ClusterSite): Promise<Stores> {
  const { root, folder, logs } = site;
  const [postgresPort, redisPort] = [await freePort(), await freePort()];
  const embedded = await prepareEmbeddedPostgres({
    dataDir: join(folder, "postgres"),
    port: postgresPort,
    password: null,
    durable: false,
    logFile: join(logs, "postgres.log"),
  });
  // Killing processes does not lose what the kernel has, so nothing need reach the disk; but a commit must reach the kernel.
  const kept = ["-c", "synchronous_commit=on", "-c", "full_page_writes=on"];
  const postgres = site.part({ ...embedded.service, args: [...embedded.service.args, ...kept] }, "postgres");
  const redis = site.part(
    (await prepareEmbeddedRedis({ dir: join(folder, "redis"), port: redisPort, persist: false })).service,
    "redis",
  );
  await Promise.all([postgres.start(), redis.start()]);
  const databaseUrl = embedded.url;
  const env = { ...commonEnv(site), DATABASE_URL: databaseUrl };
  const migrated = await runScript(root, programs.migrate, env);
  if (migrated.status !== 0) throw new Error(`migrating failed: ${migrated.lastLine}`);
  return { postgres, redis, postgresPort, redisPort, databaseUrl };
}

/** `speed` divides their waits. */
export async function prepareSimulators(
  site: ClusterSite,
  { count, speed }: { count: number; speed: number },
): Promise<{ parts: Part[]; ledgerFiles: string[]; urls: string[] }> {
  const { root, folder, logs } = site;
  const made = { parts: [] as Part[], ledgerFiles: [] as string[], urls: [] as string[] };
  for (const number of numbers(count)) {
    const name = `simulator-${number}`;
    const port = await freePort();
    const ledger = join(folder, `${name}.ledger.jsonl`);
    const env = {
      ...commonEnv(site),
      SIMULATOR_PORT: String(port),
      SIMULATOR_DIR: join(folder, name),
      SIMULATOR_LEDGER: ledger,
      SIMULATOR_SPEED: String(speed),
    };
    made.parts.push(site.part(simulatorService({ root, programs, env, logs }, port), name));
    made.ledgerFiles.push(ledger);
    made.urls.push(`http://127.0.0.1:${await site.link(name, port)}`);
  }
  return made;
}

/** Gateways; `urls` are those of their proxies. */
export async function prepareWebs(
  site: ClusterSite,
  { count, stores }: { count: number; stores: Stores },
): Promise<{ parts: Part[]; urls: string[] }> {
  const { root, logs } = site;
  const made = { parts: [] as Part[], urls: [] as string[] };
  for (const number of numbers(count)) {
    const name = `web-${number}`;
    const port = await freePort();
    const env = {
      ...(await storesEnv(site, name, stores)),
      PORT: String(port),
      // The pages need a build and add nothing to what is proved here.
      WEB_ROLE: "gateway",
      SUBMITS_PER_MINUTE: "1000000",
      GENERATIONS_PER_HOUR: "1000000",
      MAX_WAITING_PER_OWNER: "1000000",
      MAX_WAITING: "1000000",
    };
    // Started again amid faults it may be unready for long; it is up as soon as it listens.
    const isReady = (): Promise<boolean> => isListening(port);
    const service = { ...webService({ root, programs, env, logs }, { port, host: "127.0.0.1" }), isReady };
    made.parts.push(site.part(service, name));
    made.urls.push(`http://127.0.0.1:${await site.link(name, port)}`);
  }
  return made;
}

export interface WorkerOptions {
  readonly count: number;
  readonly stores: Stores;
  readonly comfyuiUrls: readonly string[];
  readonly leaseSeconds: number;
  readonly concurrency: number;
}

const fullDisk = import.meta.resolve("./full-disk.ts");

export async function prepareWorkers(site: ClusterSite, options: WorkerOptions): Promise<Part[]> {
  const { root, logs } = site;
  const parts: Part[] = [];
  for (const number of numbers(options.count)) {
    const name = `worker-${number}`;
    const port = await freePort();
    const env = {
      ...(await storesEnv(site, name, options.stores)),
      WORKER_PORT: String(port),
      COMFYUI_URLS: options.comfyuiUrls.join(","),
      BACKEND_CONCURRENCY: String(options.concurrency),
      LEASE_SECONDS: String(options.leaseSeconds),
      CHAOS_FULL_DISK: site.fullDiskFile,
    };
    const service = workerService({ root, programs, env, logs }, { port, host: "127.0.0.1" });
    parts.push(site.part({ ...service, args: ["--import", fullDisk, ...service.args] }, name));
  }
  return parts;
}
