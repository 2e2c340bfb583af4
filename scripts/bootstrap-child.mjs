import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** Signals this close together are one: a terminal's Ctrl-C reaches us directly and again through npm. */
const sameSignalMs = 1000;

/** More than the launcher gives everything it started. */
const killAfterMs = 30_000;

const windows = process.platform === "win32";

/**
 * Runs a tool quietly. Resolves with its status and what it printed; throws `{ stopped: true }` if we are told to stop.
 * `onLine` is given each line of its output as it comes.
 */
export function runToEnd(command, args, env, { shell = false, onLine = () => undefined } = {}) {
  const child = spawn(command, args, { env, shell, stdio: ["ignore", "pipe", "pipe"], detached: !windows });
  const chunks = [];
  child.stdout.on("data", (chunk) => chunks.push(chunk));
  createInterface({ input: child.stdout }).on("line", onLine);
  child.stderr.on("data", (chunk) => chunks.push(chunk));
  return new Promise((resolve, reject) => {
    let stopped = false;
    const forget = onStop(() => {
      stopped = true;
      if (windows) child.kill();
      else process.kill(-child.pid, "SIGTERM");
    });
    child.once("error", (error) => {
      forget();
      reject(new Error(`could not run ${command}: ${error.message}`));
    });
    child.once("close", (code) => {
      forget();
      if (stopped) reject(Object.assign(new Error("stopped"), { stopped: true }));
      else resolve({ status: code ?? 1, output: Buffer.concat(chunks).toString() });
    });
  });
}

/**
 * Runs the real script in a process group of its own, so that it alone decides how its processes stop, and passes
 * signals on. Resolves with its exit status. The IPC channel tells it when we are gone. `stdin`: "inherit" for what asks or is
 * spoken to there.
 */
export function runUntilStopped(command, args, env, { stdin = "ignore" } = {}) {
  const child = spawn(command, args, { env, stdio: [stdin, "inherit", "inherit", "ipc"], detached: !windows });
  return new Promise((resolve, reject) => {
    const forget = onStop((signal) => {
      child.kill(signal);
      setTimeout(() => child.kill("SIGKILL"), killAfterMs).unref();
    });
    child.once("error", (error) => {
      forget();
      reject(new Error(`could not run ${command}: ${error.message}`));
    });
    child.once("exit", (code) => {
      forget();
      resolve(code ?? 1);
    });
  });
}

/**
 * Calls `stop` for each signal, and when the npm or the test that started us has been killed. Returns a function that ends
 * this.
 */
function onStop(stop) {
  let last = Number.NEGATIVE_INFINITY;
  const listener = (signal) => {
    const now = performance.now();
    if (now - last >= sameSignalMs) stop(signal === "SIGHUP" ? "SIGTERM" : signal);
    last = now;
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const signal of signals) process.on(signal, listener);
  const abandoned = () => stop("SIGTERM");
  process.on("disconnect", abandoned);

  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.env.npm_lifecycle_event !== undefined && process.ppid !== parent) {
      clearInterval(watch);
      stop("SIGTERM");
    }
  }, 500);
  watch.unref();
  return () => {
    clearInterval(watch);
    for (const signal of signals) process.off(signal, listener);
    process.off("disconnect", abandoned);
  };
}
