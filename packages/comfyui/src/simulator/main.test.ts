import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { describe, expect, it } from "vitest";

const main = join(import.meta.dirname, "main.ts");

async function start(): Promise<{ child: ReturnType<typeof fork>; line: string }> {
  const child = fork(main, [], { env: { ...process.env, SIMULATOR_PORT: "0" }, execArgv: [], silent: true });
  if (child.stdout === null) throw new Error("no output to read");
  const [line] = await once(createInterface(child.stdout), "line");
  return { child, line };
}

describe("the simulator's process", () => {
  it.each(["SIGTERM", "SIGINT"] as const)("says where it listens and leaves with 0 on %s", async (signal) => {
    const { child, line } = await start();
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
    const stats = await (await fetch(`${url}/system_stats`)).json();
    expect(stats).toMatchObject({ system: { comfyui_version: "0.33.0", argv: ["simulator"] } });
    child.kill(signal);
    expect(await once(child, "exit")).toEqual([0, null]);
  });

  it("leaves when its launcher is gone", async () => {
    const { child } = await start();
    child.disconnect();
    expect(await once(child, "exit")).toEqual([0, null]);
  });
});
