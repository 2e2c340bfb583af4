import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type InputValues, newId, type WorkflowDefinition } from "@darkroom/contracts";
import { type Database, requestCancel, seedWorkflows, submitJobs } from "@darkroom/db";
import { createTestDatabase, newJob } from "@darkroom/db/testing";
import { createPublisher, createQueue } from "@darkroom/queue";
import { outOfMemory, picture } from "../../apps/worker/src/testing/workflows.ts";
import { freePort } from "../../scripts/processes/ports.ts";
import { givenPrograms } from "../../scripts/programs/programs.ts";
import type { FaultedProcess } from "./faulted-process.ts";
import { type Lane, STEP_MS } from "./lane.ts";
import { createStageProcesses, type StageProcesses } from "./stage-processes.ts";
import { createStageReader, type StageReader } from "./stage-reader.ts";

/** Short, so that recovery is seen soon; above it nothing in the product is faster than in production. */
export const LEASE_SECONDS = 1;

/** What the judge asks of Postgres is no part of the case, so it waits as long as a busy machine takes. */
const JUDGE_STATEMENT_MS = 120_000;

/** How long anything may take before a case counts as stuck, as the lane's patience counts. Recovery takes about three leases. */
export const PATIENCE_MS = 90_000;

/** A product of its own for one case: an empty database and queue, an owner with a watching hub, and processes. */
export interface Stage
  extends Pick<StageReader, "seen" | "has" | "hasEnded" | "until">,
    Pick<StageProcesses, "wasHit" | "log"> {
  readonly lane: Lane;
  readonly database: Database;
  readonly storageFolder: string;
  readonly ownerId: string;
  /** Every job that was submitted here, oldest first. */
  readonly jobIds: readonly string[];
  /** A worker process. One with a failpoint is the victim: when it ends, a whole one takes its place. */
  startWorker(failpoint?: string): FaultedProcess;
  /** The same, for a gateway; its successor listens on the same port. */
  startWeb(failpoint?: string): FaultedProcess;
  readonly webUrl: string;
  submit(inputs?: InputValues, workflow?: WorkflowDefinition): Promise<string>;
  /** Counts a job that came through the gateway. */
  adopt(jobId: string): void;
  cancel(jobId: string): Promise<void>;
  /** Resolves when the job's progress has reached that step, or the job has ended. */
  step(jobId: string, step: number): Promise<boolean>;
  /** True once the reader saw the end of every job. */
  allEnded(ms: number): Promise<boolean>;
  close(): Promise<void>;
}

export async function createStage(lane: Lane): Promise<Stage> {
  const { database, url, drop } = await createTestDatabase(lane.postgresUrl, {
    statementTimeoutMs: JUDGE_STATEMENT_MS,
  });
  await seedWorkflows(database, [picture, outOfMemory]);
  await lane.redis.flushall();
  lane.simulator.control.setPace({ stepMs: STEP_MS });
  const storageFolder = await mkdtemp(join(lane.folder, "storage-"));
  const queue = createQueue(lane.redis, lane.keys);
  const publisher = createPublisher(lane.redis, lane.keys);
  await queue.rebuild([]);
  const ownerId = newId();
  const reader = await createStageReader(lane, database, ownerId);
  const { seen, has, hasEnded, until } = reader;
  const webPort = await freePort();
  const processes = createStageProcesses(
    { DATABASE_URL: url, REDIS_URL: lane.redisUrl, STORAGE_URL: pathToFileURL(storageFolder).href },
    lane.patience,
  );
  const programs = givenPrograms();
  const jobIds: string[] = [];

  return {
    lane,
    database,
    storageFolder,
    ownerId,
    seen,
    jobIds,
    wasHit: processes.wasHit,
    log: processes.log,
    webUrl: `http://127.0.0.1:${webPort}`,
    startWorker: (failpoint) =>
      processes.start(
        programs.worker,
        { COMFYUI_URLS: lane.simulator.url, LEASE_SECONDS: String(LEASE_SECONDS) },
        failpoint,
      ),
    startWeb: (failpoint) =>
      processes.start(
        programs.web,
        {
          PORT: String(webPort),
          WEB_ROLE: "gateway",
          AUTH_SECRET: "the fault suite's secret, long enough to be one",
          DATA_DIR: storageFolder,
          ...Object.fromEntries(
            ["SUBMITS_PER_MINUTE", "GENERATIONS_PER_HOUR", "MAX_WAITING_PER_OWNER"].map((name) => [name, "1000000"]),
          ),
        },
        failpoint,
      ),
    submit: async (given = {}, workflow = picture) => {
      const job = await newJob(database, workflow, given);
      const { events, entries } = await submitJobs(database, {
        ownerId,
        ownerKind: "guest",
        addressKey: null,
        limits: null,
        jobs: [job],
      });
      jobIds.push(job.jobId);
      await publisher.publish(events);
      // Redis may be away: maintenance pushes it then.
      await queue.enqueue([...entries]).catch(() => undefined);
      await publisher.wake();
      return job.jobId;
    },
    adopt: (jobId) => void jobIds.push(jobId),
    cancel: async (jobId) => {
      const answer = await requestCancel(database, { jobId, ownerIds: [ownerId] });
      if (answer === null) throw new Error(`no job ${jobId}`);
      await publisher.publish(answer.events);
      if (answer.wasQueued) await queue.remove([jobId]);
      if (answer.workerId !== null) await publisher.requestCancel(answer.workerId, jobId);
    },
    has,
    hasEnded,
    until,
    step: (jobId, step) =>
      until(
        () =>
          hasEnded(jobId) ||
          seen.transient.some(
            (event) => event.type === "job.progressed" && event.jobId === jobId && (event.step ?? 0) >= step,
          ),
        PATIENCE_MS,
      ),
    allEnded: (ms) => until(() => jobIds.every(hasEnded), ms),
    close: async () => {
      await processes.close();
      await reader.close();
      await drop();
      await rm(storageFolder, { recursive: true, force: true });
    },
  };
}
