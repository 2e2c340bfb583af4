import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { listBackends, setBackendDraining } from "@darkroom/db";
import { describe, expect, inject, onTestFinished, test } from "vitest";
import { setupWorkers } from "../testing/worker-fixture.ts";

const setup = () =>
  setupWorkers(
    { postgresUrl: inject("postgresUrl"), redisUrl: inject("redisUrl") },
    { stepMs: 100, onFinished: onTestFinished },
  );

const simulatorMain = fileURLToPath(new URL("main.ts", import.meta.resolve("@darkroom/simulator")));

/** One more backend, in a process of its own that a test can kill. */
async function startBackendProcess() {
  const env = { ...process.env, SIMULATOR_PORT: "0", SIMULATOR_STEP_MS: "100", SIMULATOR_LOAD_MS: "50" };
  const child = fork(simulatorMain, { env, execArgv: [], silent: true });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [said] = await once(child.stdout ?? child, "data");
  const url = /http:\/\/\S+/.exec(String(said))?.[0];
  if (url === undefined) throw new Error(`the simulator said ${said}`);
  const kill = async (): Promise<void> => {
    child.kill("SIGKILL");
    await once(child, "exit");
  };
  return { url, kill };
}

/** Whoever waited for a lease, an idle worker's next look or a silent backend would not be done within the test's time. */
const noWaiting = { leaseSeconds: 600, idleMs: 600_000, quietMs: 2000, unreachableMs: 600_000 };

async function setupTwoBackends(workers: number) {
  const bench = await setup();
  const { startWorker, comfy, database, publisher } = bench;
  const gone = await startBackendProcess();
  startWorker(noWaiting, workers === 1 ? [gone.url, comfy.url] : [gone.url]);
  if (workers === 2) startWorker(noWaiting, [comfy.url]);
  const backendId = new URL(comfy.url).host;
  const holds = (slots: number) =>
    expect
      .poll(
        async () => {
          await publisher.wake();
          return (await listBackends(database)).find((one) => one.backendId === backendId)?.slots.held;
        },
        { timeout: 60_000 },
      )
      .toBe(slots);
  await holds(1);
  return {
    ...bench,
    gone,
    /** Whether the other backend takes jobs, or is drained. Resolves when its slot is held, or given back. */
    setFree: async (isFree: boolean): Promise<void> => {
      await setBackendDraining(database, { backendId, draining: !isFree });
      await holds(isFree ? 1 : 0);
    },
  };
}

describe("a backend whose process is killed", () => {
  test.each([
    ["the same worker", 1],
    ["another worker", 2],
  ])(
    "leaves its job to a free backend of %s at once, where it runs once, and the job says so",
    async (_whose, workers) => {
      const { setFree, gone, submit, event, seen, step, comfy, view, durable, database } =
        await setupTwoBackends(workers);
      await setFree(false);
      const jobId = await submit({ steps: 100 });
      await step(jobId, 1);
      await setFree(true);
      await gone.kill();

      await seen(() =>
        durable.find(({ event: one }) => one.type === "job.started" && one.jobId === jobId && one.attempt === 2),
      );
      expect(await event(jobId, "job.retried")).toMatchObject({ reason: "backend-gone", failure: null });
      await event(jobId, "job.succeeded");
      expect(comfy.promptsOf(jobId)).toBe(1);
      const shown = await view(jobId);
      expect(shown).toMatchObject({ attempt: 2, outputs: [{ kind: "image" }] });
      const attempts = await database.sql`SELECT backend_id, outcome FROM attempts ORDER BY attempt`;
      expect(attempts).toMatchObject([{ outcome: "backend-gone" }, { outcome: "succeeded" }]);
      const [known] = (await listBackends(database)).filter(({ url }) => url.startsWith(gone.url));
      expect(known).toMatchObject({ state: "down", prompts: null, jobIds: [] });
    },
    120_000,
  );
});

test("a backend whose process is killed while no worker follows its job leaves that job to a free backend at once", async () => {
  const { startWorker, comfy, submit, event, step, view, database } = await setup();
  const gone = await startBackendProcess();
  const leaving = startWorker({}, [gone.url]);
  const jobId = await submit({ steps: 100 });
  await step(jobId, 1);
  await leaving.stop(0);
  await gone.kill();
  // However slow this machine is, the ten seconds of a silent backend are not over.
  await database.sql`UPDATE backends SET reached_at = now() + interval '10 minutes'`;
  startWorker({}, [gone.url, comfy.url]);
  await event(jobId, "job.succeeded");
  expect(comfy.promptsOf(jobId)).toBe(1);
  expect((await view(jobId)).outputs).toHaveLength(1);
}, 120_000);

test("a backend that is only silent keeps its job's prompt and gets no other job, and the job says what it waits for", async () => {
  const { startWorker, startBackend, submit, event, step, comfy, view, database } = await setup();
  startWorker({ leaseSeconds: 10 });
  const jobId = await submit({ steps: 30 });
  await step(jobId, 1);
  const backendId = new URL(comfy.url).host;
  // However slow this machine is, the ten seconds are not over: neither when the job is let go, nor afterwards.
  const stillReached = () =>
    database.sql`UPDATE backends SET reached_at = now() + interval '1 minute' WHERE id = ${backendId}`;
  comfy.setFrozen(true);
  await stillReached();
  expect(await event(jobId, "job.retried")).toMatchObject({ reason: "backend-silent" });
  await stillReached();
  const next = await submit({ steps: 1 });
  // The other backend takes what waits for nobody, and leaves the job alone.
  const other = await startBackend();
  startWorker({ leaseSeconds: 10 }, [other.url]);
  await event(next, "job.succeeded");
  comfy.setFrozen(false);
  await event(jobId, "job.succeeded");
  expect(comfy.promptsOf(jobId)).toBe(1);
  expect(other.control.ledger()).toHaveLength(1);
  const attempts = await database.sql`SELECT outcome FROM attempts WHERE job_id = ${jobId} ORDER BY attempt`;
  expect(attempts.map(({ outcome }) => outcome)).toEqual(["released", "succeeded"]);
  expect((await view(jobId)).outputs).toHaveLength(1);
}, 120_000);
