import {
  type ComfyAccess,
  type ComfyClient,
  ComfyProtocolError,
  createComfyClient,
  isRefused,
  type QueueState,
  type SystemStats,
} from "@darkroom/comfyui";
import { type BackendReport, type Database, upsertBackend } from "@darkroom/db";
import type { Logger } from "pino";
import type { Settings } from "../settings.ts";
import { createWakeup, type Wakeup } from "../wakeup.ts";
import { type Catalog, type CatalogReader, createCatalogReader } from "./catalog.ts";
import { type CircuitBreaker, createCircuitBreaker } from "./circuit-breaker.ts";
import { createWarmModel, type WarmModel } from "./warm-model.ts";

/** One ComfyUI server as this worker sees it. */
export interface Backend extends Pick<CircuitBreaker, "isResting" | "rest" | "failed" | "quarantine" | "worked"> {
  readonly backendId: string;
  readonly client: ComfyClient;
  /** Null until it was read once. */
  readonly catalog: Catalog | null;
  /** The model that is loaded once everything ran that was sent here; null if that is unknown. */
  readonly warmModelKey: string | null;
  warm(modelKey: string): void;
  /** Answers, is known, and no operator drains it: new jobs may go there. */
  isReady(): boolean;
  isUp(): boolean;
  /** Answers and is drained by an operator: it takes nothing new, and what nobody wants is removed from it. */
  isDraining(): boolean;
  /** Something failed to reach it: ask now instead of at the next tick. */
  suspect(): void;
  /** A run was given up since it does not answer: it gets nothing until a probe is answered. */
  silent(): void;
  /** Its process is known to be gone: it gets nothing until it answers again. */
  gone(): void;
  start(): void;
  stop(): Promise<void>;
}

/** Two failed probes in a row, each given up after this long, the second soon after the first: down within 10 s. */
const PROBE_TIMEOUT_MS = 3000;

interface BackendParts {
  /** What it wants of its callers; undefined: nothing. */
  readonly access: ComfyAccess | undefined;
  readonly database: Database;
  readonly workerId: string;
  readonly settings: Settings;
  readonly log: Logger;
  /** Called when it becomes ready. */
  readonly onReady: () => void;
}

/** What the probes of a backend share, and what they have found. */
interface Probed extends BackendParts {
  readonly url: string;
  readonly backendId: string;
  readonly client: ComfyClient;
  readonly wakeup: Wakeup;
  readonly circuit: CircuitBreaker;
  readonly catalog: CatalogReader;
  readonly warmModel: WarmModel;
  isUp: boolean;
  isDraining: boolean;
  isDialled: boolean;
  isStopped: boolean;
  /** It refused a connection, and has not answered since: its process has ended. */
  isGone: boolean;
  /** A run was given up since it does not answer, and no probe has been answered since. */
  isSilent: boolean;
  /** Whether the log says already that it does not answer. */
  isAwaySaid: boolean;
  /** Probes in a row that failed. */
  failures: number;
}

/** Does nothing until started. */
export function createBackend(url: string, parts: BackendParts): Backend {
  const { settings } = parts;
  const backendId = backendIdOf(url);
  const log = parts.log.child({ backend: backendId });
  const client = createComfyClient({
    baseUrl: url,
    timeouts: { statusMs: PROBE_TIMEOUT_MS },
    ...(parts.access && { access: parts.access }),
  });
  const wakeup = createWakeup();
  const { notify } = wakeup;
  const circuit = createCircuitBreaker({ restMs: settings.restMs, onRest: notify, log });
  const catalog = createCatalogReader(client, { maxAgeMs: settings.catalogMs, onRead: notify, log });
  const warmModel = createWarmModel();
  const found = {
    isUp: false,
    isDraining: false,
    isDialled: false,
    isStopped: false,
    isGone: false,
    isSilent: false,
    failures: 0,
    isAwaySaid: false,
  };
  const probed: Probed = { ...parts, url, backendId, client, log, wakeup, circuit, catalog, warmModel, ...found };
  let loop: Promise<void> = Promise.resolve();

  return {
    backendId,
    client,
    get catalog() {
      return catalog.catalog;
    },
    get warmModelKey() {
      return warmModel.key;
    },
    warm: warmModel.note,
    isReady: () => isReady(probed),
    isUp: () => probed.isUp,
    isDraining: () => probed.isUp && probed.isDraining && !probed.isStopped,
    suspect: notify,
    silent: () => {
      probed.isSilent = true;
      notify();
    },
    gone: () => down(probed, "nothing listens there"),
    isResting: circuit.isResting,
    rest: circuit.rest,
    failed: circuit.failed,
    quarantine: circuit.quarantine,
    worked: circuit.worked,
    start: () => {
      loop = probeUntilStopped(probed);
    },
    stop: async () => {
      probed.isStopped = true;
      notify();
      await client.close();
      await Promise.all([loop, catalog.idle()]);
    },
  };
}

