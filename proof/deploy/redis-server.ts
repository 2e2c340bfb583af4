import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "@darkroom/fault-proxy";
import { onTestFinished } from "vitest";
import { isListening } from "../../scripts/processes/ports.ts";
import { program } from "./programs.ts";

export interface RedisServer {
  readonly port: number;
  /** As `kill -9` does; resolves when it is gone. */
  kill(): Promise<void>;
}

/** The address of an empty Redis that nobody else uses, until the test ends: processes have no key prefix of their own. */
export async function ownRedis(): Promise<string> {
  const { port } = await startRedis((own) => [`port ${own}`]);
  return `redis://127.0.0.1:${port}`;
}

/** Debian's redis-server with these lines in its configuration, until the test ends. `isSentinel`: as a Sentinel. */
export async function startRedis(
  lines: (port: number) => readonly string[],
  { isSentinel = false }: { readonly isSentinel?: boolean } = {},
): Promise<RedisServer> {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), "darkroom-redis-"));
  const file = join(folder, "redis.conf");
  const own = ["bind 127.0.0.1", `dir ${folder}`, ...(isSentinel ? [] : ['save ""'])];
  await writeFile(file, [...own, ...lines(port)].join("\n"));
  const server = spawn(program("redis-server"), [file, ...(isSentinel ? ["--sentinel"] : [])], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const ended = once(server, "exit");
  const kill = async () => {
    server.kill("SIGKILL");
    await ended;
  };
  onTestFinished(async () => {
    if (server.exitCode === null && server.signalCode === null) await kill();
    await rm(folder, { recursive: true, force: true });
  });
  while (!(await isListening(port, "127.0.0.1", 1000))) {
    if (server.exitCode !== null) throw new Error(`redis-server ended with ${server.exitCode}`);
    await sleep(20);
  }
  return { port, kill };
}
