import { setMaxListeners } from "node:events";
import { setTimeout } from "node:timers/promises";
import { execute } from "./executor.ts";
import { clientOf, type PromptItem } from "./graph.ts";
import { createHistory, type History } from "./history.ts";
import { createLedger, type Ledger } from "./ledger.ts";
import { createNodeCache } from "./node-cache.ts";
import type { NodeSite } from "./nodes/node-type.ts";
import { createPromptQueue, type PromptQueue } from "./prompt-queue.ts";
import type { Sockets } from "./sockets.ts";

export interface Pace {
  /** One sampling step, in milliseconds at speed 1. */
  stepMs: number;
  /** Loading a model that is not in memory, in milliseconds at speed 1. */
  loadMs: number;
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
  interrupt(): void;
  /** Unloads models; with `memory` also forgets the cached nodes. */
  free(options: { models: boolean; memory: boolean }): void;
  /** Resolves when a prompt of this id ends next; its history is there and its last frame sent. */
  whenEnded(promptId: string): Promise<void>;
  run(): Promise<void>;
  /** Takes nothing more and cuts short what runs; `run` then returns. */
  stop(): void;
}

export function createEngine(
  site: NodeSite,
  pace: Pace,
  sockets: () => Sockets,
  { ledgerFile }: { readonly ledgerFile?: string | undefined } = {},
): Engine {
  const history = createHistory();
  const ledger = createLedger(ledgerFile);
  const cache = createNodeCache();
  const waiters = new Map<string, (() => void)[]>();
  let interrupted = false;
  let current: { clientId: string | null; node: string | null } | null = null;
  let model: string | null = null;

  const remaining = (): number => queue.remaining();
  const tellStatus = (): void =>
    sockets().send("status", { status: { exec_info: { queue_remaining: remaining() } } }, null);
  const queue: PromptQueue = createPromptQueue(tellStatus);

  const stopping = new AbortController();
  setMaxListeners(0, stopping.signal);
  const sleep = async (ms: number): Promise<void> => {
    if (stopping.signal.aborted) return;
    // Being stopped ends a wait; the next check for an interrupt ends the node.
    await setTimeout(ms / pace.speed, undefined, { signal: stopping.signal }).catch(() => {});
  };

  async function runItem(item: PromptItem): Promise<void> {
    const clientId = clientOf(item);
    current = { clientId, node: null };
    interrupted = false;
    ledger.started(item);
    const record = await execute(item, {
      site,
      sockets: sockets(),
      cache,
      stepMs: () => pace.stepMs,
      loadMs: () => pace.loadMs,
      speed: () => pace.speed,
      sleep,
      async useModel(name) {
        if (model !== name) await sleep(pace.loadMs);
        model = name;
      },
      takeInterrupt() {
        const waiting = interrupted;
        interrupted = false;
        return waiting;
      },
      onNode(id) {
        current = { clientId, node: id };
      },
    });
    current = null;
    ledger.ended(record);
    history.add(record);
    queue.done(item);
    if (clientId !== null) sockets().send("executing", { node: null, prompt_id: item.promptId }, clientId);
    for (const resolve of waiters.get(item.promptId) ?? []) resolve();
    waiters.delete(item.promptId);
  }

  return {
    queue,
    history,
    ledger,
    runningNode: (sid) => (current !== null && current.clientId === sid ? current.node : null),
    interrupt() {
      interrupted = true;
    },
    free({ models, memory }) {
      if (models || memory) model = null;
      if (memory) cache.clear();
    },
    whenEnded: (promptId) =>
      new Promise((resolve) => {
        waiters.set(promptId, [...(waiters.get(promptId) ?? []), resolve]);
      }),
    stop() {
      queue.close();
      interrupted = true;
      stopping.abort();
    },
    async run() {
      for (let item = await queue.take(); item !== null; item = await queue.take()) await runItem(item);
    },
  };
}
