import { readFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import type { Redis } from "@darkroom/queue";
import { familyOf } from "../../scripts/testing/processes.ts";

/** What the product holds at one moment. */
export interface Sample {
  /** Resident bytes by program: `web`, `worker`. */
  readonly resident: ReadonlyMap<string, number>;
  /** By program, what is left after a collection; nothing where none was asked for, since it makes a process hold less than it would. */
  readonly live: ReadonlyMap<string, Live>;
  /** Connections to Redis, the soak's own one included. */
  readonly connections: number;
}

/** Bytes of objects, and of buffers beside them. */
export interface Live {
  readonly heap: number;
  readonly external: number;
}

const watched = ["web", "worker"];

/** Looks at the processes below the launcher and at Redis. `sockets`: the folder where they tell what is live; null: do not ask. */
export async function takeSample(launcherPid: number, redis: Redis, sockets: string | null): Promise<Sample> {
  const resident = new Map<string, number>();
  const live = new Map<string, Live>();
  for (const [pid, command] of familyOf(launcherPid)) {
    const name = watched.find((part) => command.includes(`/${part}.mjs`));
    if (name === undefined) continue;
    resident.set(name, await residentBytes(pid));
    if (sockets !== null) live.set(name, await liveBytes(join(sockets, String(pid))));
  }
  const clients = String(await redis.client("LIST"));
  return { resident, live, connections: clients.trim().split("\n").length };
}

async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? Number.NaN) * 1024;
}

/** What `tell-memory.ts` answers there. */
async function liveBytes(socket: string): Promise<Live> {
  const { heapUsed, external } = (await json(connect(socket))) as NodeJS.MemoryUsage;
  return { heap: heapUsed, external };
}
