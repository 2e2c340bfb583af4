import { type ChildProcess, fork, type StdioOptions } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { createTestDatabase } from "@darkroom/db/testing";
import { freePort } from "@darkroom/fault-proxy";
import { createRedis, whenReady } from "@darkroom/queue";
import { createSimulator } from "@darkroom/simulator";
import { describe, expect, inject, onTestFinished, test } from "vitest";

/** Tests bundle our programs once for all their processes, because a bundle starts in a third of the time. */
const main =
  process.env.DARKROOM_PROGRAMS === undefined
    ? join(import.meta.dirname, "main.ts")
    : join(process.env.DARKROOM_PROGRAMS, "worker.mjs");

/** As the launcher starts it: with a channel that ends when the launcher does. */
function start(env: Record<string, string>, stdio: StdioOptions = ["ignore", "pipe", "pipe", "ipc"]): ChildProcess {
  const child = fork(main, { env, execArgv: [], stdio });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

/** What it said before it ended, which must be with status 1. */
async function refusal(env: Record<string, string>): Promise<string> {
  const child = start(env);
  let said = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  const [code] = await once(child, "close");
  expect(code).toBe(1);
  return said;
}

/** A Postgres that takes connections and never says a word. */
async function setupSilentPostgres(): Promise<{ url: string; dialled: Promise<unknown> }> {
  const server = createServer();
  const sockets: Socket[] = [];
  server.on("connection", (socket) => void sockets.push(socket.on("error", () => undefined)));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `postgres://127.0.0.1:${port}/darkroom`, dialled: once(server, "connection") };
}

const unreached = { COMFYUI_URLS: "http://127.0.0.1:9", STORAGE_URL: pathToFileURL(tmpdir()).href };

/** What a worker needs: a database, a backend and a folder of its own. */
async function setupGood(): Promise<Record<string, string>> {
  const { url, drop } = await createTestDatabase(inject("postgresUrl"));
  const folder = await mkdtemp(join(tmpdir(), "darkroom-main-"));
  const simulator = await createSimulator({ port: 0 });
  onTestFinished(async () => {
    await simulator.close();
    await drop();
    await rm(folder, { recursive: true, force: true });
  });
  return {
    DATABASE_URL: url,
    // The process has no key prefix of its own, so it gets a database that no other test uses.
    REDIS_URL: `${inject("redisUrl")}/7`,
    COMFYUI_URLS: simulator.url,
    STORAGE_URL: pathToFileURL(folder).href,
  };
}

