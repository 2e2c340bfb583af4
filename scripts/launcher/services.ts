import { join } from "node:path";
import type { ServiceProcess } from "../processes/service-process.ts";
import type { Program, Programs } from "../programs/programs.ts";

interface Where {
  root: string;
  programs: Programs;
  env: NodeJS.ProcessEnv;
  logs: string;
}

interface Address {
  readonly port: number;
  readonly host: string;
}

/** The web process: gateway and pages on one port. Ready once `/api/ready` says so. */
export function webService(where: Where, at: Address): ServiceProcess {
  return {
    ...ours(where, "web"),
    isReady: () => answers(`${urlOf(at)}/api/ready`, (status) => status === 200),
    readyTimeoutMs: 120_000,
  };
}

/** The worker. It counts as ready when it answers at all: a backend that is down must not stop the start. */
export function workerService(where: Where, at: Address): ServiceProcess {
  return {
    ...ours(where, "worker"),
    isReady: () => answers(`${urlOf(at)}/health`, () => true),
  };
}

/** The stand-in for ComfyUI. */
export function simulatorService(where: Where, port: number): ServiceProcess {
  return {
    ...ours(where, "simulator"),
    isReady: () => answers(`http://127.0.0.1:${port}/system_stats`, (status) => status === 200),
    stopTimeoutMs: 3000,
  };
}

/** As we can call what listens there. */
function urlOf(at: Address): string {
  const host = ["0.0.0.0", "::", ""].includes(at.host) ? "127.0.0.1" : at.host;
  return `http://${host.includes(":") ? `[${host}]` : host}:${at.port}`;
}

function ours(where: Where, name: Program) {
  return {
    name,
    command: process.execPath,
    args: [where.programs[name]],
    cwd: where.root,
    env: where.env,
    ipc: true,
    logFile: join(where.logs, `${name}.log`),
    stopSignal: "SIGTERM" as const,
    stopTimeoutMs: 21_000,
    readyTimeoutMs: 30_000,
  };
}

async function answers(url: string, accepts: (status: number) => boolean): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
    await response.body?.cancel();
    return accepts(response.status);
  } catch {
    return false;
  }
}
