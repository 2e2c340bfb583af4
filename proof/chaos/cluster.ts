import { chmod, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createFaultProxy, type FaultProxy } from "@darkroom/fault-proxy";
import { createGuard } from "../../scripts/processes/guard.ts";
import type { ServiceProcess } from "../../scripts/processes/service-process.ts";
import {
  type ClusterSite,
  prepareSimulators,
  prepareWebs,
  prepareWorkers,
  publicUrl,
  startStores,
} from "./cluster-parts.ts";
import { createPart, type Part } from "./part.ts";
import { type ClusterStorage, createClusterStorage, type StorageKind } from "./storage.ts";

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
  readonly storage: StorageKind;
  readonly onCrash: (part: string, how: string) => void;
}

/** The whole product as real processes, every link between two of them through a proxy of its own. */
export interface Cluster {
  readonly postgres: Part;
  readonly redis: Part;
  readonly webs: readonly Part[];
  readonly workers: readonly Part[];
  readonly simulators: readonly Part[];
  /** By the link's name: `redis@worker-1`, `postgres@web-2`, `simulator-1`, `web-1`, `s3`. */
  readonly links: ReadonlyMap<string, FaultProxy>;
  /** Of the gateways, through their proxies. */
  readonly webUrls: readonly string[];
  /** Past the proxies, for those who look on. */
  readonly databaseUrl: string;
  readonly redisPort: number;
  /** The file that holds what is stored under a key. */
  readonly pathOf: (storageKey: string) => string;
  /** Written, with how many bytes still have room, it makes the workers' disk full until it is gone. */
  readonly fullDiskFile: string;
  readonly ledgerFiles: readonly string[];
  /** An Origin that every gateway accepts writes from. */
  readonly origin: string;
  close(): Promise<void>;
}

/** Starts everything; nothing of it runs on if that fails. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const { folder } = options;
  const logs = join(folder, "logs");
  await mkdir(logs, { recursive: true });
  await chmod(folder, 0o711);
  const guard = createGuard();
  const links = new Map<string, FaultProxy>();
  const parts: Part[] = [];
  let storage: ClusterStorage | null = null;

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
    await storage?.close();
    await guard.close();
  }

  try {
    storage = await createClusterStorage(options.storage, { folder, link });
    const fullDiskFile = join(folder, "disk-is-full");
    const site: ClusterSite = { root, folder, logs, storage, fullDiskFile, part, link };
    const stores = await startStores(site);
    const simulators = await prepareSimulators(site, { count: options.simulators, speed: options.speed });
    const webs = await prepareWebs(site, { count: options.webs, stores });
    const { leaseSeconds, concurrency } = options;
    const workers = await prepareWorkers(site, {
      count: options.workers,
      stores,
      comfyuiUrls: simulators.urls,
      leaseSeconds,
      concurrency,
    });
    await Promise.all([...simulators.parts, ...webs.parts, ...workers].map((one) => one.start()));
    return {
      postgres: stores.postgres,
      redis: stores.redis,
      webs: webs.parts,
      workers,
      simulators: simulators.parts,
      links,
      webUrls: webs.urls,
      databaseUrl: stores.databaseUrl,
      redisPort: stores.redisPort,
      pathOf: storage.pathOf,
      fullDiskFile,
      ledgerFiles: simulators.ledgerFiles,
      origin: publicUrl,
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