async function startGood(): Promise<{ child: ChildProcess; port: number }> {
  const child = start(await setupGood());
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

/** A worker whose log is on a disk that is full, and its errors too if `stderr` is. */
async function startOnFullDisk(stderr: "full" | "pipe"): Promise<{ child: ChildProcess; said: () => string }> {
  const full = openSync("/dev/full", "w");
  onTestFinished(() => closeSync(full));
  const port = await freePort();
  const env = { ...(await setupGood()), WORKER_PORT: String(port), LOG_LEVEL: "trace" };
  const child = start(env, ["ignore", full, stderr === "full" ? full : "pipe", "ipc"]);
  let said = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  const answers = () =>
    fetch(`http://127.0.0.1:${port}/ready`).then(
      ({ status }) => status,
      () => child.exitCode,
    );
  await expect.poll(answers, { timeout: 60_000 }).toBe(200);
  return { child, said: () => said };
}

describe("the process", () => {
  test("ends with status 1 and names the variable that is wrong", async () => {
    const said = await refusal({ DATABASE_URL: "mysql://x" });
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

  test("ends with status 1 where it was told to fail on purpose, unless that is allowed", async () => {
    const urls = { DATABASE_URL: inject("postgresUrl"), REDIS_URL: `${inject("redisUrl")}/7` };
    const said = await refusal({ ...unreached, ...urls, DARKROOM_FAILPOINT: "claim.committed:crash" });
    expect(said).toBe("DARKROOM_FAILPOINT: is for tests; DARKROOM_ALLOW_FAILPOINTS=true allows it\n");
  });

  test("ends with status 1 on a wrong Redis password, and does not try it for ever", async () => {
    const redis = createRedis(inject("redisUrl"), { role: "commands", onError: () => undefined });
    await whenReady(redis);
    // A user of its own: a password of the server itself would shut the other tests out.
    await redis.call("ACL", "SETUSER", "wrong-password-of-worker", "on", ">right", "~*", "+@all");
    const { url, drop } = await createTestDatabase(inject("postgresUrl"));
    onTestFinished(async () => {
      await redis.call("ACL", "DELUSER", "wrong-password-of-worker");
      redis.disconnect();
      await drop();
    });
    const redisUrl = new URL(inject("redisUrl"));
    redisUrl.username = "wrong-password-of-worker";
    redisUrl.password = "wrong";
    const said = await refusal({ ...unreached, DATABASE_URL: url, REDIS_URL: redisUrl.href });
    expect(said).toMatch(/^REDIS_URL: Redis refuses its user or password \(WRONGPASS/);
  });

  test("ends with status 1 on a user whom Postgres does not let in, and does not try it for ever", async () => {
    const url = Object.assign(new URL(inject("postgresUrl")), { username: "nobody-here", password: "wrong" });
    const said = await refusal({ ...unreached, DATABASE_URL: url.href, REDIS_URL: `${inject("redisUrl")}/7` });
    expect(said).toMatch(/^DATABASE_URL: Postgres refuses its user or password \(/);
  });

  test.skipIf(!existsSync("/dev/full"))("works on where its log cannot be written, and says so once", async () => {
    const { child, said } = await startOnFullDisk("pipe");
    child.kill("SIGTERM");
    expect(await once(child, "close")).toEqual([0, null]);
    expect(said()).toBe("the log cannot be written (ENOSPC); the worker process goes on without it\n");
  });

  test.skipIf(!existsSync("/dev/full"))("works on where not even that can be said", async () => {
    const { child } = await startOnFullDisk("full");
    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([0, null]);
  });

  test("tells its health, readiness and metrics, and ends with status 0 on SIGTERM", async () => {
    const { child, port } = await startGood();
    const get = (path: string): Promise<Response> => fetch(`http://127.0.0.1:${port}${path}`);
    expect(await (await get("/health")).json()).toEqual({ status: "ok" });
    const ready = await get("/ready");
    expect([ready.status, await ready.json()]).toMatchObject([200, { ready: true, reasons: [] }]);
    const metrics = await (await get("/metrics")).text();
    expect(metrics).toMatch(/^darkroom_jobs_running\{instance_id="[^"]+"\} 0$/m);
    expect(metrics).toMatch(/^darkroom_redis_up\{connection="subscriber",instance_id="[^"]+"\} 1$/m);
    expect(metrics).toMatch(/^darkroom_redis_reconnects_total\{connection="commands",instance_id="[^"]+"\} 0$/m);
    expect(metrics).toMatch(/^darkroom_postgres_wait_seconds_count\{instance_id="[^"]+",for="answer"\} [1-9]/m);
    expect(metrics).toMatch(/^darkroom_redis_command_seconds_count\{instance_id="[^"]+"\} [1-9]/m);
    expect((await get("/elsewhere")).status).toBe(404);
    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([0, null]);
  });

  test("from elsewhere anybody learns whether it is ready, and who brings the token why not and the metrics", async () => {
    const port = await freePort();
    const token = "a token for Prometheus";
    const child = start({
      ...(await setupGood()),
      COMFYUI_URLS: "http://127.0.0.1:9",
      ...{ WORKER_PORT: String(port), WORKER_HOST: "0.0.0.0", WORKER_TOKEN: token },
    });
    child.stdout?.resume();
    const get = (path: string, bearer?: string): Promise<Response> =>
      fetch(`http://127.0.0.1:${port}${path}`, { headers: bearer ? { authorization: `Bearer ${bearer}` } : {} });
    await expect
      .poll(() =>
        get("/ready").then(
          ({ status }) => status,
          () => child.exitCode,
        ),
      )
      .toBe(200);
    expect(await (await get("/ready")).json()).toEqual({ ready: true });
    expect(await (await get("/ready", token)).json()).toMatchObject({ degraded: ["backend 127.0.0.1:9 is down"] });
    for (const wrong of [undefined, "another token for all", `${token}!`])
      expect((await get("/metrics", wrong)).status).toBe(401);
    // As HTTP has it, the scheme is written as one likes, and a refusal names it.
    const asked = await fetch(`http://127.0.0.1:${port}/metrics`, { headers: { authorization: `bearer ${token}` } });
    expect(await asked.text()).toContain("darkroom_jobs_running");
    expect((await get("/metrics")).headers.get("www-authenticate")).toBe("Bearer");
    expect((await fetch(`http://127.0.0.1:${port}/ready`, { method: "POST" })).status).toBe(405);
  });

  test("ends when the launcher dies before this process has run a line", async () => {
    const { url } = await setupSilentPostgres();
    const child = start({ ...unreached, DATABASE_URL: url, REDIS_URL: inject("redisUrl") });
    child.disconnect();
    expect(await once(child, "exit")).toEqual([0, null]);
  });

  test("ends when the launcher dies while it waits for Postgres to start", async () => {
    const { url, dialled } = await setupSilentPostgres();
    const child = start({ ...unreached, DATABASE_URL: url, REDIS_URL: inject("redisUrl") });
    await dialled;
    child.disconnect();
    expect(await once(child, "exit")).toEqual([0, null]);
  });

  test("ends when the launcher is gone", async () => {
    const { child } = await startGood();
    child.disconnect();
    expect(await once(child, "exit")).toEqual([0, null]);
  });
});
