import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { newId } from "@darkroom/contracts";
import { seedWorkflows, setRole } from "@darkroom/db";
import { createTestDatabase } from "@darkroom/db/testing";
import { freePort } from "@darkroom/fault-proxy";
import { createSimulator } from "@darkroom/simulator";
import {
  createGateway,
  type Gateway,
  keyHolder,
  openSocket,
  type RawSocket,
} from "../../apps/web/src/server/testing/gateway.ts";
import { bundledWorkflows } from "../../packages/db/src/workflows/bundled/index.ts";
import { startTestServices } from "../../scripts/testing/services.ts";

// `pnpm test:instances`: three web processes and three workers of one product, and an operator on each web process. Prints how long a
// job's end takes from its worker to every operator, and how long a killed process is still counted. Status 1 if a goal is missed.

const JOBS = 12;
const root = join(import.meta.dirname, "../..");
const { postgresUrl, redisUrl, stop } = await startTestServices();
const { database, url: databaseUrl, drop } = await createTestDatabase(postgresUrl);
const folder = await mkdtemp(join(tmpdir(), "darkroom-instances-"));
const simulators = await Promise.all([1, 2, 3].map(() => createSimulator({ port: 0, stepMs: 5, loadMs: 10 })));
const gateways: Gateway[] = [];
const workers: ChildProcess[] = [];
let isMet = true;

function line(name: string, figure: string, goal: { readonly text: string; readonly isMet: boolean }): void {
  isMet &&= goal.isMet;
  console.log(`${goal.isMet ? "✓" : "✗"} ${name}: ${figure} (goal ${goal.text})`);
}

interface Value {
  readonly result?: { readonly type: string; readonly data?: { readonly data: Told } };
}
interface Told {
  readonly metrics?: readonly {
    readonly type: string;
    readonly jobId?: string;
    readonly instanceId?: string;
    readonly at: string;
  }[];
}

async function startWorker(comfyUrl: string): Promise<void> {
  const env = {
    ...{ PATH: process.env.PATH, NODE_ENV: "production", LOG_LEVEL: "warn", WORKER_PORT: String(await freePort()) },
    ...{ DATABASE_URL: databaseUrl, REDIS_URL: redisUrl, COMFYUI_URLS: comfyUrl },
    ...{ DATA_DIR: folder, STORAGE_URL: pathToFileURL(join(folder, "storage")).href },
  };
  workers.push(
    spawn(process.execPath, [join(root, "apps/worker/src/main.ts")], {
      env,
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    }),
  );
}

/** When each job's end reached this operator, in their order, and from which worker. */
function ends(socket: RawSocket): Map<string, { readonly at: number; readonly instanceId: string }> {
  const seen = new Map<string, { at: number; instanceId: string }>();
  socket.socket.on("message", (data) => {
    const text = String(data);
    if (!text.startsWith("{")) return;
    const told = (JSON.parse(text) as Value).result?.data;
    for (const { type, jobId = "", instanceId = "" } of told?.data.metrics ?? [])
      if (type === "job.measured") seen.set(jobId, { at: performance.now(), instanceId });
  });
  return seen;
}

async function until(isSo: () => boolean | Promise<boolean>, ms: number): Promise<number> {
  const from = performance.now();
  while (!(await isSo())) {
    if (performance.now() - from > ms) return Number.POSITIVE_INFINITY;
    await sleep(50);
  }
  return performance.now() - from;
}

try {
  await seedWorkflows(database, bundledWorkflows);
  for (let count = 0; count < 3; count += 1) {
    const gateway = await createGateway({ databaseUrl, redisUrl });
    gateways.push(gateway);
    await gateway.start();
  }
  const { ownerId, key } = await keyHolder(database);
  await setRole(database, { ownerId, role: "admin" });
  const headers = { authorization: `Bearer ${key}` };
  const operators = await Promise.all(
    gateways.map(async ({ url }) => {
      const socket = await openSocket(url, headers);
      socket.send({ id: 1, method: "subscription", params: { path: "monitor.onMetric" } });
      await socket.until<Value>(({ result }) => result?.type === "data");
      return ends(socket);
    }),
  );
  for (const { url } of simulators) await startWorker(url);
  const [first] = gateways;
  if (first === undefined) throw new Error("there are three");
  const submit = async (): Promise<number> => {
    const body = JSON.stringify({ workflow: "test-card", inputs: {}, idempotencyKey: newId() });
    const json = { ...headers, "content-type": "application/json" };
    return (await fetch(`${first.url}/api/trpc/job.submit`, { method: "POST", headers: json, body })).status;
  };
  await Promise.all(Array.from({ length: JOBS }, submit));
  const tookMs = await until(() => operators.every((seen) => seen.size >= JOBS - 2), 60_000);
  const jobs = [...(operators[0]?.keys() ?? [])].filter((jobId) => operators.every((seen) => seen.has(jobId)));
  const spread = jobs.map((jobId) => {
    const times = operators.map((seen) => seen.get(jobId)?.at ?? 0);
    return Math.max(...times) - Math.min(...times);
  });
  const worst = Math.max(...spread);
  line("ends of jobs that reached all three operators", String(jobs.length), {
    text: `${JOBS - 2}`,
    isMet: Number.isFinite(tookMs),
  });
  line("between the first and the last of them, at worst", `${worst.toFixed(0)} ms`, {
    text: "1000 ms",
    isMet: worst < 1000,
  });
  // Several may come in one frame, whose id is that of the last of them: how many is not the same on every process.
  const orders = operators.map((seen) => [...seen.keys()].filter((jobId) => jobs.includes(jobId)).join());
  const areSame = new Set(orders).size === 1;
  line("in one order for all", String(areSame), { text: "true", isMet: areSame });
  const makers = new Set(jobs.map((jobId) => operators[0]?.get(jobId)?.instanceId)).size;
  line("workers that they came from", String(makers), { text: "2 or more", isMet: makers >= 2 });

  const victim = gateways[2];
  const total = async (): Promise<number> => {
    const answer = await fetch(`${first.url}/api/ws/status`, { headers });
    return ((await answer.json()) as { connections: { totalConnections: number } }).connections.totalConnections;
  };
  await until(async () => (await total()) === 3, 5000);
  const killed = await victim?.end("SIGKILL");
  const goneMs = await until(async () => (await total()) === 2, 40_000);
  line(`a killed process (${killed}) is still counted for`, `${(goneMs / 1000).toFixed(1)} s`, {
    text: "30 s",
    isMet: goneMs < 30_000,
  });
} finally {
  for (const worker of workers) worker.kill("SIGKILL");
  await Promise.all(gateways.map((gateway) => gateway.close()));
  await Promise.all(simulators.map((simulator) => simulator.close()));
  await drop();
  await stop();
  await rm(folder, { recursive: true, force: true });
}
process.exit(isMet ? 0 : 1);
