import { listBackends, setBackendDraining } from "@darkroom/db";
import { describe, expect, vi } from "vitest";
import { test as workerTest } from "../testing/worker-test.ts";

const test = workerTest.extend("setupSlot", ({ setup }) => async (options: { stepMs?: number } = {}) => {
  const world = await setup(options);
  const promptsOf = (jobId: string) => world.database.sql<{ promptId: string }[]>`
    SELECT prompt_id AS "promptId" FROM dispatches WHERE job_id = ${jobId} ORDER BY dispatched_at`;
  /** How the simulator says that the job's prompts fared, oldest first. */
  const fates = async (jobId: string, simulator = world.simulator()) => {
    const ids = (await promptsOf(jobId)).map(({ promptId }) => promptId);
    const ledger = simulator.control.ledger();
    return ids.flatMap((id) => ledger.find(({ promptId }) => promptId === id)?.outcome ?? []);
  };
  return {
    ...world,
    fates,
    /** The next prompt that samples stops in its first step, until what is returned is called. */
    hold: () => {
      const { control } = world.simulator();
      const fault = control.addFault({ kind: "stall", step: 1, interruptible: true });
      return () => control.liftFault(fault);
    },
    /** Resolves when the job's prompt waits on ComfyUI. */
    waits: (jobId: string) =>
      vi.waitFor(async () => expect(await fates(jobId)).toEqual(["waiting"]), { timeout: 30_000, interval: 20 }),
    budgets: async (jobId: string) => {
      const [row] = await world.database.sql`
        SELECT attempt, failures, infra_failures AS "infraFailures" FROM jobs WHERE id = ${jobId}`;
      return row;
    },
  };
});

// Each waits for leases and steps one after the other.
vi.setConfig({ testTimeout: 60_000 });

describe("while a prompt runs", () => {
  test("the next one is there before it ends, and is timed from its own start", async ({ setupSlot }) => {
    const { startWorker, submit, event, hold, view, simulator, transient } = await setupSlot({ stepMs: 20 });
    const { control } = simulator();
    const isSentWhileAnotherRuns = (sent: number) =>
      vi.waitFor(
        () => {
          expect(control.faults()).toMatchObject([{ struck: 1 }]);
          expect(control.ledger()).toHaveLength(sent);
        },
        { timeout: 30_000, interval: 20 },
      );
    const first = hold();
    startWorker();
    const jobIds = await Promise.all(["one", "two", "three"].map((prompt) => submit({ prompt, steps: 3 })));
    await isSentWhileAnotherRuns(2);
    first();
    const second = hold();
    await isSentWhileAnotherRuns(3);
    second();
    await Promise.all(jobIds.map((jobId) => event(jobId, "job.succeeded")));

    const ledger = simulator()
      .control.ledger()
      .map(({ submittedAt, startedAt, endedAt }) => ({ submittedAt, startedAt: startedAt ?? 0, endedAt: endedAt ?? 0 }))
      .toSorted((a, b) => a.startedAt - b.startedAt);
    // Then nothing but ComfyUI is between the two; `proof/fleet` measures how long that takes.
    for (const [index, { submittedAt, startedAt }] of ledger.slice(1).entries()) {
      const before = ledger[index]?.endedAt ?? 0;
      expect(submittedAt).toBeLessThan(before);
      expect(startedAt).toBeGreaterThanOrEqual(before);
    }
    // One at most is out of the queue and waits.
    for (const { submittedAt } of ledger)
      expect(ledger.filter((one) => one.submittedAt < submittedAt && one.startedAt > submittedAt)).toEqual([]);
    const next = "Next on its server";
    expect(transient).toContainEqual(expect.objectContaining({ stage: "preparing", message: next }));
    const told = await Promise.all(jobIds.map(async (jobId) => Date.parse((await view(jobId)).startedAt ?? "")));
    // The worker hears of a start after it happened, and one that counted from the sending would be a whole run too early.
    for (const [index, startedAt] of told.toSorted((a, b) => a - b).entries())
      expect(startedAt).toBeGreaterThanOrEqual(Math.floor(ledger[index]?.startedAt ?? 0));
  });
});

