import { createHash } from "node:crypto";
import {
  type ComfyClient,
  createComfyClient,
  type ModelFiles,
  nodeCatalog,
  nodeInfo,
  type QueueState,
  type SystemStats,
} from "@darkroom/comfyui";
import type { NodeCatalog, NodeInfo } from "@darkroom/contracts";
import { type Database, upsertBackend } from "@darkroom/db";
import type { Log } from "../log.ts";
import type { Settings } from "../settings.ts";
import { createBell } from "../wakeup.ts";
import { type Circuit, createCircuit } from "./circuit-breaker.ts";

/** What one ComfyUI server can run, and the hash that decisions about it are kept under. */
export interface Catalog {
  readonly nodes: NodeCatalog;
  readonly hash: string;
}

/** One ComfyUI server as this worker sees it. */
export interface Backend extends Pick<Circuit, "rest" | "failed" | "quarantine" | "worked"> {
  readonly backendId: string;
  readonly client: ComfyClient;
  /** Null until it was read once. */
  readonly catalog: Catalog | null;
  /** The model that is loaded once everything ran that was sent here; null if that is unknown. */
  readonly warmModelKey: string | null;
  warm(modelKey: string | null): void;
  /** Answers, is known, and no operator drains it: new jobs may go there. */
  isReady(): boolean;
  isUp(): boolean;
  /** Answers and is drained by an operator: it takes nothing new, and what nobody wants is removed from it. */
  isDraining(): boolean;
  /** Something failed to reach it: ask now instead of at the next tick. */
  suspect(): void;
  start(): void;
  stop(): Promise<void>;
}

/** `host:port`, with the path if there is one: how every worker names the same server. */
function backendIdOf(url: string): string {
  const { hostname, port, protocol, pathname } = new URL(url);
  return `${hostname}:${port || (protocol === "https:" ? 443 : 80)}${pathname.replace(/\/+$/, "")}`;
}

function hashOf(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 32);
}

/** Two failed probes in a row, each given up after this long, the second soon after the first: down within 10 s. */
const PROBE_TIMEOUT_MS = 3000;

interface BackendParts {
  readonly database: Database;
  readonly workerId: string;
  readonly settings: Settings;
  readonly log: Log;
  /** Called when it becomes ready. */
  readonly onReady: () => void;
}

