import { accessSync, constants, statSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { isListening } from "../processes/ports.ts";
import type { ServiceProcess } from "../processes/service-process.ts";

export interface EmbeddedRedis {
  service: ServiceProcess;
  url: string;
  /** For people: what it is and what it keeps. */
  label: string;
}

/** A `redis-server` or `valkey-server` of this machine keeping its list in `dir`, else the Valkey from npm. */
export async function prepareEmbeddedRedis(options: {
  dir: string;
  port: number;
  logFile?: string;
  persist: boolean;
}): Promise<EmbeddedRedis> {
  const { dir, port } = options;
  const program = findOnPath("redis-server") ?? findOnPath("valkey-server");
  const shared = {
    stopSignal: "SIGTERM" as const,
    stopTimeoutMs: 5000,
    readyTimeoutMs: 20_000,
    isReady: () => isListening(port),
    ...(options.logFile === undefined ? {} : { logFile: options.logFile }),
  };
  const url = `redis://127.0.0.1:${port}`;
  if (program === null) {
    const script = fileURLToPath(new URL("valkey.mjs", import.meta.url));
    const args = ["--disable-warning=ExperimentalWarning", script, String(port)];
    return {
      url,
      label: "Valkey 9.1 (embedded, in memory)",
      service: { ...shared, name: "valkey", command: process.execPath, args, ipc: true },
    };
  }
  await mkdir(dir, { recursive: true });
  const persistence = options.persist ? ["--appendonly", "yes"] : ["--appendonly", "no"];
  return {
    url,
    label: `${program} · ${options.persist ? dir : "in memory"}`,
    service: {
      ...shared,
      name: "redis",
      command: program,
      args: ["--port", String(port), "--bind", "127.0.0.1", "--dir", dir, "--save", "", ...persistence],
    },
  };
}

function findOnPath(name: string): string | null {
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    const file = join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      if (statSync(file).isFile()) return file;
    } catch {
      // not in this folder
    }
  }
  return null;
}
