import { resolve } from "node:path";
import { readEnvironment as readWebEnvironment, envKeys as webKeys } from "../../apps/web/src/server/env.ts";
import { parseEnv as parseWorkerEnvironment, envKeys as workerKeys } from "../../apps/worker/src/env.ts";
import { envKeys as simulatorKeys } from "../../packages/simulator/src/env.ts";
import { LaunchFailure } from "./launch-failure.ts";

/** What the launcher itself acts on. Null: the embedded default. */
export interface LauncherEnvironment {
  port: number;
  host: string;
  databaseUrl: string | null;
  redisUrl: string | null;
  /** Without credentials. */
  comfyuiUrls: readonly string[] | null;
  simulatorPort: number | null;
  workerPort: number | null;
  workerHost: string;
  authSecret: string | null;
  /** Absolute. */
  dataDir: string;
  storageUrl: string | null;
}

/** Read by the launcher and the simulator alone; web and worker never see them. */
const launcherKeys = simulatorKeys;

/** What only the worker needs to know, because it alone calls ComfyUI; they may hold credentials. */
export const isWorkerSecret = (key: string): boolean => key === "COMFYUI_URLS" || key === "COMFYUI_ACCESS_FILE";

/** Every variable of the project; `.env.example` is checked against it. */
export const projectKeys: readonly string[] = [...new Set([...webKeys, ...workerKeys, ...launcherKeys])];

/** Stand-ins for what the launcher will fill in, so that the rest can be checked before anything starts. */
const embedded = {
  DATABASE_URL: "postgres://127.0.0.1/embedded",
  REDIS_URL: "redis://127.0.0.1",
  COMFYUI_URLS: "http://127.0.0.1:8188",
  STORAGE_URL: "file:///embedded",
};

/** Checks every variable by the rules of web and worker. Throws one line that names the variable and its rule. */
export function readLauncherEnvironment(source: NodeJS.ProcessEnv, root: string): LauncherEnvironment {
  const given = withoutEmpty(source);
  const filled = { ...embedded, ...given };
  const web = check(() => readWebEnvironment(filled));
  const worker = check(() => parseWorkerEnvironment(filled));
  return {
    port: web.PORT,
    host: web.HOST,
    databaseUrl: given.DATABASE_URL ?? null,
    redisUrl: given.REDIS_URL ?? null,
    comfyuiUrls: given.COMFYUI_URLS === undefined ? null : worker.COMFYUI_URLS,
    simulatorPort: readPort("SIMULATOR_PORT", given.SIMULATOR_PORT),
    workerPort: worker.WORKER_PORT ?? null,
    workerHost: worker.WORKER_HOST,
    authSecret: given.AUTH_SECRET ?? null,
    dataDir: resolve(root, given.DATA_DIR ?? ".darkroom"),
    storageUrl: given.STORAGE_URL ?? null,
  };
}

/** An empty value in an .env file or a shell means that the variable is not set. */
export function withoutEmpty(source: NodeJS.ProcessEnv): Record<string, string> {
  const entries = Object.entries(source).filter((entry): entry is [string, string] => (entry[1] ?? "") !== "");
  return Object.fromEntries(entries);
}

function check<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new LaunchFailure(message.replaceAll("\n", "; "));
  }
}

function readPort(name: string, value: string | undefined): number | null {
  if (value === undefined) return null;
  const port = Number(value);
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw new LaunchFailure(`${name}: must be a whole number from 1 to 65535`);
}
