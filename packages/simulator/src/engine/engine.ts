import type { ModelKind } from "../nodes/node-type.ts";
import { createHistory, type History } from "../prompts/history.ts";
import { createLedger, type Ledger } from "../prompts/ledger.ts";
import { createPromptQueue, type PromptQueue } from "../prompts/prompt-queue.ts";
import { clientOf, type PromptItem } from "../protocol/graph.ts";
import type { Site } from "../site/site.ts";
import type { Sockets } from "../transport/sockets.ts";
import { execute } from "./executor.ts";
import { createInterrupt } from "./interrupt.ts";
import { createLifetime } from "./lifetime.ts";
import { createNodeCache } from "./node-cache.ts";
import { Killed } from "./node-faults.ts";

export interface Pace {
  /** One sampling step, in milliseconds at speed 1. */
  stepMs: number;
  /** Loading a model that is not in memory, in milliseconds at speed 1. */
  loadMs: number;
  /** From the outcome's frame to the entry in the history, in milliseconds at speed 1. */
  settleMs: number;
  /** Divides every wait. */
  speed: number;
}

/** The one worker of a server: takes prompts in order and runs them. */
export interface Engine {
  readonly queue: PromptQueue;
  readonly history: History;
  readonly ledger: Ledger;
  /** The running prompt's client and node, for who reconnects. */
  runningNode(sid: string): string | null;
  /** The models in memory. */
  loadedModels(): string[];
  interrupt(): void;
  /** Unloads models; with `memory` also forgets the cached nodes. */
  free(options: { models: boolean; memory: boolean }): void;
  /** Resolves when a prompt of this id ends next; its history is there and its last frame sent. */
  whenEnded(promptId: string): Promise<void>;
  run(): Promise<void>;
  /** Takes nothing more and cuts short what runs; `run` then returns. */
  stop(): void;
  /** Stops in the middle of whatever it does and leaves no trace of it, as a killed process. */
  kill(): void;
}

export function createEngine(
  site: Site,
  pace: Pace,
  sockets: () => Sockets,
  { ledgerFile, onKill }: { readonly ledgerFile?: string | undefined; readonly onKill: () => void },
): Engine {
  const { clock, faults } = site;
  const history = createHistory();
  const ledger = createLedger(clock, ledgerFile);
  const cache = createNodeCache();
  const waiters = new Map<string, (() => void)[]>();
  const models = new Map<ModelKind, string>();
  const interrupt = createInterrupt();
  const lifetime = createLifetime(clock);
  let current: { clientId: string | null; node: string | null } | null = null;

  const queue: PromptQueue = createPromptQueue(() => {
    sockets().send("status", { status: { exec_info: { queue_remaining: queue.remaining() } } }, null);
  });

  const sleep = (ms: number): Promise<void> => lifetime.sleep(ms / pace.speed);

  async function runItem(item: PromptItem): Promise<void> {
    const clientId = clientOf(item);
    current = { clientId, node: null };
    // What was raised before this prompt began was meant for another.
    interrupt.take();
    ledger.started(item);
    const record = await execute(item, {
      site,
      sockets: sockets(),
      cache,
      stepMs: () => pace.stepMs,
      loadMs: () => pace.loadMs,
      speed: () => pace.speed,
      sleep,
      async useModel(kind, name) {
        if (models.get(kind) !== name) await sleep(pace.loadMs);
        models.set(kind, name);
      },
      takeInterrupt: interrupt.take,
      async untilLifted(lifted, interruptible) {
        await Promise.race(interruptible ? [lifted, lifetime.over, interrupt.raised()] : [lifted, lifetime.over]);
        // Ends here if the server was killed meanwhile.
        await sleep(0);
      },
      kill: onKill,
      onNode(id) {
        current = { clientId, node: id };
      },
    });
    current = null;
    ledger.ended(record);
    // As ComfyUI: the history is written only after the outcome's frame, so a client that asks at the frame mostly finds nothing.
    await sleep(pace.settleMs);
    if (faults.strike("loseHistory") === null) history.add(record);
    queue.done(item);
    if (clientId !== null) sockets().send("executing", { node: null, prompt_id: item.promptId }, clientId);
    for (const resolve of waiters.get(item.promptId) ?? []) resolve();
    waiters.delete(item.promptId);
  }

  function stop(): void {
    queue.close();
    interrupt.raise();
    lifetime.stop();
  }

  return {
    queue,
    history,
    ledger,
    runningNode: (sid) => (current !== null && current.clientId === sid ? current.node : null),
    loadedModels: () => [...models.values()],
    interrupt: interrupt.raise,
    free({ models: unload, memory }) {
      if (unload || memory) models.clear();
      if (memory) cache.clear();
    },
    whenEnded: (promptId) =>
      new Promise((resolve) => {
        waiters.set(promptId, [...(waiters.get(promptId) ?? []), resolve]);
      }),
    stop,
    kill() {
      lifetime.kill();
      stop();
    },
    async run() {
      try {
        for (let item = await queue.take(); item !== null; item = await queue.take()) await runItem(item);
      } catch (error) {
        if (!(error instanceof Killed)) throw error;
      }
    },
  };
}
