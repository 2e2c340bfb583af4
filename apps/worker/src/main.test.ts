import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { createTestDatabase } from "@darkroom/db/testing";
import { createSimulator } from "@darkroom/simulator";
import { describe, expect, inject, onTestFinished, test } from "vitest";

const main = join(import.meta.dirname, "main.ts");

/** As the launcher starts it: with a channel that ends when the launcher does. */
function start(env: Record<string, string>): ChildProcess {
  const child = fork(main, { env, execArgv: [], silent: true });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

async function startGood(): Promise<{ child: ChildProcess; port: number }> {
  const { url, drop } = await createTestDatabase(inject("postgresUrl"));
  const folder = await mkdtemp(join(tmpdir(), "darkroom-main-"));
  const simulator = await createSimulator({ port: 0 });
  onTestFinished(async () => {
    await simulator.close();
    await drop();
    await rm(folder, { recursive: true, force: true });
  });
  const child = start({
    DATABASE_URL: url,
    // The process has no key prefix of its own, so it gets a database that no other test uses.
    REDIS_URL: `${inject("redisUrl")}/7`,
    COMFYUI_URLS: simulator.url,
    STORAGE_URL: pathToFileURL(folder).href,
  });
  if (child.stdout === null) throw new Error("no output to read");
  for await (const line of createInterface(child.stdout)) {
    const { msg, port } = JSON.parse(line) as { msg?: string; port?: number };
    if (msg === "worker started" && port !== undefined) {
      child.stdout.resume();
      return { child, port };
    }
  }
  throw new Error("it did not start");
}

describe("the process", () => {
  test("ends with status 1 and names the variable that is wrong", async () => {
    const child = start({ DATABASE_URL: "mysql://x" });
    let said = "";
    child.stderr?.on("data", (chunk: Buffer) => {
      said += chunk.toString();
    });
    const [code] = await once(child, "close");
    expect(code).toBe(1);
    expect(said).toContain("DATABASE_URL: must start with postgres://");
    expect(said).toContain("COMFYUI_URLS is required");
  });

  test("ends with status 1 on a database of a newer version, and names both", async () => {
    const { database, url, drop } = await createTestDatabase(inject("postgresUrl"));
    onTestFinished(drop);
    await database.sql`INSERT INTO drizzle.__drizzle_migrations (hash, created_at) VALUES ('newer', 9000000000000)`;
    const folder = await mkdtemp(join(tmpdir(), "darkroom-main-"));
    const child = start({
      DATABASE_URL: url,
      REDIS_URL: `${inject("redisUrl")}/7`,
      COMFYUI_URLS: "http://127.0.0.1:9",
      STORAGE_URL: pathToFileURL(folder).href,
    });
    let said = "";
    child.stderr?.on("data", (chunk: Buffer) => {
      said += chunk.toString();
    });
    const [code] = await once(child, "close");
    await rm(folder, { recursive: true, force: true });
    expect(code).toBe(1);
    expect(said).toMatch(/^DATABASE_URL: the database's schema is of version \d+ .*this program is of version \d+\./);
  });

  test("tells its health, readiness and metrics, and ends with status 0 on SIGTERM", async () => {
    const { child, port } = await startGood();
    const get = (path: string): Promise<Response> => fetch(`http://127.0.0.1:${port}${path}`);
    expect(await (await get("/health")).json()).toEqual({ status: "ok" });
    const ready = await get("/ready");
    expect([ready.status, await ready.json()]).toMatchObject([200, { ready: true, reasons: [] }]);
    expect(await (await get("/metrics")).text()).toContain("darkroom_jobs_running 0");
    expect((await get("/elsewhere")).status).toBe(404);
    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([0, null]);
  });

  test("ends when the launcher is gone", async () => {
    const { child } = await startGood();
    child.disconnect();
    expect(await once(child, "exit")).toEqual([0, null]);
  });
});
