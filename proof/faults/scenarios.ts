import { createHash, randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { createDarkroomClient, type DarkroomClient } from "@darkroom/client";
import { newId } from "@darkroom/contracts";
import { ensureOwner, insertApiKey } from "@darkroom/db";
import type { Expectation } from "./audit.ts";
import type { FaultedProcess } from "./faulted-process.ts";
import { PATIENCE_MS, type Stage } from "./stage.ts";

/** A course of events in which a process with a failpoint, the victim, takes part. */
export type Scenario =
  | "plain"
  | "beside"
  | "adoption"
  | "flush"
  | "shutdown"
  | "canceling"
  | "next"
  | "next canceled"
  | "next leaving"
  | "next let go"
  | "next stopped"
  | "gateway"
  | "gateway cancel"
  | "stopped"
  | "postgres cut"
  | "redis away"
  | "rolling deploy";

export const scenarios: Readonly<
  Record<Scenario, (stage: Stage, failpoint: string | undefined) => Promise<Expectation>>
> = {
  /** Three jobs from the queue to their pictures. */
  plain: async (stage, failpoint) => {
    for (const steps of [6, 3, 3]) await stage.submit({ steps });
    stage.startWorker(failpoint);
    return {};
  },

  /**
   * Two workers serve one backend: the victim has its slots and runs a job, and the other stands by. After
   * the fault that one and the victim's successor both find what is left.
   */
  beside: async (stage, failpoint) => {
    const victim = stage.startWorker(failpoint);
    const jobId = await stage.submit({ steps: 60 });
    await stage.step(jobId, 1);
    const other = stage.startWorker();
    await Promise.race([other.printed(/"msg":"backend is up"/), victim.exited]);
    for (const steps of [3, 3]) await stage.submit({ steps });
    return {};
  },

  /** The victim finds the prompt of a worker that was killed. */
  adoption: async (stage, failpoint) => {
    const first = stage.startWorker();
    const jobId = await stage.submit({ steps: 120 });
    await stage.submit({ steps: 3 });
    await stage.step(jobId, 2);
    await first.end();
    stage.startWorker(failpoint);
    return {};
  },

  /** Redis loses everything while a job runs and others wait. */
  flush: async (stage, failpoint) => {
    stage.startWorker(failpoint);
    const jobId = await stage.submit({ steps: 30 });
    for (const steps of [3, 3]) await stage.submit({ steps });
    await stage.step(jobId, 1);
    await stage.lane.redis.flushall();
    return {};
  },

  /** A deploy: the victim is told to stop in the middle of a job, and another takes over. */
  shutdown: async (stage, failpoint) => {
    const victim = stage.startWorker(failpoint);
    const jobId = await stage.submit({ steps: 30 });
    await stage.submit({ steps: 3 });
    await stage.step(jobId, 2);
    victim.signal("SIGTERM");
    return {};
  },

  /** The running job is canceled; the one behind it must not suffer. */
  canceling: async (stage, failpoint) => {
    stage.startWorker(failpoint);
    const canceled = await stage.submit({ steps: 1000 });
    await stage.submit({ steps: 3 });
    await stage.step(canceled, 2);
    await stage.cancel(canceled);
    return { ends: (jobId) => [jobId === canceled ? "canceled" : "succeeded"] };
  },

  /** While one job runs, another is handed over to wait behind it, until it is its turn: the fault is the second one's. */
  next: async (stage, failpoint) => {
    stage.startWorker(failpoint);
    return { neighbours: [(await behindARun(stage)).first] };
  },

  /** The same, and the second one is canceled there: the first goes on. */
  "next canceled": async (stage, failpoint) => {
    stage.startWorker(failpoint);
    const { first, second } = await behindARun(stage);
    await stage.cancel(second);
    return { neighbours: [first], ends: (jobId) => [jobId === first ? "succeeded" : "canceled"] };
  },

  /**
   * A deploy while one job runs and another waits behind it on ComfyUI: the victim takes that one back. The first it lets
   * end, or lets go where a busy machine makes its steps so slow that it would outlast the grace.
   */
  "next leaving": async (stage, failpoint) => {
    const victim = stage.startWorker(failpoint);
    const { first } = await behindARun(stage);
    victim.signal("SIGTERM");
    return { neighbours: [first], returnedFor: ["lease-expired", "released"] };
  },

  /** The same with a first run that outlasts the grace for sure: it goes on without the victim, and the next worker follows it. */
  "next let go": async (stage, failpoint) => {
    const { control } = stage.lane.simulator;
    const victim = stage.startWorker(failpoint);
    const { first } = await behindARun(stage, LONG_RUN.heldMs);
    const { transient } = stage.seen;
    const outlasts = (): boolean =>
      transient.some(
        (event) => event.type === "job.progressed" && event.jobId === first && (event.etaSeconds ?? 0) > OUTLASTING_S,
      );
    if (!(await stage.until(outlasts, PATIENCE_MS))) throw new Error("the first job was not expected to take long");
    victim.signal("SIGTERM");
    if (!(await stage.until(() => stage.has(first, "job.retried"), PATIENCE_MS)))
      throw new Error("the first job was not let go");
    control.setPace({ stepMs: LONG_RUN.stepMs });
    return { neighbours: [first], returnedFor: ["lease-expired", "released"] };
  },

  /** A service submits over HTTP, repeating what got no answer, and follows its job over the socket. */
  gateway: async (stage, failpoint) => {
    stage.startWorker();
    await withGateway(stage, failpoint, async ({ client, persist }) => {
      for (const idempotencyKey of ["one", "two"]) {
        const { jobId } = await persist(() =>
          client.submit({ workflow: "picture", inputs: { steps: 8 }, idempotencyKey }),
        );
        stage.adopt(jobId);
        const view = await client.job(jobId).wait({ timeoutMs: stage.lane.patience.of(PATIENCE_MS) });
        if (view.state !== "succeeded") throw new Error(`the client was told ${view.state}`);
      }
      const { items } = await persist(() => client.trpc.job.list.query({}));
      if (items.length !== 2) throw new Error(`two keys made ${items.length} jobs`);
    });
    return {};
  },

  /** The same, with a cancel. */
  "gateway cancel": async (stage, failpoint) => {
    stage.startWorker();
    await withGateway(stage, failpoint, async ({ client, persist }) => {
      const inputs = { steps: 1000 };
      const { jobId } = await persist(() => client.submit({ workflow: "picture", inputs, idempotencyKey: "one" }));
      stage.adopt(jobId);
      await stage.step(jobId, 1);
      await persist(() => client.job(jobId).cancel());
      const view = await client.job(jobId).wait({ timeoutMs: stage.lane.patience.of(PATIENCE_MS) });
      if (view.state !== "canceled") throw new Error(`the client was told ${view.state}`);
    });
    return { ends: () => ["canceled"] };
  },

  /** The victim is stopped until another worker has done its jobs. What it does when it goes on must change nothing. */
  stopped: async (stage, failpoint) => {
    const victim = stage.startWorker(failpoint);
    for (const steps of [6, 3]) await stage.submit({ steps });
    await stopFor(stage, victim);
    return {};
  },

  /** The same with a job that waits, or shall wait, behind another. */
  "next stopped": async (stage, failpoint) => {
    const victim = stage.startWorker(failpoint);
    const { first } = await behindARun(stage);
    await stopFor(stage, victim);
    return { neighbours: [first] };
  },

  /** Every connection to Postgres is cut, again and again, while jobs run. */
  "postgres cut": async (stage) => {
    stage.startWorker();
    for (const steps of [40, 20, 20]) await stage.submit({ steps });
    const cut = () => stage.database.sql`
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'darkroom-worker'`;
    for (let times = 0; times < 12 && !(await stage.allEnded(500)); times += 1) await cut();
    return {};
  },

  /** Redis is gone for a while. What runs goes on, and what waits is taken soon after it is back. */
  "redis away": async (stage) => {
    stage.startWorker();
    const running = await stage.submit({ steps: 60 });
    await stage.step(running, 2);
    await stage.lane.stopRedis();
    const waiting = await stage.submit({ steps: 3 });
    await sleep(3000);
    await stage.lane.startRedis();
    const backAt = performance.now();
    await stage.until(() => stage.has(waiting, "job.started"), PATIENCE_MS);
    const tookMs = performance.now() - backAt;
    if (tookMs > stage.lane.patience.of(RESUME_MS))
      throw new Error(`the next job was taken ${(tookMs / 1000).toFixed(1)} s after Redis was back`);
    return {};
  },

  /** Workers are replaced one after the other while jobs run: each ends well and in time, and no run is wasted. */
  "rolling deploy": async (stage) => {
    for (const steps of [30, 30, 30, 30]) await stage.submit({ steps });
    let old = stage.startWorker();
    for (const jobId of stage.jobIds.slice(0, 3)) {
      await stage.step(jobId, 5);
      const successor = stage.startWorker();
      await successor.printed(/worker started/);
      const toldAt = performance.now();
      old.signal("SIGTERM");
      const status = await old.exited;
      const tookMs = performance.now() - toldAt;
      if (status !== 0 || tookMs > stage.lane.patience.of(LEAVE_MS))
        throw new Error(`a worker ended with ${status} after ${(tookMs / 1000).toFixed(1)} s`);
      old = successor;
    }
    return {};
  },
};

/** Stops the victim at its failpoint until another worker has done its jobs, then lets it go on, and end. */
async function stopFor(stage: Stage, victim: FaultedProcess): Promise<void> {
  if (!(await stage.wasHit(PATIENCE_MS))) throw new Error("the failpoint was not reached");
  victim.signal("SIGSTOP");
  stage.startWorker();
  if (!(await stage.allEnded(PATIENCE_MS))) throw new Error("the other worker had not done the jobs in time");
  victim.signal("SIGCONT");
  await stage.submit({ steps: 3 });
  if (!(await stage.allEnded(PATIENCE_MS))) throw new Error("the job after the stop had not ended in time");
  // It drains before it ends, so by then it has done whatever it had in mind.
  victim.signal("SIGTERM");
  if ((await victim.exited) !== 0) throw new Error("the victim did not end well");
}

/**
 * A run behind which another job shall wait: so long that a killed worker's successor finds it running. Until the other
 * job is there its steps take `heldMs`, for a busy machine may need longer to hand that one over than the run takes.
 */
const LONG_RUN = { steps: 40, stepMs: 250, heldMs: 2500 };

/** Left of a run, in seconds, where no worker that is told to stop waits for its end. */
const OUTLASTING_S = 30;

/**
 * Submits a job and, once it runs, one to wait behind it; resolves when that one waits on ComfyUI or met the failpoint.
 * From then on a step takes `stepMs`.
 */
async function behindARun(stage: Stage, stepMs = LONG_RUN.stepMs): Promise<{ first: string; second: string }> {
  const { control } = stage.lane.simulator;
  const isThere = (wanted: string): boolean => control.ledger().some(({ outcome }) => outcome === wanted);
  control.setPace({ stepMs: LONG_RUN.stepMs });
  // Words that no case before used on this simulator: what it has in its cache, it does not run.
  const prompt = stage.ownerId;
  const first = await stage.submit({ prompt, steps: LONG_RUN.steps });
  await stage.step(first, 2);
  control.setPace({ stepMs: LONG_RUN.heldMs });
  const second = await stage.submit({ prompt, steps: 3 });
  await Promise.race([stage.until(() => isThere("waiting"), PATIENCE_MS), stage.wasHit(PATIENCE_MS)]);
  if (!isThere("running")) throw new Error("the first job was over before the second was handed over");
  control.setPace({ stepMs });
  return { first, second };
}

/** Within which takes go on after Redis is back. */
const RESUME_MS = 10_000;

/** Within which a worker that is told to stop has ended. */
const LEAVE_MS = 30_000;

interface Gateway {
  readonly client: DarkroomClient;
  /** Calls again until it is answered: the victim may be dead just now. */
  persist<T>(call: () => Promise<T>): Promise<T>;
}

/** A gateway with the failpoint, and a service that has a key for the stage's owner. */
async function withGateway(
  stage: Stage,
  failpoint: string | undefined,
  use: (gateway: Gateway) => Promise<void>,
): Promise<void> {
  const { database, ownerId } = stage;
  const key = `dk_${randomBytes(32).toString("base64url")}`;
  const hash = createHash("sha256").update(key).digest("hex");
  await ensureOwner(database, { ownerId, kind: "service", displayName: null, accountId: null });
  const prefix = key.slice(0, 11);
  await insertApiKey(database, {
    apiKeyId: newId(),
    ownerId,
    name: "faults",
    prefix,
    hash,
    scopes: ["submit", "read"],
  });
  const victim = stage.startWeb(failpoint);
  await victim.printed(/web is listening/);
  const client = createDarkroomClient({ url: stage.webUrl, apiKey: key });
  const deadline = performance.now() + stage.lane.patience.of(PATIENCE_MS);
  const persist: Gateway["persist"] = async (call) => {
    for (;;) {
      try {
        return await call();
      } catch (error) {
        if (performance.now() > deadline) throw error;
        await sleep(100);
      }
    }
  };
  try {
    await use({ client, persist });
  } finally {
    await client.close();
  }
}