/** `host:port`, with the path if there is one: how every worker names the same server. */
function backendIdOf(url: string): string {
  const { hostname, port, protocol, pathname } = new URL(url);
  return `${hostname}:${port || (protocol === "https:" ? 443 : 80)}${pathname.replace(/\/+$/, "")}`;
}

function isReady({ isUp, isSilent, isDraining, isStopped, catalog, circuit }: Probed): boolean {
  return isUp && !isSilent && !isDraining && catalog.catalog !== null && !isStopped && !circuit.isResting();
}

async function probeUntilStopped(probed: Probed): Promise<void> {
  while (!probed.isStopped) {
    await probe(probed);
    if (!probed.isStopped) await probed.wakeup.wait(pauseMs(probed));
  }
}

/** A backend that missed one probe is asked again soon, and one that stays away more seldom. */
function pauseMs({ failures, settings }: Probed): number {
  if (failures === 1) return settings.probeMs / 5;
  return failures > 3 ? settings.probeMs * 2 : settings.probeMs;
}

async function probe(probed: Probed): Promise<void> {
  const { client, circuit, catalog, log } = probed;
  const wasReady = isReady(probed);
  let stats: SystemStats | null = null;
  let queue: QueueState | null = null;
  try {
    [stats, queue] = await Promise.all([client.systemStats(), client.queue().catch(() => null)]);
    await circuit.check(client);
    probed.failures = 0;
    probed.isGone = false;
    probed.isSilent = false;
    catalog.refresh();
    const { isKnown } = catalog;
    if (isKnown && !probed.isUp) log.info({ version: stats.version }, "backend is up");
    probed.isUp = isKnown;
    probed.isAwaySaid = false;
    if (isKnown) await dial(probed);
  } catch (error) {
    missed(probed, error);
  }
  if (probed.isStopped) return;
  await report(probed, stats, queue).catch((error: unknown) =>
    log.warn({ err: error }, "could not store the backend's state"),
  );
  if (!wasReady && isReady(probed)) probed.onReady();
}

function missed(probed: Probed, error: unknown): void {
  probed.failures += 1;
  // One missed answer is a busy server; at the start it is a server that is not there. A refused one is not there for sure.
  probed.isGone ||= isRefused(error);
  if (probed.failures >= 2 || probed.isGone) down(probed, error);
  else probed.log.debug({ err: error }, "a probe failed");
}

/** It gets nothing until a probe is answered. Said once, whoever finds it out first. */
function down(probed: Probed, reason: unknown): void {
  const { client, catalog, warmModel, log } = probed;
  if (!probed.isAwaySaid) log.warn({ err: reason }, wordsFor(reason));
  probed.isAwaySaid = true;
  probed.isUp = false;
  catalog.forget();
  // Fail pending calls now instead of letting them time out.
  client.abandonCalls("the backend is down");
  warmModel.note(null);
}

function wordsFor(reason: unknown): string {
  const isStranger = reason instanceof ComfyProtocolError && (reason.status === 401 || reason.status === 403);
  return isStranger ? "backend is down: it does not let us in, see COMFYUI_ACCESS_FILE" : "backend is down";
}

/** Before the first job, so that nobody misses its first frames. The client redials by itself after a first success. */
async function dial(probed: Probed): Promise<void> {
  if (probed.isDialled) return;
  try {
    await probed.client.connect();
    probed.isDialled = true;
  } catch (error) {
    // Without a socket jobs run all the same: they are followed over HTTP.
    probed.log.debug({ err: error }, "the socket could not be opened");
  }
}

/** Stores what is known of the backend, and learns what other workers and operators have stored. */
async function report(probed: Probed, stats: SystemStats | null, queue: QueueState | null): Promise<void> {
  const { database, backendId, url, workerId, catalog, warmModel } = probed;
  const news = catalog.news();
  const warmNews = warmModel.news();
  const notes = await upsertBackend(database, {
    backendId,
    url,
    workerId,
    state: stateNow(probed, stats !== null),
    version: stats?.version ?? null,
    catalog: news.catalog?.nodes ?? null,
    catalogHash: news.catalog?.hash ?? null,
    nodeInfo: news.info,
    stats: stats === null ? null : { ...stats },
    models: news.catalog?.files ?? null,
    prompts: queue === null ? null : { running: queue.running.length, pending: queue.pending.length },
    warmModel: warmNews,
  });
  catalog.stored(news);
  warmModel.stored(warmNews, notes.warmModel);
  probed.isDraining = notes.draining;
}

function stateNow({ isUp, isGone, circuit }: Probed, answers: boolean): BackendReport["state"] {
  if (isGone) return "gone";
  if (!isUp) return answers ? "starting" : "down";
  return circuit.isResting() ? "down" : "up";
}
