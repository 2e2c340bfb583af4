import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { newId, type WorkflowDefinition } from "@darkroom/contracts";
import { seedWorkflows, submitJobs } from "@darkroom/db";
import { createTestDatabase, newJob } from "@darkroom/db/testing";
import { createProcessLog } from "@darkroom/monitor";
import { createKeys, createPublisher, createQueue, createRedis, createSubscriber, whenReady } from "@darkroom/queue";
import { createSimulator, type Simulator } from "@darkroom/simulator";
import { createStorage } from "@darkroom/storage";
import { defaultSettings } from "../../apps/worker/src/settings.ts";
import { picture } from "../../apps/worker/src/testing/workflows.ts";
import { createWorker } from "../../apps/worker/src/worker.ts";
import { createRandom } from "../chaos/random.ts";

export interface FleetRun {
  /** Of the prompts that ran until the first owner had none left, those that had to load another model. */
  readonly loads: number;
  readonly prompts: number;
  /** Jain's index of the owners' seconds on the backends: 1 when all have the same. */
  readonly fairness: number;
  /** Milliseconds between the end of a prompt and the start of the next on one backend: median and 95th percentile. */
  readonly gapMs: readonly [number, number];
  readonly seconds: number;
}

const OWNERS = 3;
const BACKENDS = 4;
const MODELS = ["one.safetensors", "two.safetensors", "three.safetensors"];
const WORKERS = 2;
/** What loading a model costs beside a run of some ten steps. */
const PACE = { stepMs: 40, loadMs: 1500 };

const withModel: WorkflowDefinition = {
  ...picture,
  slug: "picture-with-model",
  parameters: [
    ...picture.parameters,
    { kind: "model", name: "model", label: "Model", folder: "checkpoints", required: true },
  ],
  bindings: [...picture.bindings, { parameter: "model", node: "model", input: "ckpt_name" }],
};

/** Real workers, real queue, four simulators: three owners whose jobs want one of three models at random. */
export async function runFleet(
  urls: { readonly postgresUrl: string; readonly redisUrl: string },
  { jobsPerOwner, prefersWarm, seed }: { jobsPerOwner: number; prefersWarm: boolean; seed: number },
): Promise<FleetRun> {
  const begunAt = performance.now();
  const { database, drop } = await createTestDatabase(urls.postgresUrl);
  await seedWorkflows(database, [withModel]);
  const folder = await mkdtemp(join(tmpdir(), "darkroom-fleet-"));
  const onError = (): void => undefined;
  const commands = createRedis(urls.redisUrl, { role: "commands", onError });
  const subscription = createRedis(urls.redisUrl, { role: "subscriber", onError });
  await Promise.all([whenReady(commands), whenReady(subscription)]);
  const keys = createKeys(`fleet-${seed}-${prefersWarm}`);
  const queue = createQueue(commands, keys);
  const publisher = createPublisher(commands, keys);
  const subscriber = createSubscriber(subscription, keys);
  await queue.rebuild([]);
  const models = { checkpoints: MODELS };
  const simulators = await Promise.all(
    Array.from({ length: BACKENDS }, () => createSimulator({ port: 0, models, ...PACE })),
  );

  const random = createRandom(seed);
  const total = jobsPerOwner * OWNERS;
  const owners = Array.from({ length: OWNERS }, () => newId());
  // In turns, so that the queue is as it would be if they had come one by one.
  for (let index = 0; index < total; index += 1) {
    const ownerId = owners[index % OWNERS] ?? "";
    const inputs = { prompt: `picture ${index}`, steps: 5 + random.below(10), model: random.pick(MODELS) };
    const job = { ...(await newJob(database, withModel, inputs)), modelKey: inputs.model };
    const account = { ownerId, ownerKind: "account", addressKey: null, limits: null } as const;
    const { entries } = await submitJobs(database, { ...account, jobs: [job] });
    await queue.enqueue([...entries]);
  }

  const workers = Array.from({ length: WORKERS }, () =>
    createWorker({
      database,
      queue,
      publisher,
      subscriber,
      storage: createStorage({ STORAGE_URL: pathToFileURL(folder).href }),
      backendUrls: simulators.map(({ url }) => url),
      settings: { ...defaultSettings, prefersWarm, minFreeBytes: 0 },
      log: createProcessLog({ app: "worker", level: "silent", instance: "fleet" }),
    }),
  );
  for (const worker of workers) worker.start();
  const isOpen = () => database.sql`SELECT 1 FROM jobs WHERE finished_at IS NULL LIMIT 1`;
  while ((await isOpen()).length > 0) await sleep(250);
  await Promise.all(workers.map((worker) => worker.stop(5000)));

  const rows = await database.sql<{ promptId: string; ownerId: string; model: string }[]>`
    SELECT d.prompt_id AS "promptId", j.owner_id AS "ownerId", j.model_key AS model
    FROM dispatches d JOIN jobs j ON j.id = d.job_id`;
  const answer = judge(simulators, new Map(rows.map((row) => [row.promptId, row])));
  subscriber.close();
  subscription.disconnect();
  commands.disconnect();
  await Promise.all(simulators.map((simulator) => simulator.close()));
  await drop();
  await rm(folder, { recursive: true, force: true });
  return { ...answer, seconds: (performance.now() - begunAt) / 1000 };
}

interface Asked {
  readonly ownerId: string;
  readonly model: string;
}

/** By the simulators' own account. */
function judge(simulators: readonly Simulator[], asked: ReadonlyMap<string, Asked>): Omit<FleetRun, "seconds"> {
  const runsOf = simulators.map((simulator) =>
    simulator.control
      .ledger()
      .flatMap(({ promptId, startedAt, endedAt }) => {
        const by = asked.get(promptId);
        return by === undefined || startedAt === null || endedAt === null ? [] : [{ ...by, startedAt, endedAt }];
      })
      .toSorted((a, b) => a.startedAt - b.startedAt),
  );
  // From the moment on at which one owner has nothing left, nothing is shared.
  const lastOf = new Map<string, number>();
  for (const { ownerId, startedAt } of runsOf.flat())
    lastOf.set(ownerId, Math.max(lastOf.get(ownerId) ?? 0, startedAt));
  const until = Math.min(...lastOf.values());
  const used = new Map<string, number>();
  const gaps: number[] = [];
  let [loads, prompts] = [0, 0];
  for (const runs of runsOf) {
    for (const [index, run] of runs.entries()) {
      if (run.startedAt > until) break;
      const before = runs[index - 1];
      prompts += 1;
      if (before?.model !== run.model) loads += 1;
      if (before !== undefined) gaps.push(run.startedAt - before.endedAt);
      used.set(run.ownerId, (used.get(run.ownerId) ?? 0) + run.endedAt - run.startedAt);
    }
  }
  const shares = [...used.values()];
  const sum = shares.reduce((all, share) => all + share, 0);
  const fairness = (sum * sum) / (shares.length * shares.reduce((all, share) => all + share * share, 0));
  const sorted = gaps.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
  return { loads, prompts, fairness, gapMs: [at(0.5), at(0.95)] };
}
