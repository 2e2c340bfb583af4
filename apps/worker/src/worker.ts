import { setTimeout as sleep } from "node:timers/promises";
import type { ComfyAccess } from "@darkroom/comfyui";
import { failpoint, type InstanceReport, newId, type Tracer } from "@darkroom/contracts";
import type { Database, SlotKind } from "@darkroom/db";
import { createTasks, type Tasks, type Waits } from "@darkroom/monitor";
import type { ConnectionHealth, Publisher, Queue, Subscriber } from "@darkroom/queue";
import type { Storage } from "@darkroom/storage";
import type { Logger } from "pino";
import { createAnnouncer } from "./announcer.ts";
import type { Attempt } from "./attempt/attempt.ts";
import { type Backend, createBackend } from "./backend/backend.ts";
import { createMetrics, type Metrics } from "./health/metrics.ts";
import { startMaintenance } from "./maintenance.ts";
import type { Settings } from "./settings.ts";
import { startHeartbeat } from "./slots/heartbeat.ts";
import { createHeldWork, type HeldWork } from "./slots/held-work.ts";
import { createProcessor, type Processor } from "./slots/processor.ts";
import { createSavings } from "./slots/savings.ts";
import { createStorageGate } from "./storage-gate.ts";
import { startFileSweep } from "./sweep-files.ts";

export interface WorkerParts {
  readonly database: Database;
  readonly queue: Queue;
  readonly publisher: Publisher;
  readonly subscriber: Subscriber;
  readonly storage: Storage;
  readonly backendUrls: readonly string[];
  /** What a backend wants of its callers, by its URL; without an entry: nothing. */
  readonly backendAccess?: ReadonlyMap<string, ComfyAccess>;
  readonly settings: Settings;
  readonly log: Logger;
  /** Default: a fresh id. */
  readonly workerId?: string;
  /** How its process' connections to Redis are, by what each is for. */
  readonly redisHealth?: Readonly<Record<string, () => ConnectionHealth>>;
  /** What its process waits for, told among its metrics. */
  readonly waits?: Waits;
  /** Where the steps of its attempts are noted; without it nowhere. */
  readonly tracer?: Tracer;
  /** Where its background tasks are noted, beside those of its process. */
  readonly tasks?: Tasks;
}

/** A worker process without the process: it holds slots, takes, runs, settles, and does its share of maintenance. */
export interface Worker {
  readonly workerId: string;
  readonly metrics: Metrics;
  readonly isStopping: boolean;
  /** Backend id → whether it answers. */
  backends(): ReadonlyMap<string, boolean>;
  /** What operators are told of it. */
  facts(): Pick<InstanceReport, "worker" | "tasks">;
  start(): void;
  /**
   * Takes nothing more, withdraws what only waits on a backend, lets running jobs end within `graceMs` and releases the
   * others: their prompts run on, and the next worker adopts them.
   */
  stop(graceMs: number): Promise<void>;
  /** Vanishes as `kill -9` would: nothing is released, settled or told. For tests. */
  crash(): Promise<void>;
}

const nowhere: Tracer = { isOn: false, step: () => undefined };

