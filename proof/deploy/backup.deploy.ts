import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { chmod, mkdir, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { type JobView, newId } from "@darkroom/contracts";
import { createDatabase } from "@darkroom/db";
import { freePort } from "@darkroom/fault-proxy";
import { createSimulator } from "@darkroom/simulator";
import { expect, onTestFinished, test } from "vitest";
import { createGateway, type Gateway, keyHolder } from "../../apps/web/src/server/testing/gateway.ts";
import { launch } from "../../scripts/testing/launch.ts";
import { makeFolder } from "../../scripts/testing/make-folder.ts";
import { startPostgres } from "./postgres-server.ts";
import { startWorker } from "./product.ts";
import { program } from "./programs.ts";
import { ownRedis } from "./redis-server.ts";

const root = resolve(import.meta.dirname, "../..");
const page = readFileSync(join(root, "docs/operations/backup.md"), "utf8");
/** The page's blocks of commands, in their order. */
const [backup = "", restore = "", copyFolder = ""] = [...page.matchAll(/```sh\n(.*?)```/gs)].map(([, block]) => block);

/** Does what the page says, in a shell in the repository. */
async function follow(commands: string, settings: Readonly<Record<string, string>>): Promise<void> {
  const path = [dirname(program("initdb")), process.env.PATH].join(":");
  await promisify(execFile)("bash", ["-euc", commands], {
    cwd: root,
    env: { ...process.env, ...settings, PATH: path },
  });
}

interface Caller {
  readonly at: string;
  readonly headers: Readonly<Record<string, string>>;
}

async function submit({ at, headers }: Caller): Promise<string> {
  const body = JSON.stringify({ workflow: "test-card", inputs: {}, idempotencyKey: newId() });
  const json = { ...headers, "content-type": "application/json" };
  const answer = await fetch(`${at}/api/v1/jobs`, { method: "POST", headers: json, body });
  return ((await answer.json()) as { jobId: string }).jobId;
}

async function jobOf({ at, headers }: Caller, jobId: string): Promise<JobView> {
  return (await (await fetch(`${at}/api/v1/jobs/${jobId}`, { headers })).json()) as JobView;
}

const ended = (caller: Caller, jobId: string): Promise<JobView> =>
  expect
    .poll(() => jobOf(caller, jobId), { timeout: 60_000 })
    .toMatchObject({ state: "succeeded", outputs: [{}] })
    .then(() => jobOf(caller, jobId));

async function pictureOf({ at, headers }: Caller, { outputs: [output] }: JobView): Promise<string> {
  const answer = await fetch(`${at}${output?.url}`, { headers });
  expect(answer.status).toBe(200);
  return createHash("sha256")
    .update(Buffer.from(await answer.arrayBuffer()))
    .digest("hex");
}

test("dumped while it runs and restored beside an empty Redis, pictures, keys and what waited are back, and it goes on", async () => {
  const urlOf = await startPostgres();
  const folder = await makeFolder("backup");
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, "backup"));
  const simulator = await createSimulator({ port: 0, stepMs: 5, loadMs: 10 });
  onTestFinished(() => simulator.close());

  /** The product on a database and a storage of that name, with a Redis of its own, which is empty. */
  async function startOn(
    name: string,
    { before }: { before?: (settings: Record<string, string>) => Promise<void> } = {},
  ) {
    const settings = {
      ...{ DATABASE_URL: urlOf(name), REDIS_URL: await ownRedis(), BACKUP: join(folder, "backup") },
      ...{ STORAGE_FOLDER: join(folder, name), STORAGE_URL: pathToFileURL(join(folder, name)).href },
    };
    const admin = createDatabase(urlOf("postgres"), { max: 1, applicationName: "test" });
    await admin.sql`CREATE DATABASE ${admin.sql(name)}`;
    await admin.close();
    await mkdir(settings.STORAGE_FOLDER);
    await before?.(settings);
    const gateway: Gateway = await createGateway({
      ...{ databaseUrl: settings.DATABASE_URL, redisUrl: settings.REDIS_URL },
      env: { STORAGE_URL: settings.STORAGE_URL },
    });
    onTestFinished(() => gateway.close());
    const worker = await startWorker({ ...settings, DATA_DIR: folder, COMFYUI_URLS: simulator.url });
    onTestFinished(() => worker.kill());
    await gateway.start();
    return { settings, gateway, worker };
  }

  const first = await startOn("first", { before: (settings) => follow("pnpm migrate", settings) });
  const database = createDatabase(first.settings.DATABASE_URL, { max: 1, applicationName: "test" });
  const { key } = await keyHolder(database);
  await database.close();
  const headers = { authorization: `Bearer ${key}` };
  const before = { at: first.gateway.url, headers };
  const made = await ended(before, await submit(before));
  const picture = await pictureOf(before, made);
  await first.worker.kill();
  const waiting = [await submit(before), await submit(before), await submit(before)];
  await follow(backup, first.settings);
  const afterBackup = await submit(before);
  await first.gateway.end("SIGKILL");

  const second = await startOn("second", { before: (settings) => follow(restore, settings) });
  const after = { at: second.gateway.url, headers };
  expect(await pictureOf(after, await jobOf(after, made.jobId))).toBe(picture);
  for (const jobId of waiting) expect((await ended(after, jobId)).attempts).toBe(1);
  const [a, b, c] = await Promise.all(waiting.map((jobId) => jobOf(after, jobId)));
  expect([a?.startedAt, b?.startedAt, c?.startedAt].toSorted()).toEqual([a?.startedAt, b?.startedAt, c?.startedAt]);
  expect((await fetch(`${after.at}/api/v1/jobs/${afterBackup}`, { headers })).status).toBe(404);
  expect((await ended(after, await submit(after))).state).toBe("succeeded");
});

test("the folder of npm start, copied after it was stopped, starts elsewhere with its people and its pictures", async () => {
  const folder = await makeFolder("backup");
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, "backup"));
  await chmod(join(folder, "backup"), 0o711);
  const start = async (dataDir: string) => {
    const started = launch({
      ...{
        PORT: String(await freePort()),
        WORKER_PORT: String(await freePort()),
        SIMULATOR_PORT: String(await freePort()),
      },
      DATA_DIR: dataDir,
    });
    onTestFinished(async () => {
      started.child.kill("SIGTERM");
      await started.exited;
    });
    const [, at = ""] = await started.printed(/ready at (\S+)/);
    return { started, at };
  };
  const { started, at } = await start(join(folder, "data"));
  const page = await fetch(at, { headers: { accept: "text/html" } });
  const cookie = page.headers
    .getSetCookie()
    .map((one) => one.split(";")[0])
    .join("; ");
  const before = { at, headers: { cookie, origin: at } };
  const made = await ended(before, await submit(before));
  const picture = await pictureOf(before, made);
  started.child.kill("SIGTERM");
  await started.exited;
  await follow(copyFolder, { DATA_DIR: join(folder, "data"), BACKUP: join(folder, "backup") });

  const again = await start(join(folder, "backup/darkroom"));
  const after = { at: again.at, headers: { cookie, origin: again.at } };
  expect(await pictureOf(after, await jobOf(after, made.jobId))).toBe(picture);
});
