import { spawn } from "node:child_process";
import type { Guard } from "./guard.ts";
import { trySignal } from "./process-state.ts";

/** Far above what a stopped suite needs to stop its services. */
const killAfterMs = 20_000;

export interface ToolRun {
  cwd: string;
  command: string;
  args: string[];
  /** Asks it to stop, with all it started. */
  signal: AbortSignal;
  /** Stops it if we are killed. */
  guard: Guard;
  env?: NodeJS.ProcessEnv;
}

/** Runs a tool to its end, in a process group of its own, and keeps what it prints. */
export function runChecked(run: ToolRun): Promise<{ status: number; output: string }> {
  const { cwd, signal, guard, env = process.env } = run;
  const child = spawn(run.command, run.args, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  const { pid } = child;
  if (pid !== undefined) guard.watch(pid, "SIGINT");
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk));
  const signalGroup = (name: NodeJS.Signals) => pid !== undefined && trySignal(-pid, name);
  const abort = () => {
    signalGroup("SIGINT");
    setTimeout(() => signalGroup("SIGKILL"), killAfterMs).unref();
  };
  signal.addEventListener("abort", abort, { once: true });
  return new Promise((resolve) => {
    child.once("error", (error) => resolve({ status: 1, output: error.message }));
    child.once("close", (code) => {
      signal.removeEventListener("abort", abort);
      if (pid !== undefined) guard.forget(pid);
      resolve({ status: code ?? 1, output: Buffer.concat(chunks).toString() });
    });
  });
}