export function createWorker(parts: WorkerParts): Worker {
  const { database, publisher, subscriber, settings, workerId = newId(), tasks = createTasks() } = parts;
  const log = parts.log.child({ workerId });
  const heldWork = createHeldWork();
  const announcer = createAnnouncer(publisher, log);
  const { minFreeBytes } = settings;
  const storageGate = createStorageGate({ storage: parts.storage, minFreeBytes, log });
  const notifyAll = (): void => {
    for (const { wakeup } of processors) wakeup.notify();
  };

  const backends: readonly Backend[] = parts.backendUrls.map((url) =>
    createBackend(url, {
      ...{ database, workerId, settings, log, onReady: notifyAll },
      access: parts.backendAccess?.get(url),
    }),
  );
  const states = (): ReadonlyMap<string, boolean> =>
    new Map(backends.map((backend) => [backend.backendId, backend.isUp()]));
  const metrics = createMetrics({ workerId, redis: parts.redisHealth ?? {}, waits: parts.waits }, () => ({
    running: heldWork.attempts.size,
    slots: heldWork.slots.size,
    backends: states(),
    frames: new Map(backends.map(({ backendId, client }) => [backendId, client.frameCounts()])),
  }));
  const processors = backends.flatMap((backend) => {
    const kinds: SlotKind[] = Array.from({ length: settings.concurrency }, () => "run");
    if (settings.preparesNext) kinds.push("next");
    const savings = createSavings();
    const own: Processor[] = kinds.map((kind, index) => {
      const notifyOthers = (): void => own.forEach((other, at) => void (at === index || other.wakeup.notify()));
      const shared = { heldWork, savings, announcer, storageGate, workerId, metrics, log };
      return createProcessor({ tracer: nowhere, ...parts, ...shared, backend, kind, notifyOthers });
    });
    return own;
  });

  let isStopping = false;
  let loops: Promise<unknown> = Promise.resolve();
  let ends: (() => unknown)[] = [];

  return {
    workerId,
    metrics,
    get isStopping() {
      return isStopping;
    },
    backends: states,
    facts: () => ({ worker: factsOf(heldWork, backends), tasks: [...tasks.reports()] }),

    start: () => {
      const heartbeat = startHeartbeat({ ...parts, heldWork, workerId, leaseSeconds: settings.leaseSeconds, log });
      const maintenance = startMaintenance({ ...parts, announcer, tasks, log });
      const fileSweep = startFileSweep({ ...parts, tasks, log });
      ends = [
        () => fileSweep.stop(),
        () => heartbeat.stop(),
        () => maintenance.stop(),
        subscriber.onWake(notifyAll),
        subscriber.onReconnect(notifyAll),
        subscriber.onCancel(workerId, (jobId) => heldWork.attempts.get(jobId)?.ask("cancel")),
      ];
      for (const backend of backends) backend.start();
      loops = Promise.all(processors.map((processor) => processor.run()));
    },

    stop: async (graceMs) => {
      isStopping = true;
      await failpoint("shutdown.begun");
      for (const processor of processors) processor.quiet();
      for (const attempt of heldWork.attempts.values()) {
        if (attempt.isBehind) attempt.ask("release");
        else if (outlasts(attempt, graceMs)) letGo(attempt);
      }
      const timer = new AbortController();
      const grace = sleep(graceMs, undefined, { signal: timer.signal }).then(
        () => {
          for (const attempt of heldWork.attempts.values()) letGo(attempt);
        },
        () => undefined,
      );
      await loops;
      await failpoint("shutdown.drained");
      timer.abort();
      await grace;
      await Promise.all(ends.map((end) => end()));
      await Promise.all(backends.map((backend) => backend.stop()));
    },

    crash: async () => {
      isStopping = true;
      for (const processor of processors) processor.crash();
      for (const attempt of heldWork.attempts.values())
        attempt.abort({ type: "lease-lost", why: "the worker crashed" });
      await Promise.all(ends.map((end) => end()));
      await Promise.all(backends.map((backend) => backend.stop()));
      await loops;
    },
  };
}

function factsOf({ attempts, slots }: HeldWork, backends: readonly Backend[]): InstanceReport["worker"] {
  return {
    running: attempts.size,
    slots: slots.size,
    backends: backends.map((backend) => ({
      backendId: backend.backendId,
      isUp: backend.isUp(),
      isResting: backend.isResting(),
    })),
  };
}

/** True if it is known that the attempt ends after the grace: then waiting would only delay the shutdown. */
const outlasts = ({ etaSeconds }: Attempt, graceMs: number): boolean =>
  etaSeconds !== null && etaSeconds * 1000 > graceMs;

/** Its prompt runs on, for the next worker to adopt. */
const letGo = (attempt: Attempt): void => attempt.abort({ type: "released", why: "the worker stops" });
