import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { errorLine } from "./error-line.ts";
import type { Guard } from "./guard.ts";
import { trySignal } from "./process-state.ts";
import { rotateLog } from "./rotate-log.ts";
import type { ServiceProcess } from "./service-process.ts";

export interface RunningService {
  pid: number;
  /** Resolves when the process has ended, with how: `exit code 1`, `SIGKILL`. */
  ended: Promise<string>;
  stop(): Promise<void>;
}

/** Starts it in a process group of its own and waits until it is ready. Throws, with the end of its log, if it ends first. */
export async function runService(service: ServiceProcess, guard: Guard, signal?: AbortSignal): Promise<RunningService> {
  await service.prepare?.();
  const endRotation = service.logFile === undefined ? () => undefined : rotateLog(service.logFile);
  const logStart = sizeOf(service.logFile);
  const child = start(service);
  const ended = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, name) => resolve(name ?? `exit code ${code}`));
  });
  let end: string | null = null;
  const pid = child.pid;
  void ended.then((how) => {
    end = how;
    endRotation();
    if (pid === undefined) return;
    // What it started itself must not outlive it, nor hold the port of its successor.
    trySignal(-pid, "SIGKILL");
    guard.forget(pid);
  });
  if (pid === undefined) throw new Error(`${service.name} did not start: ${await ended}`);
  guard.watch(pid, service.stopSignal);
  const running: RunningService = { pid, ended, stop: () => stop(service, pid, ended) };

  const deadline = Date.now() + service.readyTimeoutMs;
  while (!(await service.isReady(pid))) {
    if (end !== null)
      throw new Error(`${service.name} ended before it was ready (${end})${reason(service.logFile, logStart)}`);
    if (signal?.aborted) break;
    if (Date.now() > deadline) {
      await running.stop();
      throw new Error(
        `${service.name} was not ready after ${service.readyTimeoutMs / 1000} s${reason(service.logFile, logStart)}`,
      );
    }
    await sleep(15);
  }
  return running;
}

function start(service: ServiceProcess): ChildProcess {
  const log = service.logFile === undefined ? null : openSync(service.logFile, "a");
  const output = log ?? "inherit";
  try {
    return spawn(service.command, service.args, {
      detached: true,
      stdio: ["ignore", output, output, ...(service.ipc ? (["ipc"] as const) : [])],
      env: service.env ?? process.env,
      ...(service.cwd === undefined ? {} : { cwd: service.cwd }),
      ...(service.uid === undefined ? {} : { uid: service.uid }),
      ...(service.gid === undefined ? {} : { gid: service.gid }),
    });
  } finally {
    if (log !== null) closeSync(log);
  }
}

/** Asks the process to stop, and kills its whole group if it has not after its time. */
async function stop(service: ServiceProcess, pid: number, ended: Promise<string>): Promise<void> {
  trySignal(pid, service.stopSignal);
  const timer = setTimeout(() => trySignal(-pid, "SIGKILL"), service.stopTimeoutMs);
  await ended;
  clearTimeout(timer);
}

/** What this start, not an earlier one, wrote to the log. */
function reason(logFile: string | undefined, from: number): string {
  if (logFile === undefined) return "";
  const line = errorLine(readFileSync(logFile).subarray(from).toString());
  return `${line === "" ? "" : `: ${line}`} (log: ${logFile})`;
}

function sizeOf(file: string | undefined): number {
  return file !== undefined && existsSync(file) ? statSync(file).size : 0;
}
