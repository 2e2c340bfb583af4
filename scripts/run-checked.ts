import { spawn } from "node:child_process";
import { trySignal } from "./process-state.ts";

/** Far above what a stopped suite needs to stop its services. */
const killAfterMs = 20_000;

/** Runs a tool to its end and keeps what it prints. When aborted it is asked to stop, with all it started. */
export function runChecked(
  cwd: string,
  command: string,
  args: string[],
  signal: AbortSignal,
  env: NodeJS.ProcessEnv = process.env,
): Promise<{ status: number; output: string }> {
  const child = spawn(command, args, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk));
  const signalGroup = (name: NodeJS.Signals) => child.pid !== undefined && trySignal(-child.pid, name);
  const abort = () => {
    signalGroup("SIGINT");
    setTimeout(() => signalGroup("SIGKILL"), killAfterMs).unref();
  };
  signal.addEventListener("abort", abort, { once: true });
  return new Promise((resolve) => {
    child.once("error", (error) => resolve({ status: 1, output: error.message }));
    child.once("close", (code) => {
      signal.removeEventListener("abort", abort);
      resolve({ status: code ?? 1, output: Buffer.concat(chunks).toString() });
    });
  });
}
