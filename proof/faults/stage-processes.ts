import { type FaultedProcess, startProcess } from "./faulted-process.ts";
import type { Patience } from "./patience.ts";

/** The processes of one case. One of them may be the victim: the one that a failpoint ends. */
export interface StageProcesses {
  /** With a failpoint it is the victim; when that ends, a whole one of the same script takes its place. */
  start(script: string, env: Record<string, string>, failpoint?: string): FaultedProcess;
  /** Resolves with true once the victim's failpoint acted; with false when `ms` of patience are over, or without a victim. */
  wasHit(ms: number): Promise<boolean>;
  /** What all of them printed. */
  log(): string;
  close(): Promise<void>;
}

/** `common` is given to each of them; how long they take to start sets the pace of `patience`. */
export function createStageProcesses(common: Record<string, string>, patience: Patience): StageProcesses {
  const processes: FaultedProcess[] = [];
  let victim: FaultedProcess | null = null;
  let isClosing = false;

  function start(script: string, env: Record<string, string>, failpoint?: string): FaultedProcess {
    const begunAt = performance.now();
    const started = startProcess(script, {
      ...common,
      ...(failpoint === undefined ? {} : { DARKROOM_FAILPOINT: failpoint, DARKROOM_ALLOW_FAILPOINTS: "true" }),
      ...env,
    });
    processes.push(started);
    // One that ends without a word tells nothing of the pace.
    void started.printed(/\n/).then(
      () => patience.started(performance.now() - begunAt),
      () => undefined,
    );
    if (failpoint === undefined) return started;
    victim = started;
    void started.exited.then(() => {
      if (!isClosing) start(script, env);
    });
    return started;
  }

  return {
    start,
    async wasHit(ms) {
      if (victim === null) return false;
      const told = victim.printed(/"msg":"failpoint"/).then(
        () => true,
        () => false,
      );
      // Its last words may be lost with it; nobody else kills it.
      const wasKilled = victim.exited.then((status) => status === null);
      const over = new AbortController();
      const tooLate = patience.after(ms, over.signal).then(
        () => false,
        () => false,
      );
      return Promise.race([told.then((isSo) => isSo || wasKilled), tooLate]).finally(() => over.abort());
    },
    log: () => processes.map((started) => started.log()).join("--- next process\n"),
    async close() {
      isClosing = true;
      await Promise.all(processes.map((started) => started.end()));
    },
  };
}