// Most of their time is waited for, so they run beside each other.
describe.concurrent("while a prompt runs and another waits behind it", () => {
  test("a cancel of the one that waits deletes it, and leaves its neighbour alone", async ({ setupSlot }) => {
    const { startWorker, submit, event, waits, hold, cancel, fates, comfy } = await setupSlot();
    const goOn = hold();
    startWorker();
    const running = await submit({ steps: 3 });
    const waiting = await submit({ steps: 3 });
    await waits(waiting);
    await cancel(waiting);
    await event(waiting, "job.canceled");
    expect(await fates(running)).toEqual(["running"]);
    goOn();
    await event(running, "job.succeeded");
    expect(await fates(waiting)).toEqual(["deleted"]);
    const [prompt] = comfy.promptIds();
    expect(comfy.interrupts()).not.toContain(prompt);
  });

  test("a worker that stops takes back the one that waits, which counts nothing, and lets the other end", async ({
    setupSlot,
  }) => {
    const { startWorker, submit, event, waits, hold, fates, budgets } = await setupSlot();
    const goOn = hold();
    const worker = startWorker();
    const running = await submit({ steps: 3 });
    const waiting = await submit({ steps: 3 });
    await waits(waiting);
    const stopped = worker.stop(30_000);
    expect(await event(waiting, "job.retried")).toMatchObject({ reason: "released" });
    goOn();
    await stopped;
    await event(running, "job.succeeded");
    expect(await fates(waiting)).toEqual(["deleted"]);
    startWorker();
    await event(waiting, "job.succeeded");
    expect(await budgets(waiting)).toEqual({ attempt: 2, failures: 0, infraFailures: 0 });
  });

  test("a worker that vanishes leaves both to the next, and neither runs twice", async ({ setupSlot }) => {
    const { startWorker, submit, event, waits, hold, simulator, comfy } = await setupSlot({ stepMs: 60 });
    const goOn = hold();
    const worker = startWorker();
    const running = await submit({ steps: 20 });
    const waiting = await submit({ steps: 20 });
    await waits(waiting);
    await worker.crash();
    goOn();
    startWorker();
    await Promise.all([event(running, "job.succeeded"), event(waiting, "job.succeeded")]);
    expect(simulator().control.ledger()).toMatchObject([
      { outcome: "success", runs: 1 },
      { outcome: "success", runs: 1 },
    ]);
    expect(comfy.interrupts()).toEqual([]);
  });

  test("a ComfyUI that goes down with it costs the one that waits nothing", async ({ setupSlot }) => {
    const { startWorker, submit, event, waits, hold, restartComfy, budgets } = await setupSlot();
    hold();
    startWorker({ unreachableMs: 10_000 });
    const running = await submit({ steps: 3 });
    const waiting = await submit({ steps: 3 });
    await waits(waiting);
    await restartComfy();
    await Promise.all([event(running, "job.succeeded"), event(waiting, "job.succeeded")]);
    expect(await budgets(running)).toMatchObject({ infraFailures: 1 });
    expect(await budgets(waiting)).toMatchObject({ failures: 0, infraFailures: 0 });
  });

  test("a prompt that cannot be stopped does not keep the one behind it: that is given back", async ({ setupSlot }) => {
    const { startWorker, submit, event, waits, fates, simulator } = await setupSlot();
    simulator().control.addFault({ kind: "stall", step: 1 });
    startWorker({ stallMs: 4000, stopMs: 300 });
    const stuck = await submit({ steps: 2 });
    const waiting = await submit({ steps: 2 });
    await waits(waiting);
    await event(stuck, "job.retried");
    await vi.waitFor(async () => expect(await fates(waiting)).toEqual(["deleted"]), 30_000);
    simulator().control.liftFaults();
    await Promise.all([event(stuck, "job.succeeded"), event(waiting, "job.succeeded")]);
  });
});

describe.concurrent("with a second backend", () => {
  test("a job that waits moves there as soon as it is idle, and the running one stays", async ({ setupSlot }) => {
    const { startWorker, startBackend, submit, event, waits, fates } = await setupSlot({ stepMs: 100 });
    startWorker();
    const running = await submit({ steps: 1000 });
    const waiting = await submit({ steps: 3 });
    await waits(waiting);
    const other = await startBackend();
    startWorker({}, [other.url]);
    await event(waiting, "job.succeeded");
    expect(await fates(waiting, other)).toEqual(["success"]);
    expect(await fates(running)).toEqual(["running"]);
  });

  test("a drained one gets nothing new: what runs there ends, what waits there moves; resumed, it takes again", async ({
    setupSlot,
  }) => {
    const { startWorker, startBackend, submit, event, waits, hold, fates, database, simulator, comfy } =
      await setupSlot();
    const goOn = hold();
    startWorker();
    const running = await submit({ steps: 3 });
    const waiting = await submit({ steps: 3 });
    await waits(waiting);
    const [drained] = await listBackends(database);
    const backendId = drained?.backendId ?? "";
    await setBackendDraining(database, { backendId, draining: true });
    await event(waiting, "job.retried");
    expect(await fates(waiting)).toEqual(["deleted"]);
    const other = await startBackend();
    startWorker({}, [other.url]);
    goOn();
    await Promise.all([event(running, "job.succeeded"), event(waiting, "job.succeeded")]);
    const late = await submit({ steps: 3 });
    await event(late, "job.succeeded");
    expect(await fates(running)).toEqual(["success"]);
    expect(other.control.ledger()).toHaveLength(2);
    expect(simulator().control.ledger()).toHaveLength(2);

    await setBackendDraining(database, { backendId, draining: false });
    const jobIds = await Promise.all(Array.from({ length: 4 }, () => submit({ steps: 20 })));
    await Promise.all(jobIds.map((jobId) => event(jobId, "job.succeeded")));
    expect(comfy.promptIds().length).toBeGreaterThan(2);
  });

  test("the jobs of a dead one move", async ({ setupSlot }) => {
    const { startWorker, startBackend, submit, event, waits, hold, fates, comfy, database } = await setupSlot();
    hold();
    startWorker({ unreachableMs: 300 });
    const running = await submit({ steps: 3 });
    const waiting = await submit({ steps: 3 });
    await waits(waiting);
    const other = await startBackend();
    comfy.setDown(true);
    startWorker({}, [other.url]);
    // Adoption is hoped for while a backend may come back.
    await Promise.all([running, waiting].map((jobId) => event(jobId, "job.retried")));
    await database.sql`UPDATE backends SET reached_at = now() - interval '11 seconds' WHERE NOT reachable`;
    await Promise.all([event(running, "job.succeeded"), event(waiting, "job.succeeded")]);
    expect(await fates(running, other)).toEqual(["success"]);
  });
});
