import { type Launched, launch } from "../../scripts/testing/launch.ts";

/** A process of the product that may have a failpoint. */
export interface FaultedProcess {
  readonly pid: number;
  /** What it printed: JSON lines. */
  log(): string;
  /** Resolves with its exit status, null if a signal ended it. */
  readonly exited: Promise<number | null>;
  readonly hasExited: boolean;
  printed: Launched["printed"];
  signal(name: NodeJS.Signals): void;
  /** Kills it if it still runs, and waits. */
  end(): Promise<void>;
}

/** Starts one of our processes as the launcher does: `node file.ts`, with a channel whose end stops it. */
export function startProcess(script: string, env: NodeJS.ProcessEnv): FaultedProcess {
  const { child, output, printed, exited } = launch(env, [script]);
  const { pid } = child;
  if (pid === undefined) throw new Error(`${script} did not start`);
  let hasExited = false;
  void exited.then(() => {
    hasExited = true;
  });
  return {
    pid,
    log: output,
    exited,
    get hasExited() {
      return hasExited;
    },
    printed,
    signal: (name) => void child.kill(name),
    end: async () => {
      if (!hasExited) child.kill("SIGKILL");
      await exited;
    },
  };
}
