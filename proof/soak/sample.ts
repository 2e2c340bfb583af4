import { readFile } from "node:fs/promises";
import type { Redis } from "@darkroom/queue";
import { familyOf } from "../../scripts/testing/processes.ts";

/** What the product holds at one moment. */
export interface Sample {
  /** Resident bytes by program: `web`, `worker`. */
  readonly resident: ReadonlyMap<string, number>;
  /** Connections to Redis, the soak's own one included. */
  readonly connections: number;
}

const watched = ["web", "worker"];

/** Looks at the processes below the launcher and at Redis. */
export async function takeSample(launcherPid: number, redis: Redis): Promise<Sample> {
  const resident = new Map<string, number>();
  for (const [pid, command] of familyOf(launcherPid)) {
    const name = watched.find((part) => command.includes(`/${part}.mjs`));
    if (name !== undefined) resident.set(name, await residentBytes(pid));
  }
  const clients = String(await redis.client("LIST"));
  return { resident, connections: clients.trim().split("\n").length };
}

async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? Number.NaN) * 1024;
}
