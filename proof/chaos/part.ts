import { setTimeout as sleep } from "node:timers/promises";
import type { Guard } from "../../scripts/processes/guard.ts";
import { childrenOf, trySignal } from "../../scripts/processes/process-state.ts";
import { type RunningService, runService } from "../../scripts/processes/run-service.ts";
import type { ServiceProcess } from "../../scripts/processes/service-process.ts";

/** One process of the system under test, which may be killed, frozen and started again at any moment. */
export interface Part {
  readonly name: string;
  start(): Promise<void>;
  /** `kill -9`, also while it is frozen. Does nothing if it is down. */
  kill(): Promise<void>;
  /** Asks it to stop, waits until it has, and kills it if that takes too long. */
  stop(): Promise<void>;
  /** SIGSTOP now, to it and to its children; the answer lets them go on, unless it was killed meanwhile. */
  freeze(): () => void;
}

/**
 * A part that is down until started. `onCrash` hears of every end that was not ours: then it is started again, as the
 * launcher does.
 */
export function createPart(
  service: ServiceProcess,
  { guard, onCrash }: { guard: Guard; onCrash: (how: string) => void },
): Part {
  let running: RunningService | null = null;
  let frozenChildren: readonly number[] = [];
  /** Starts and ends, one after another. */
  let line: Promise<void> = Promise.resolve();
  const inLine = (step: () => Promise<void>): Promise<void> => {
    line = line.then(step, step);
    return line;
  };

  async function start(): Promise<void> {
    if (running !== null) return;
    const started = await startPatiently();
    running = started;
    void started.ended.then((how) => {
      if (running !== started) return;
      running = null;
      onCrash(how);
      inLine(start).catch((error: unknown) => onCrash(`it does not start again: ${String(error)}`));
    });
  }

  /** A killed Postgres' children hold its folder for a moment, a port may be let go of late. */
  async function startPatiently(): Promise<RunningService> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await runService(service, guard);
      } catch (error) {
        if (tries === 10) throw error;
        await sleep(200);
      }
    }
  }

  function thawChildren(): void {
    for (const pid of frozenChildren) trySignal(pid, "SIGCONT");
    frozenChildren = [];
  }

  return {
    name: service.name,
    start: () => inLine(start),
    kill: () =>
      inLine(async () => {
        if (running === null) return;
        const { pid, ended } = running;
        running = null;
        trySignal(pid, "SIGKILL");
        // Those of Postgres are in groups of their own, and end only when they find that it has.
        thawChildren();
        await ended;
      }),
    stop: () =>
      inLine(async () => {
        const ending = running;
        running = null;
        await ending?.stop();
      }),
    freeze: () => {
      const frozen = running;
      if (frozen === null) return () => undefined;
      // It first: it makes no more of them then.
      trySignal(frozen.pid, "SIGSTOP");
      frozenChildren = childrenOf(frozen.pid);
      for (const pid of frozenChildren) trySignal(pid, "SIGSTOP");
      return () => {
        if (frozen !== running) return;
        thawChildren();
        trySignal(frozen.pid, "SIGCONT");
      };
    },
  };
}