/** Does nothing until started. */
export function createBackend(url: string, parts: BackendParts): Backend {
  const { database, workerId, settings } = parts;
  const backendId = backendIdOf(url);
  const log = parts.log.child({ backend: backendId });
  const client = createComfyClient({ baseUrl: url, timeouts: { statusMs: PROBE_TIMEOUT_MS } });
  const bell = createBell();
  const circuit = createCircuit({ restMs: settings.restMs, log });

  let catalog: (Catalog & { readonly files: ModelFiles | null }) | null = null;
  /** When it was read; never since the backend came up: minus infinity. */
  let catalogAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | null = null;
  let stored: string | null = null;
  /** Until it is stored; large, and of no use here. */
  let news: { readonly info: NodeInfo; readonly hash: string } | null = null;
  let storedInfo: string | null = null;
  let warmModelKey: string | null = null;
  /** True while only this worker knows of it. */
  let isWarmNews = false;
  let isUp = false;
  let failures = 0;
  let isDraining = false;
  let isDialled = false;
  let isStopped = false;
  let loop: Promise<void> = Promise.resolve();

  const isReady = (): boolean => isUp && !isDraining && catalog !== null && !isStopped && !circuit.isResting();

  async function probe(): Promise<void> {
    const wasReady = isReady();
    let stats: SystemStats | null = null;
    let queue: QueueState | null = null;
    try {
      [stats, queue] = await Promise.all([client.systemStats(), client.queue().catch(() => null)]);
      await circuit.check(client);
      failures = 0;
      if (performance.now() - catalogAt >= settings.catalogMs) readCatalogBeside();
      const isKnown = Number.isFinite(catalogAt);
      if (isKnown && !isUp) log.info({ version: stats.version }, "backend is up");
      isUp = isKnown;
      if (isUp) await dial();
    } catch (error) {
      failures += 1;
      // One missed answer is a busy server; at the start it is a server that is not there.
      if (failures >= 2 && isUp) log.warn({ err: error }, "backend is down");
      else log.debug({ err: error }, "a probe failed");
      if (failures >= 2) {
        isUp = false;
        // It may come back with other nodes.
        catalogAt = Number.NEGATIVE_INFINITY;
        // Whoever waits for an answer of it learns now what is known now.
        client.abandonCalls("the backend is down");
        // Whoever comes back has loaded nothing.
        warm(null);
      }
    }
    if (isStopped) return;
    await report(stats, queue).catch((error: unknown) =>
      log.warn({ err: error }, "could not store the backend's state"),
    );
    if (!wasReady && isReady()) parts.onReady();
  }

  /** With many custom nodes it takes longer than the silence after which a backend counts as gone: probes go on. */
  function readCatalogBeside(): void {
    reading ??= readCatalog()
      .then(
        () => bell.ring(),
        (error: unknown) => log.debug({ err: error }, "the nodes could not be read"),
      )
      .finally(() => {
        reading = null;
      });
  }

  async function readCatalog(): Promise<void> {
    const objectInfo = await client.objectInfo();
    const nodes = nodeCatalog(objectInfo);
    const hash = hashOf(nodes);
    if (hash !== catalog?.hash) {
      // The catalog names the files too, so nothing comes or goes without changing it.
      const files = await client.models().catch(() => null);
      catalog = { nodes, hash, files };
    }
    const info = nodeInfo(objectInfo);
    const infoHash = hashOf(info);
    if (infoHash !== storedInfo) news = { info, hash: infoHash };
    catalogAt = performance.now();
  }

  /** Before the first job, so that nobody misses its first frames. The client redials by itself after a first success. */
  async function dial(): Promise<void> {
    if (isDialled) return;
    try {
      await client.connect();
      isDialled = true;
    } catch (error) {
      // Without a socket jobs run all the same: they are followed over HTTP.
      log.debug({ err: error }, "the socket could not be opened");
    }
  }

  function warm(key: string | null): void {
    isWarmNews ||= key !== warmModelKey;
    warmModelKey = key;
  }

  function stateNow(answers: boolean): "up" | "starting" | "down" {
    if (!isUp) return answers ? "starting" : "down";
    return circuit.isResting() ? "down" : "up";
  }

  async function report(stats: SystemStats | null, queue: QueueState | null): Promise<void> {
    // Another may have been read by the time that this one is stored.
    const known = catalog;
    const unstored = known?.hash === stored ? null : known;
    const told = news;
    const toldWarm = isWarmNews ? (warmModelKey ?? "") : null;
    const notes = await upsertBackend(database, {
      backendId,
      url,
      workerId,
      state: stateNow(stats !== null),
      version: stats?.version ?? null,
      catalog: unstored?.nodes ?? null,
      catalogHash: unstored?.hash ?? null,
      nodeInfo: told,
      stats: stats === null ? null : { ...stats },
      models: unstored?.files ?? null,
      prompts: queue === null ? null : { running: queue.running.length, pending: queue.pending.length },
      warmModel: toldWarm,
    });
    stored = known?.hash ?? null;
    if (told !== null) storedInfo = told.hash;
    if (news === told) news = null;
    isDraining = notes.draining;
    if (toldWarm === (warmModelKey ?? "")) isWarmNews = false;
    // Another worker may have sent the last prompt.
    if (!isWarmNews) warmModelKey = notes.warmModel;
  }

  async function run(): Promise<void> {
    while (!isStopped) {
      await probe();
      if (!isStopped) await bell.wait(pauseMs());
    }
  }

  /** One who missed a probe is asked again soon; one who stays away, more seldom. */
  function pauseMs(): number {
    if (failures === 1) return settings.probeMs / 5;
    return failures > 3 ? settings.probeMs * 2 : settings.probeMs;
  }

  return {
    backendId,
    client,
    get catalog() {
      return catalog;
    },
    get warmModelKey() {
      return warmModelKey;
    },
    warm,
    isReady,
    isUp: () => isUp,
    isDraining: () => isUp && isDraining && !isStopped,
    suspect: () => bell.ring(),
    rest: () => {
      circuit.rest();
      bell.ring();
    },
    failed: () => {
      circuit.failed();
      bell.ring();
    },
    quarantine: (promptId) => {
      circuit.quarantine(promptId);
      bell.ring();
    },
    worked: circuit.worked,
    start: () => {
      loop = run();
    },
    stop: async () => {
      isStopped = true;
      bell.ring();
      await client.close();
      await Promise.all([loop, reading]);
    },
  };
}
