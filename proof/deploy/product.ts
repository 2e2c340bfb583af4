import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type JobView, newId } from "@darkroom/contracts";
import { seedWorkflows } from "@darkroom/db";
import { createTestDatabase } from "@darkroom/db/testing";
import { freePort } from "@darkroom/fault-proxy";
import { createSimulator, type SimulatorOptions } from "@darkroom/simulator";
import { inject, onTestFinished } from "vitest";
import { createGateway, type Gateway, keyHolder } from "../../apps/web/src/server/testing/gateway.ts";
import { bundledWorkflows } from "../../packages/db/src/workflows/bundled/index.ts";

const workerProgram = join(import.meta.dirname, "../../apps/worker/src/main.ts");

/** A web process, a worker and a simulator on services that a test chose, until the test ends. */
export interface Product {
  /** The web processes, in the order of `roles`. */
  readonly webs: readonly [Gateway, ...Gateway[]];
  readonly databaseUrl: string;
  readonly storageUrl: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Submits a test card to the first web process and resolves with the job once it has ended. */
  generate(): Promise<JobView>;
}

/** Starts it on that Redis, and on the run's Postgres. */
export async function startProduct(options: {
  readonly redisUrl: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What each web process serves. Default: one gateway. */
  readonly roles?: readonly ["gateway" | "pages", ...("gateway" | "pages")[]];
  readonly simulator?: SimulatorOptions;
}): Promise<Product> {
  const { redisUrl, env = {}, roles = ["gateway"] } = options;
  const { database, url: databaseUrl, drop } = await createTestDatabase(inject("postgresUrl"));
  const folder = await mkdtemp(join(tmpdir(), "darkroom-deploy-"));
  const storageUrl = pathToFileURL(join(folder, "storage")).href;
  const simulator = await createSimulator({ port: 0, stepMs: 5, loadMs: 10, ...options.simulator });
  await seedWorkflows(database, bundledWorkflows);
  const webOf = (role: string) =>
    createGateway({ databaseUrl, redisUrl, env: { STORAGE_URL: storageUrl, WEB_ROLE: role, ...env } });
  const [first, ...others] = roles;
  const webs = [await webOf(first), ...(await Promise.all(others.map(webOf)))] as const;
  const { key } = await keyHolder(database);
  const headers = { authorization: `Bearer ${key}` };
  const worker = await startWorker({
    ...{ DATABASE_URL: databaseUrl, REDIS_URL: redisUrl, COMFYUI_URLS: simulator.url },
    ...{ DATA_DIR: folder, STORAGE_URL: storageUrl, ...env },
  });
  onTestFinished(async () => {
    await worker.kill();
    await Promise.all(webs.map((web) => web.close()));
    await simulator.close();
    await drop();
    await rm(folder, { recursive: true, force: true });
  });
  await Promise.all(webs.map((web) => web.start()));
  const generate = async (): Promise<JobView> => {
    const answer = await fetch(`${webs[0].url}/api/generate`, {
      method: "POST",
      headers: { ...headers, "content-type": "application/json" },
      body: JSON.stringify({ workflow: "test-card", inputs: {}, idempotencyKey: newId() }),
    });
    return (await answer.json()) as JobView;
  };
  return { webs, databaseUrl, storageUrl, headers, generate };
}

/** A worker as a process of its own; `kill` resolves when it is gone, and may be called again. `program`: of another build than ours. */
export async function startWorker(
  settings: Readonly<Record<string, string>>,
  program = workerProgram,
): Promise<{ kill(): Promise<void> }> {
  const child = spawn(process.execPath, [program], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    env: {
      ...{ PATH: process.env.PATH, NODE_ENV: "production", LOG_LEVEL: "error", WORKER_PORT: String(await freePort()) },
      ...settings,
    },
  });
  const ended = once(child, "exit");
  return {
    kill: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
