import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { newId } from "@darkroom/contracts";
import { createDatabase } from "@darkroom/db";
import { createSimulator } from "@darkroom/simulator";
import { expect, inject, onTestFinished, test } from "vitest";
import { createGateway, keyHolder } from "../../apps/web/src/server/testing/gateway.ts";
import { freePort } from "../../scripts/processes/ports.ts";
import { launch } from "../../scripts/testing/launch.ts";
import { makeFolder } from "../../scripts/testing/make-folder.ts";
import { startWorker } from "./product.ts";
import { ownRedis } from "./redis-server.ts";

const root = resolve(import.meta.dirname, "../..");
const run = promisify(execFile);
const git = async (...args: string[]): Promise<string> => (await run("git", args, { cwd: root })).stdout.trim();

/** The oldest build whose data folder a build of today must be able to take over. */
const FIRST_BUILD = "b09f67a";

/** The sources of a commit in a folder of their own, with their packages. */
async function checkout(commit: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "darkroom-build-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await run("git", ["clone", "--quiet", "--shared", "--no-checkout", root, folder]);
  await run("git", ["checkout", "--quiet", commit], { cwd: folder });
  const env = { ...process.env, CI: "true", NODE_ENV: "" };
  await run("pnpm", ["install", "--frozen-lockfile", "--prefer-offline"], { cwd: folder, env, maxBuffer: 1e8 });
  return folder;
}

interface Caller {
  readonly at: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** By the calls that every build has: submits a test card, and resolves with the content of its picture and its id. */
async function makePicture(caller: Caller): Promise<{ jobId: string; sha256: string }> {
  const body = JSON.stringify({ workflow: "test-card", inputs: {}, idempotencyKey: newId() });
  const headers = { ...caller.headers, "content-type": "application/json" };
  const answer = await fetch(`${caller.at}/api/trpc/job.submit`, { method: "POST", headers, body });
  const { result } = (await answer.json()) as { result?: { data: { jobId: string } } };
  const jobId = result?.data.jobId ?? "";
  await expect.poll(() => stateOf(caller, jobId), { timeout: 60_000 }).toBe("succeeded");
  return { jobId, sha256: await pictureOf(caller, jobId) };
}

interface Job {
  readonly state: string;
  readonly outputs: readonly { readonly url: string }[];
}

async function jobOf({ at, headers }: Caller, jobId: string): Promise<Job> {
  const input = encodeURIComponent(JSON.stringify({ jobId }));
  const answer = await fetch(`${at}/api/trpc/job.byId?input=${input}`, { headers });
  return ((await answer.json()) as { result: { data: Job } }).result.data;
}
const stateOf = async (caller: Caller, jobId: string): Promise<string> => (await jobOf(caller, jobId)).state;

async function pictureOf(caller: Caller, jobId: string): Promise<string> {
  const { outputs } = await jobOf(caller, jobId);
  const answer = await fetch(`${caller.at}${outputs[0]?.url}`, { headers: caller.headers });
  expect(answer.status).toBe(200);
  return createHash("sha256")
    .update(Buffer.from(await answer.arrayBuffer()))
    .digest("hex");
}

test(`the data folder of ${FIRST_BUILD} is taken over by npm start: its visitor finds their picture, and makes another`, async () => {
  const before = await checkout(FIRST_BUILD);
  const folder = await makeFolder("upgrade");
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await chmod(folder, 0o711);
  const ports = {
    PORT: String(await freePort()),
    WORKER_PORT: String(await freePort()),
    SIMULATOR_PORT: String(await freePort()),
  };
  const start = async (command: string[]) => {
    const started = launch({ ...ports, DATA_DIR: join(folder, "data") }, command);
    onTestFinished(async () => {
      started.child.kill("SIGTERM");
      await started.exited;
    });
    const [, at = ""] = await started.printed(/ready at (\S+)/);
    return { started, at };
  };
  const old = await start([join(before, "scripts/start.ts")]);
  const { headers } = await fetch(`${old.at}/api/trpc/session.me`);
  const cookie = headers
    .getSetCookie()
    .map((one) => one.split(";")[0])
    .join("; ");
  const caller = { at: old.at, headers: { cookie, origin: old.at } };
  const made = await makePicture(caller);
  old.started.child.kill("SIGTERM");
  await old.started.exited;

  await start(["scripts/start.ts"]);
  expect(await pictureOf(caller, made.jobId)).toBe(made.sha256);
  await makePicture(caller);
}, 600_000);

test("the build before the last migration runs on while it is made, beside the new build, and again after a rollback", async () => {
  const last = await git("log", "-1", "--format=%H", "--", "packages/db/drizzle/*.sql");
  const old = await checkout(`${last}~1`);
  const admin = createDatabase(inject("postgresUrl"), { max: 1, applicationName: "test" });
  const name = `upgrade_${newId().replaceAll("-", "")}`;
  await admin.sql`CREATE DATABASE ${admin.sql(name)}`;
  onTestFinished(async () => {
    await admin.sql`DROP DATABASE ${admin.sql(name)} WITH (FORCE)`;
    await admin.close();
  });
  const folder = await makeFolder("upgrade");
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const databaseUrl = inject("postgresUrl").replace(/\/[^/]*$/, `/${name}`);
  const simulator = await createSimulator({ port: 0, stepMs: 5, loadMs: 10 });
  onTestFinished(() => simulator.close());
  const settings = {
    ...{ DATABASE_URL: databaseUrl, REDIS_URL: await ownRedis(), COMFYUI_URLS: simulator.url },
    ...{ DATA_DIR: folder, STORAGE_URL: pathToFileURL(join(folder, "storage")).href },
  };
  const migrate = (build: string) =>
    run(process.execPath, [join(build, "packages/db/src/migrate/main.ts")], {
      env: { PATH: process.env.PATH, ...settings },
    });
  /** The two processes of a build; resolves with its address and what ends it. */
  const start = async (build: string) => {
    const gateway = await createGateway({
      ...{ databaseUrl, redisUrl: settings.REDIS_URL, env: { STORAGE_URL: settings.STORAGE_URL, LOG_LEVEL: "error" } },
      program: join(build, "apps/web/src/server/main.ts"),
    });
    onTestFinished(() => gateway.close());
    await gateway.start();
    const worker = await startWorker(settings, join(build, "apps/worker/src/main.ts"));
    onTestFinished(() => worker.kill());
    return { at: gateway.url, end: async () => void (await Promise.all([gateway.end("SIGTERM"), worker.kill()])) };
  };

  await migrate(old);
  const database = createDatabase(databaseUrl, { max: 1, applicationName: "test" });
  onTestFinished(() => database.close());
  const { key } = await keyHolder(database);
  const migrations = async () => (await database.sql`SELECT FROM drizzle.__drizzle_migrations`).length;
  const ofOld = await migrations();
  const headers = { authorization: `Bearer ${key}` };
  const before = await start(old);
  const first = await makePicture({ at: before.at, headers });

  await migrate(root);
  expect(await migrations()).toBe(ofOld + 1);
  await makePicture({ at: before.at, headers });
  const after = await start(root);
  await makePicture({ at: after.at, headers });
  await makePicture({ at: before.at, headers });
  await before.end();
  const second = await makePicture({ at: after.at, headers });

  await after.end();
  const again = await start(old);
  for (const { jobId, sha256 } of [first, second])
    expect(await pictureOf({ at: again.at, headers }, jobId)).toBe(sha256);
  await makePicture({ at: again.at, headers });
}, 600_000);
