import { setTimeout as sleep } from "node:timers/promises";
import type { Guard } from "./guard.ts";
import { type RunningService, runService } from "./run-service.ts";
import type { ServiceProcess } from "./service-process.ts";

const firstDelayMs = 250;
const maxDelayMs = 2000;
/** After this long alive a process' next death counts as its first. */
const settledMs = 10_000;

export interface Supervised {
  readonly pid: number;
  stop(): Promise<void>;
}

/** Starts the service, and starts it again whenever it dies until stopped. Throws if the first start fails;
 * `signal` ends the wait for it, not the service. */
export async function supervise(
  service: ServiceProcess,
  { guard, say, signal }: { guard: Guard; say(line: string): void; signal: AbortSignal },
): Promise<Supervised> {
  const stopping = new AbortController();
  let current = await runService(service, guard, signal);
  const loop = keepRunning();

  async function keepRunning() {
    let delayMs = firstDelayMs;
    let startedAt = Date.now();
    for (;;) {
      const how = await current.ended;
      if (stopping.signal.aborted) return;
      if (Date.now() - startedAt > settledMs) delayMs = firstDelayMs;
      say(`${service.name} ended (${how}); starting it again`);
      const next = await startAgain();
      if (next === null) return;
      current = next;
      if (stopping.signal.aborted) return;
    }

    async function startAgain(): Promise<RunningService | null> {
      for (;;) {
        await sleep(delayMs, undefined, { signal: stopping.signal }).catch(() => {});
        if (stopping.signal.aborted) return null;
        delayMs = Math.min(delayMs * 2, maxDelayMs);
        startedAt = Date.now();
        try {
          return await runService(service, guard, stopping.signal);
        } catch (error) {
          if (!stopping.signal.aborted) say(error instanceof Error ? error.message : String(error));
        }
      }
    }
  }

  return {
    get pid() {
      return current.pid;
    },
    async stop() {
      stopping.abort();
      await current.stop();
      await loop;
      // The loop may have been starting the next one when we stopped the last.
      await current.stop();
    },
  };
}
