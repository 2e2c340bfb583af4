import { chmod, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { createFaultProxy, type FaultProxy } from "../../apps/web/src/server/testing/fault-proxy.ts";
import { prepareEmbeddedPostgres } from "../../scripts/embedded/postgres.ts";
import { prepareEmbeddedRedis } from "../../scripts/embedded/redis.ts";
import { runScript } from "../../scripts/launcher/run-script.ts";
import { simulatorService, webService, workerService } from "../../scripts/launcher/services.ts";
import { createGuard } from "../../scripts/processes/guard.ts";
import { freePort, isListening } from "../../scripts/processes/ports.ts";
import type { ServiceProcess } from "../../scripts/processes/service-process.ts";
import { createPart, type Part } from "./part.ts";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

export interface ClusterOptions {
  /** Holds everything that the run leaves: data, logs, ledgers, outputs. Others must be able to enter it if we are root. */
  readonly folder: string;
  readonly webs: number;
  readonly workers: number;
  readonly simulators: number;
  readonly leaseSeconds: number;
  /** Divides the simulators' waits. */
  readonly speed: number;
  readonly concurrency: number;
  readonly onCrash: (part: string, how: string) => void;
}

/** The whole product as real processes, every link between two of them through a proxy of its own. */
export interface Cluster {
  readonly postgres: Part;
  readonly redis: Part;
  readonly webs: readonly Part[];
  readonly workers: readonly Part[];
  readonly simulators: readonly Part[];
  /** By the link's name: `redis@worker-1`, `postgres@web-2`, `simulator-1`, `web-1`. */
  readonly links: ReadonlyMap<string, FaultProxy>;
  /** Of the gateways, through their proxies. */
  readonly webUrls: readonly string[];
  /** Past the proxies, for those who look on. */
  readonly databaseUrl: string;
  readonly redisPort: number;
  readonly storageFolder: string;
  readonly ledgerFiles: readonly string[];
  /** An Origin that every gateway accepts writes from. */
  readonly origin: string;
  close(): Promise<void>;
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

/** Starts everything; nothing of it runs on if that fails. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const { folder } = options;
  const logs = join(folder, "logs");
  await mkdir(logs, { recursive: true });
  await chmod(folder, 0o711);
  const guard = createGuard();
  const links = new Map<string, FaultProxy>();
  const parts: Part[] = [];

  function part(service: ServiceProcess, name: string): Part {
    const logFile = join(logs, `${name}.log`);
    const made = createPart({ ...service, name, logFile }, { guard, onCrash: (how) => options.onCrash(name, how) });
    parts.push(made);
    return made;
  }

  async function link(name: string, targetPort: number): Promise<number> {
    const proxy = await createFaultProxy({ targetPort });
    links.set(name, proxy);
    return proxy.port;
  }

  async function close(): Promise<void> {
    await Promise.all([...links.values()].map((proxy) => proxy.heal()));
    // Nothing of this run is kept in a process: what matters is on disk, and a drain would only cost time.
    await Promise.all(parts.filter(({ name }) => name !== "postgres").map((one) => one.kill()));
    await Promise.all(parts.map((one) => one.stop()));
    await Promise.all([...links.values()].map((proxy) => proxy.close()));
    await guard.close();
  }

  try {
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
    const postgres = part({ ...embedded.service, args: [...embedded.service.args, ...kept] }, "postgres");
    const redis = part(
      (await prepareEmbeddedRedis({ dir: join(folder, "redis"), port: redisPort, persist: false })).service,
      "redis",
    );
    await Promise.all([postgres.start(), redis.start()]);

    const common = {
      ...process.env,
      NODE_ENV: "production",
      HOST: "127.0.0.1",
      DATA_DIR: folder,
      STORAGE_URL: pathToFileURL(join(folder, "storage")).href,
      AUTH_SECRET: "chaos".repeat(8),
      PUBLIC_URL: "http://chaos.test",
      LOG_LEVEL: "info",
    };
    const databaseUrl = embedded.url;
    const migrated = await runScript(root, "packages/db/src/migrate/main.ts", { ...common, DATABASE_URL: databaseUrl });
    if (migrated.status !== 0) throw new Error(`migrating failed: ${migrated.lastLine}`);

    const simulators: Part[] = [];
    const ledgerFiles: string[] = [];
    const comfyuiUrls: string[] = [];
    for (const number of numbers(options.simulators)) {
      const name = `simulator-${number}`;
      const port = await freePort();
      const ledger = join(folder, `${name}.ledger.jsonl`);
      const env = {
        ...common,
        SIMULATOR_PORT: String(port),
        SIMULATOR_DIR: join(folder, name),
        SIMULATOR_LEDGER: ledger,
        SIMULATOR_SPEED: String(options.speed),
      };
      simulators.push(part(simulatorService({ root, env, logs }, port), name));
      ledgerFiles.push(ledger);
      comfyuiUrls.push(`http://127.0.0.1:${await link(name, port)}`);
    }

    const throughProxies = async (name: string) => ({
      ...common,
      DATABASE_URL: databaseUrl.replace(`:${postgresPort}/`, `:${await link(`postgres@${name}`, postgresPort)}/`),
      REDIS_URL: `redis://127.0.0.1:${await link(`redis@${name}`, redisPort)}`,
    });

    const webs: Part[] = [];
    const webUrls: string[] = [];
    for (const number of numbers(options.webs)) {
      const name = `web-${number}`;
      const port = await freePort();
      const env = {
        ...(await throughProxies(name)),
        PORT: String(port),
        // The pages need a build and add nothing to what is proved here.
        WEB_ROLE: "gateway",
        SUBMITS_PER_MINUTE: "1000000",
        GENERATIONS_PER_HOUR: "1000000",
        MAX_WAITING_PER_OWNER: "1000000",
        MAX_WAITING: "1000000",
      };
      // Started again amid faults it may be unready for long; it is up as soon as it listens.
      const service = {
        ...webService({ root, env, logs }, { port, host: "127.0.0.1" }),
        isReady: () => isListening(port),
      };
      webs.push(part(service, name));
      webUrls.push(`http://127.0.0.1:${await link(name, port)}`);
    }

    const workers: Part[] = [];
    for (const number of numbers(options.workers)) {
      const name = `worker-${number}`;
      const port = await freePort();
      const env = {
        ...(await throughProxies(name)),
        WORKER_PORT: String(port),
        COMFYUI_URLS: comfyuiUrls.join(","),
        BACKEND_CONCURRENCY: String(options.concurrency),
        LEASE_SECONDS: String(options.leaseSeconds),
      };
      workers.push(part(workerService({ root, env, logs }, port), name));
    }
    await Promise.all([...simulators, ...webs, ...workers].map((one) => one.start()));

    return {
      postgres,
      redis,
      webs,
      workers,
      simulators,
      links,
      webUrls,
      databaseUrl,
      redisPort,
      storageFolder: join(folder, "storage"),
      ledgerFiles,
      origin: common.PUBLIC_URL,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Every part started, every backend seen, every link whole: the faults begin with a product that works. */
export async function untilReady({ webUrls, simulators }: Cluster, signal: AbortSignal): Promise<void> {
  const ask = async (webUrl: string) => {
    const answer = await fetch(`${webUrl}/api/ready`).catch(() => null);
    return (await answer?.json().catch(() => null)) as { status: string; backends: { up: number } } | null;
  };
  for (;;) {
    const reports = await Promise.all(webUrls.map(ask));
    if (reports.every((report) => report?.status === "ready" && report.backends.up === simulators.length)) return;
    if (signal.aborted) throw new Error(`never ready: ${JSON.stringify(reports)}`, { cause: signal.reason });
    await sleep(50);
  }
}
