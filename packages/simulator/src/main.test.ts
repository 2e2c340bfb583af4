import { fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { describe, expect, it, onTestFinished } from "vitest";
import { WebSocket } from "ws";
import { readEnv } from "./env.ts";
import type { LedgerLine } from "./prompts/ledger.ts";
import { paintingGraph } from "./testing/graphs.ts";

const main = join(import.meta.dirname, "main.ts");

async function start(env: NodeJS.ProcessEnv = {}): Promise<{ child: ReturnType<typeof fork>; line: string }> {
  const child = fork(main, [], { env: { ...process.env, SIMULATOR_PORT: "0", ...env }, execArgv: [], silent: true });
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
    const socket = new WebSocket(`${url?.replace("http", "ws")}/ws`);
    await once(socket, "open");
    const closed = once(socket, "close");
    child.kill(signal);
    // As the recorded server, whichever signal it was.
    expect((await closed)[0]).toBe(1006);
    expect(await once(child, "exit")).toEqual([0, null]);
  });

  it("speaks the version it is told to, and ends without a word under the fault kill", async () => {
    const { child, line } = await start({
      SIMULATOR_VERSION: "0.3.64",
      SIMULATOR_CLOCK: "virtual",
      SIMULATOR_SEED: "1",
    });
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
    expect(line).toContain("ComfyUI 0.3.64");
    expect((await fetch(`${url}/api/jobs`)).status).toBe(404);
    const exit = once(child, "exit");
    const faults = JSON.stringify({ faults: [{ kind: "kill", atOnce: true }] });
    await fetch(`${url}/simulator/control`, { method: "POST", body: faults }).catch(() => undefined);
    expect(await exit).toEqual([null, "SIGKILL"]);
  });

  it("names the variable that is wrong, and its rule", () => {
    expect(() => readEnv({ SIMULATOR_VERSION: "1.0", SIMULATOR_SPEED: "" })).toThrow(
      'SIMULATOR_VERSION: Invalid option: expected one of "0.33.0"|"0.8.0"|"0.3.64"',
    );
  });

  it("leaves when its launcher is gone", async () => {
    const { child } = await start();
    child.disconnect();
    expect(await once(child, "exit")).toEqual([0, null]);
  });

  it("keeps its ledger on disk when it is killed, one process told from the next", async () => {
    const folder = await mkdtemp(join(tmpdir(), "darkroom-ledger-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const ledger = join(folder, "ledger.jsonl");
    const linesOf = async () =>
      (await readFile(ledger, "utf8"))
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as LedgerLine);
    const { child, line } = await start({ SIMULATOR_LEDGER: ledger, SIMULATOR_SPEED: "100" });
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
    const promptId = randomUUID();
    const body = JSON.stringify({ prompt: paintingGraph(), prompt_id: promptId });
    expect((await fetch(`${url}/prompt`, { method: "POST", body })).status).toBe(200);
    await expect.poll(async () => (await linesOf()).at(-1)).toMatchObject({ type: "ended", outcome: "success" });
    child.kill("SIGKILL");
    await once(child, "exit");
    const { child: next } = await start({ SIMULATOR_LEDGER: ledger });
    const lines = await linesOf();
    expect(lines.map(({ type }) => type)).toEqual(["opened", "submitted", "started", "ended", "opened"]);
    expect(lines.slice(1, 4).map((entry) => entry.promptId)).toEqual([promptId, promptId, promptId]);
    expect(new Set(lines.map((entry) => entry.process)).size).toBe(2);
    next.kill("SIGTERM");
    await once(next, "exit");
  });
});
