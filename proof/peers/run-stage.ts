import { rm } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type DurableEvent, type InputValues, newId } from "@darkroom/contracts";
import { createDatabase, outputFile, seedWorkflows, submitJobs } from "@darkroom/db";
import { createTestDatabase, newJob } from "@darkroom/db/testing";
import { createProcessLog } from "@darkroom/monitor";
import { createKeys, createPublisher, createQueue, createRedis, createSubscriber, whenReady } from "@darkroom/queue";
import { testPrefix } from "@darkroom/queue/testing";
import { createStorage } from "@darkroom/storage";
import { defaultSettings } from "../../apps/worker/src/settings.ts";
import { picture } from "../../apps/worker/src/testing/workflows.ts";
import { createWorker } from "../../apps/worker/src/worker.ts";
import { afterCommit } from "../../packages/api/src/live/notify.ts";
import { simulatorService } from "../../scripts/launcher/services.ts";
import { createGuard } from "../../scripts/processes/guard.ts";
import { freePort } from "../../scripts/processes/ports.ts";
import { runService } from "../../scripts/processes/run-service.ts";
import { givenPrograms } from "../../scripts/programs/programs.ts";
import { makeFolder } from "../../scripts/testing/make-folder.ts";
import type { Servers } from "./stage.ts";

/** A prompt as the simulator's account has it; times in milliseconds. */
export interface Ran {
  readonly promptId: string;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
}

/** A worker, its storage on a real disk, and a simulator in a process of its own whose runs are short. */
export interface RunStage {
  readonly comfyUrl: string;
  /** Stores jobs of `picture` and tells Redis, as the API does; answers their ids. */
  submit(inputs: readonly InputValues[]): Promise<readonly string[]>;
  /** Resolves at the job's event of that type. */
  event(jobId: string, type: DurableEvent["type"]): Promise<DurableEvent>;
  /** Reads an output as the route of its URL does; answers how many bytes it has. */
  read(outputId: string): Promise<number>;
  /** Every prompt that the simulator ever had. */
  ran(): Promise<readonly Ran[]>;
  close(): Promise<void>;
}

/** The milliseconds of one sampling step, and so about those of a run. */
const STEP_MS = 10;

export async function openRunStage({ postgresUrl, redisUrl }: Servers): Promise<RunStage> {
  const root = join(import.meta.dirname, "../..");
  const guard = createGuard();
  const folder = await makeFolder("runs");
  guard.removeFolder(folder);
  const port = await freePort();
  const env = {
    ...process.env,
    SIMULATOR_PORT: String(port),
    SIMULATOR_STEP_MS: String(STEP_MS),
    SIMULATOR_LOAD_MS: "0",
  };
  const simulator = await runService(
    simulatorService({ root, programs: givenPrograms(), env, logs: folder }, port),
    guard,
  );
  const comfyUrl = `http://127.0.0.1:${port}`;

  const made = await createTestDatabase(postgresUrl);
  await made.database.close();
  const database = createDatabase(made.url, { applicationName: "runs" });
  await seedWorkflows(database, [picture]);
  const onError = (error: unknown): void => console.error(error);
  const commands = createRedis(redisUrl, { role: "commands", onError });
  const subscription = createRedis(redisUrl, { role: "subscriber", onError });
  await Promise.all([whenReady(commands), whenReady(subscription)]);
  const keys = createKeys(testPrefix());
  const [queue, publisher, subscriber] = [
    createQueue(commands, keys),
    createPublisher(commands, keys),
    createSubscriber(subscription, keys),
  ];
  await queue.rebuild([]);
  const storage = createStorage({ STORAGE_URL: pathToFileURL(join(folder, "storage")).href });
  const settings = { ...defaultSettings, minFreeBytes: 0 };
  const log = createProcessLog({ app: "worker", level: "silent", instance: "bench" });
  const parts = { database, queue, publisher, subscriber, storage, settings, log };
  const worker = createWorker({ ...parts, backendUrls: [comfyUrl] });

  const ownerId = newId();
  const seen = new Map<string, PromiseWithResolvers<DurableEvent>>();
  /** What is told before anybody asks is kept. */
  const told = (jobId: string, type: DurableEvent["type"]): PromiseWithResolvers<DurableEvent> => {
    const key = `${jobId} ${type}`;
    const known = seen.get(key) ?? Promise.withResolvers<DurableEvent>();
    seen.set(key, known);
    return known;
  };
  const watch = subscriber.watchOwner(ownerId, {
    durable: ({ event }) => {
      if ("jobId" in event) told(event.jobId, event.type).resolve(event);
    },
    transient: () => undefined,
  });
  await watch.acknowledged;
  worker.start();

  return {
    comfyUrl,
    async submit(inputs) {
      const jobs = await Promise.all(inputs.map((given) => newJob(database, picture, given)));
      const submission = { ownerId, ownerKind: "account", addressKey: null, limits: null, jobs } as const;
      const batchId = jobs.length === 1 ? null : newId();
      await afterCommit({ queue, publisher, log }, await submitJobs(database, { ...submission, batchId }));
      return jobs.map(({ jobId }) => jobId);
    },
    event: (jobId, type) => told(jobId, type).promise,
    async read(outputId) {
      const file = await outputFile(database, { outputId, ownerIds: [ownerId] });
      const opened = file && (await storage.open(file.storageKey));
      if (opened === null) throw new Error(`the output ${outputId} is not there`);
      let bytes = 0;
      for await (const chunk of opened.stream) bytes += (chunk as Buffer).length;
      return bytes;
    },
    async ran() {
      const answer = await fetch(`${comfyUrl}/simulator/control`);
      return ((await answer.json()) as { prompts: Ran[] }).prompts;
    },
    async close() {
      await worker.stop(0);
      watch.release();
      subscriber.close();
      const left = await commands.keys(`{${keys.prefix}}:*`);
      if (left.length > 0) await commands.del(...left);
      commands.disconnect();
      subscription.disconnect();
      await database.close();
      await made.drop();
      await simulator.stop();
      await rm(folder, { recursive: true, force: true });
      await guard.close();
    },
  };
}
