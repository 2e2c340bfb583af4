import { setTimeout as sleep } from "node:timers/promises";
import postgres from "postgres";
import type { Cluster } from "./cluster.ts";
import { readLines } from "./journal.ts";
import { call, resultOf, type Visitor } from "./visitor.ts";

// One fault at a time on a product that is otherwise well: how long until it does its work again. Milliseconds.

interface Scene {
  readonly cluster: Cluster;
  readonly visitor: Visitor;
}

/** One answer to a submit, with the time it took. */
interface SubmitTry {
  readonly status: number;
  readonly tookMs: number;
  readonly retryAfterSeconds: number | null;
  /** Null unless it was accepted. */
  readonly jobId: string | null;
}

async function submit({ cluster, visitor }: Scene, steps: number): Promise<SubmitTry> {
  const sentAt = performance.now();
  const inputs = { prompt: "recovery", width: 64, height: 64, steps, seed: Math.floor(Math.random() * 1e9) };
  const { status, retryAfterSeconds, body } = await call(cluster.webUrls[0] ?? "", {
    procedure: "job.submit",
    input: { workflow: "text-to-image", inputs },
    headers: visitor.headers,
    timeoutMs: 30_000,
  });
  const jobId = status === 200 ? resultOf<{ jobId: string }>(body).jobId : null;
  return { status, tookMs: performance.now() - sentAt, retryAfterSeconds, jobId };
}

async function accepted(scene: Scene, steps: number): Promise<string> {
  const { jobId, status } = await submit(scene, steps);
  if (jobId === null) throw new Error(`the submit was answered with ${status}`);
  return jobId;
}

/** Resolves when the job has that event in that attempt. */
async function happened(
  { cluster }: Scene,
  wanted: { readonly jobId: string; readonly type: string; readonly attempt: number },
): Promise<void> {
  const sql = postgres(cluster.databaseUrl, { max: 1, onnotice: () => undefined });
  try {
    for (;;) {
      const rows = await sql`
        SELECT 1 FROM job_events WHERE job_id = ${wanted.jobId} AND type = ${wanted.type} AND attempt = ${wanted.attempt}`;
      if (rows.length > 0) return;
      await sleep(20);
    }
  } finally {
    await sql.end();
  }
}

const prompts = ({ ledgerFiles }: Cluster): number =>
  ledgerFiles.flatMap((file) => readLines<{ type: string }>(file)).filter(({ type }) => type === "submitted").length;

/**
 * Kills the worker that runs a job, while another stands by. Answers how long until the job ran again, and how many
 * prompts it took: one, as the simulator went on.
 */
export async function killWorker(scene: Scene): Promise<{ runsAgainMs: number; prompts: number }> {
  const { cluster } = scene;
  const [first, second] = cluster.workers;
  if (first === undefined || second === undefined) throw new Error("two workers are needed");
  // Stopped, not killed: it gives its slot back.
  await second.stop();
  const before = prompts(cluster);
  const jobId = await accepted(scene, 80);
  await happened(scene, { jobId, type: "job.staged", attempt: 1 });
  await second.start();
  await first.kill();
  const killedAt = performance.now();
  await happened(scene, { jobId, type: "job.started", attempt: 2 });
  const runsAgainMs = performance.now() - killedAt;
  await happened(scene, { jobId, type: "job.succeeded", attempt: 2 });
  await first.start();
  return { runsAgainMs, prompts: prompts(cluster) - before };
}

/** Kills Redis, submits, and starts it again, empty. Answers the slowest submit, and how long until a job started. */
export async function loseRedis(
  scene: Scene,
  { submits }: { submits: number },
): Promise<{ statuses: number[]; slowestMs: number; startsMs: number }> {
  const { redis } = scene.cluster;
  await redis.kill();
  const answers: SubmitTry[] = [];
  for (let count = 0; count < submits; count += 1) answers.push(await submit(scene, 1));
  await redis.start();
  const backAt = performance.now();
  const jobIds = answers.flatMap(({ jobId }) => (jobId === null ? [] : [jobId]));
  await Promise.all(jobIds.map((jobId) => happened(scene, { jobId, type: "job.started", attempt: 1 })));
  return {
    statuses: answers.map(({ status }) => status),
    slowestMs: Math.max(...answers.map(({ tookMs }) => tookMs)),
    startsMs: performance.now() - backAt,
  };
}

/** Kills Postgres, submits, and starts it again. Answers what the submit was told, and how long until one was accepted. */
export async function losePostgres(scene: Scene): Promise<{ refusal: SubmitTry; acceptsMs: number }> {
  const { postgres: database } = scene.cluster;
  await database.kill();
  const refusal = await submit(scene, 1);
  await database.start();
  const backAt = performance.now();
  while ((await submit(scene, 1)).jobId === null) await sleep(20);
  return { refusal, acceptsMs: performance.now() - backAt };
}
