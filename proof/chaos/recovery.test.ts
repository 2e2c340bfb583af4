import { rm } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeFolder } from "../../scripts/testing/make-folder.ts";
import { type Cluster, startCluster, untilReady } from "./cluster.ts";
import { killWorker, losePostgres, loseRedis } from "./recovery.ts";
import { createGuest, type Visitor } from "./visitor.ts";

const setting = {
  ...{ webs: 1, workers: 2, simulators: 1, leaseSeconds: 10, speed: 2, concurrency: 1 },
  storage: "disk",
} as const;
let cluster: Cluster;
let visitor: Visitor;
let folder: string;
const crashes: string[] = [];

beforeAll(async () => {
  folder = await makeFolder("chaos");
  cluster = await startCluster({ ...setting, folder, onCrash: (part, how) => crashes.push(`${part}: ${how}`) });
  await untilReady(cluster, AbortSignal.timeout(100_000));
  visitor = await createGuest(cluster);
}, 120_000);

afterAll(async () => {
  await cluster?.close();
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  expect(crashes).toEqual([]);
});

test("a killed worker's job runs again within 15 s, and its prompt is not repeated", { timeout: 90_000 }, async () => {
  const { runsAgainMs, prompts } = await killWorker({ cluster, visitor });
  expect(prompts).toBe(1);
  expect(runsAgainMs).toBeLessThan(15_000);
});

test("without Redis submits are answered, and their jobs start within 8 s of its return", {
  timeout: 60_000,
}, async () => {
  const { statuses, slowestMs, startsMs } = await loseRedis({ cluster, visitor }, { submits: 3 });
  expect(statuses).toEqual([200, 200, 200]);
  // What every door promises while a service is silent.
  expect(slowestMs).toBeLessThan(6000);
  expect(startsMs).toBeLessThan(8000);
});

test("without Postgres a submit is told when to come again, and is accepted 5 s after its return", {
  timeout: 60_000,
}, async () => {
  const { refusal, acceptsMs } = await losePostgres({ cluster, visitor });
  expect(refusal).toMatchObject({ status: 503, jobId: null, retryAfterSeconds: expect.any(Number) });
  expect(acceptsMs).toBeLessThan(5000);
});
