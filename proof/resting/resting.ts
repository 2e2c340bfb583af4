import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../../scripts/processes/ports.ts";
import { launchProduct } from "../../scripts/testing/launch-product.ts";
import { processorTimes, residentBytes, webPid } from "./processes.ts";

/** What the web process holds, in bytes. */
export interface Held {
  /** After one page, and a while in which nobody asks for anything. */
  readonly idle: number;
  /** Just after many pages. */
  readonly underLoad: number;
}

export interface Resting {
  /** The share of one core that each program takes while nobody asks for anything, and how long that was watched, in seconds. */
  readonly shares: ReadonlyMap<string, number>;
  readonly seconds: number;
  readonly ours: Held;
  /** A custom server of Next with the same build and nothing besides. */
  readonly bare: Held;
}

const CALLERS = 16;
const web = join(import.meta.dirname, "../../apps/web");

/** The whole product, and a bare server of Next: at rest for `seconds`, and after `pages` pages. */
export async function rest({ seconds, pages }: { seconds: number; pages: number }): Promise<Resting> {
  const { address, pid, redisPid, stop } = await launchProduct("resting");
  try {
    await ask(address);
    // What a start leaves to be done.
    await sleep(seconds * 1000);
    const before = processorTimes(pid, redisPid);
    const startedAt = performance.now();
    await sleep(seconds * 1000);
    const watched = (performance.now() - startedAt) / 1000;
    const after = processorTimes(pid, redisPid);
    const shares = new Map([...after].map(([name, time]) => [name, (time - (before.get(name) ?? 0)) / watched]));
    const idle = residentBytes(webPid(pid));
    await askMany(address, pages);
    const ours = { idle, underLoad: residentBytes(webPid(pid)) };
    return { shares, seconds: watched, ours, bare: await restBare({ seconds, pages }) };
  } finally {
    await stop();
  }
}

async function restBare({ seconds, pages }: { seconds: number; pages: number }): Promise<Held> {
  const port = await freePort();
  const env = { PATH: process.env.PATH, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" };
  const server = fork(join(import.meta.dirname, "bare-next.ts"), [String(port), web], {
    env,
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  await once(server, "message");
  try {
    const address = `http://127.0.0.1:${port}`;
    await ask(address);
    await sleep(seconds * 1000);
    const idle = residentBytes(server.pid ?? 0);
    await askMany(address, pages);
    return { idle, underLoad: residentBytes(server.pid ?? 0) };
  } finally {
    server.disconnect();
    await once(server, "exit");
  }
}

/** @throws Error unless the page comes. */
async function ask(address: string): Promise<void> {
  const answer = await fetch(`${address}/`);
  const page = await answer.text();
  if (answer.status !== 200 || !page.includes("</html>")) throw new Error(`no page: ${answer.status}`);
}

async function askMany(address: string, pages: number): Promise<void> {
  let left = pages;
  const caller = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await ask(address);
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
}
