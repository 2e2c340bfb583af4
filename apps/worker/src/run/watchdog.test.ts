import { setBackendDraining } from "@darkroom/db";
import { describe, expect, vi } from "vitest";
import { lastNodeIsDeaf } from "../testing/surprises/workflows.ts";
import { test } from "../testing/worker-test.ts";
import { picture } from "../testing/workflows.ts";

// Each waits for leases, stalls and steps one after the other.
vi.setConfig({ testTimeout: 60_000 });

describe.concurrent("a backend that stands still", () => {
  test("though it answers: what it does not begin is taken back, counts nothing, and runs once it can", async ({
    setup,
  }) => {
    const { startWorker, submit, event, simulator, database } = await setup();
    simulator().control.wedge(true);
    startWorker();
    const jobId = await submit();
    expect(await event(jobId, "job.retried")).toMatchObject({ reason: "released" });
    expect(simulator().control.ledger()[0]).toMatchObject({ outcome: "deleted", runs: 0 });
    simulator().control.wedge(false);
    await event(jobId, "job.succeeded");
    const [row] = await database.sql`SELECT failures, infra_failures AS "infraFailures" FROM jobs WHERE id = ${jobId}`;
    expect(row).toEqual({ failures: 0, infraFailures: 0 });
  });

  test("in the middle of a run is interrupted by the prompt's id, and the job runs again", async ({ setup }) => {
    const { startWorker, submit, event, simulator, comfy } = await setup();
    simulator().control.setPace({ stepMs: 4000 });
    startWorker({ stallMs: 3000 });
    const jobId = await submit({ steps: 50 });
    expect(await event(jobId, "job.retried")).toMatchObject({ reason: "prompt-lost" });
    simulator().control.setPace({ stepMs: 10 });
    await event(jobId, "job.succeeded");
    expect(new Set(comfy.interrupts())).toEqual(new Set([comfy.promptIds()[0]]));
    expect(comfy.promptIds()).toHaveLength(2);
  });

  test("and cannot be interrupted gets nothing until its prompt is gone, and the next job right then", async ({
    setup,
  }) => {
    const { startWorker, submit, event, simulator, comfyUrl } = await setup();
    simulator().control.setPace({ stepMs: 5000 });
    startWorker({ stallMs: 1500, stopMs: 300, preparesNext: false });
    const stuck = await submit({ steps: 2 });
    const next = await submit({ steps: 2 });
    await event(stuck, "job.retried");
    simulator().control.setPace({ stepMs: 10 });
    const running = (await (await fetch(`${comfyUrl}/queue`)).json()) as { queue_running: unknown[] };
    expect(running.queue_running).toHaveLength(1);
    await Promise.all([event(stuck, "job.succeeded"), event(next, "job.succeeded")]);
    const [first, ...later] = simulator().control.ledger();
    expect(later).toHaveLength(2);
    for (const { submittedAt } of later) expect(submittedAt).toBeGreaterThanOrEqual(first?.endedAt ?? 0);
  });

  test("and answers nothing is not waited for by a cancel, and is rid of the prompt once it answers", async ({
    setup,
  }) => {
    const { startWorker, submit, event, step, cancel, comfy, simulator } = await setup({ stepMs: 50 });
    // Until then the job is not given back, so that the cancel finds it running.
    startWorker({ unreachableMs: 4000 });
    const jobId = await submit({ steps: 1000 });
    await step(jobId, 2);
    comfy.setDown(true);
    await cancel(jobId);
    expect(await event(jobId, "job.canceled")).toMatchObject({ stopped: "unreachable" });
    comfy.setDown(false);
    await vi.waitFor(() => expect(simulator().control.ledger()).toMatchObject([{ outcome: "interrupted" }]), 30_000);
  });

  test("while it is asked where the prompt is answers nothing to a cancel either, and that is told", async ({
    setup,
  }) => {
    const { startWorker, submit, event, step, cancel, comfy } = await setup({ stepMs: 50 });
    startWorker({ unreachableMs: 1 });
    const jobId = await submit({ steps: 1000 });
    await step(jobId, 2);
    comfy.hold("/queue");
    const asked = () => comfy.requests.filter(({ path }) => path === "/queue").length;
    const before = asked();
    comfy.cutSockets({ refuse: true });
    // Of two one is of a probe.
    await vi.waitFor(() => expect(asked()).toBeGreaterThanOrEqual(before + 2), 30_000);
    await cancel(jobId);
    // Redis tells in order, so by then the worker has heard of the cancel.
    await event(await submit(), "job.queued");
    comfy.setDown(true);
    expect(await event(jobId, "job.canceled")).toMatchObject({ stopped: "unreachable" });
  });

  test("and ignores the interrupt: whoever canceled is told which node goes on, until the cancel is over", async ({
    setup,
  }) => {
    const { startWorker, submit, event, cancel, transient, seen, view } = await setup({ workflows: [lastNodeIsDeaf] });
    // The last node, and so the deaf one, once everything else is cached.
    startWorker({ cancelMs: 4000 });
    await event(await submit({}, lastNodeIsDeaf), "job.succeeded");
    const jobId = await submit({ seconds: 9 }, lastNodeIsDeaf);
    const progressed = (isWanted: (message: string) => boolean, since = 0) =>
      seen(() => {
        const found = transient.findLast((one) => one.type === "job.progressed" && one.jobId === jobId);
        if (found?.type !== "job.progressed" || found.version < since) return undefined;
        return isWanted(found.message) ? found : undefined;
      });
    await progressed((message) => message === "Deaf");
    await cancel(jobId);
    const { version } = await event(jobId, "job.canceling");
    // With the version of the cancel: an older one would be taken for what was said before it.
    const told = await progressed((message) => message.startsWith("Not stopped yet"), version);
    expect(told).toMatchObject({ message: "Not stopped yet: “Deaf” goes on", etaSeconds: null });
    await vi.waitFor(async () => {
      const { state, progress } = await view(jobId);
      expect({ state, message: progress?.message }).toEqual({
        state: "canceling",
        message: "Not stopped yet: “Deaf” goes on",
      });
    });
    expect(await event(jobId, "job.canceled")).toMatchObject({ stopped: "stuck" });
  });

  test("that an operator drains is rid of the prompts that nobody wants", async ({ setup }) => {
    const { startWorker, submit, step, cancel, database, simulator, event } = await setup({ stepMs: 50 });
    const first = startWorker();
    const jobId = await submit({ steps: 1000 });
    await step(jobId, 2);
    await first.crash();
    const [row] = await database.sql<{ id: string }[]>`SELECT id FROM backends`;
    await setBackendDraining(database, { backendId: row?.id ?? "", draining: true });
    await cancel(jobId);
    startWorker();
    await event(jobId, "job.canceled");
    await vi.waitFor(() => expect(simulator().control.ledger()).toMatchObject([{ outcome: "interrupted" }]), 30_000);
  });
});

describe.concurrent("a prompt that is adopted", () => {
  test("is limited from its own start, not from its adoption", async ({ setup }) => {
    const { startWorker, submit, event, step, simulator, database } = await setup({ stepMs: 100 });
    const first = startWorker({ jobTimeoutSeconds: 5 });
    const jobId = await submit({ steps: 300 });
    await step(jobId, 5);
    await first.crash();
    startWorker({ jobTimeoutSeconds: 5 });
    expect(await event(jobId, "job.failed")).toMatchObject({ attempt: 2, failure: { code: "TIMEOUT" } });
    const [adoption] = await database.sql<{ at: Date }[]>`SELECT started_at AS at FROM attempts WHERE attempt = 2`;
    const [entry] = simulator().control.ledger();
    expect(entry?.endedAt).toBeLessThan((adoption?.at.getTime() ?? 0) + 5000);
  });

  test("shows its steps and previews live under its new worker", async ({ setup }) => {
    const { startWorker, submit, step, transient, seen } = await setup({ stepMs: 100 });
    const first = startWorker();
    const jobId = await submit({ steps: 1000 });
    await step(jobId, 2);
    await first.crash();
    startWorker();
    const later = () => transient.filter((one) => one.attempt === 2);
    await seen(() => later().find((one) => one.type === "job.previewed"));
    await seen(() => later().filter((one) => one.type === "job.progressed" && one.step !== null)[5]);
  });
});

describe.concurrent("a workflow's own limit", () => {
  const limited = (timeoutSeconds: number) => ({ ...picture, slug: "limited", timeoutSeconds });

  test("holds instead of the worker's, whether it is longer or shorter", async ({ setup }) => {
    const longer = limited(60);
    const shorter = { ...limited(1), slug: "shorter" };
    const { startWorker, submit, event } = await setup({ stepMs: 100, workflows: [longer, shorter] });
    startWorker({ jobTimeoutSeconds: 2 });
    await event(await submit({ steps: 30 }, longer), "job.succeeded");
    expect(await event(await submit({ steps: 300 }, shorter), "job.failed")).toMatchObject({
      failure: { code: "TIMEOUT", message: expect.stringContaining("its limit of 1 second.") },
    });
  });

  test("holds for the attempt after one that was lost, and counts from its own start", async ({ setup }) => {
    const workflow = limited(3);
    const { startWorker, submit, event, step, restartComfy, simulator } = await setup({
      stepMs: 100,
      workflows: [workflow],
    });
    startWorker({ unreachableMs: 10_000 });
    const jobId = await submit({ steps: 300 }, workflow);
    await step(jobId, 10);
    await restartComfy();
    expect(await event(jobId, "job.failed")).toMatchObject({ attempt: 2, failure: { code: "TIMEOUT" } });
    const [entry] = simulator().control.ledger();
    expect((entry?.endedAt ?? 0) - (entry?.startedAt ?? 0)).toBeGreaterThan(2000);
  });

  test("holds for the worker that adopts its prompt", async ({ setup }) => {
    const workflow = limited(4);
    const { startWorker, submit, event, step, simulator, database } = await setup({
      stepMs: 100,
      workflows: [workflow],
    });
    const first = startWorker();
    const jobId = await submit({ steps: 300 }, workflow);
    await step(jobId, 5);
    await first.crash();
    startWorker();
    expect(await event(jobId, "job.failed")).toMatchObject({ attempt: 2, failure: { code: "TIMEOUT" } });
    const [adoption] = await database.sql<{ at: Date }[]>`SELECT started_at AS at FROM attempts WHERE attempt = 2`;
    expect(simulator().control.ledger()[0]?.endedAt).toBeLessThan((adoption?.at.getTime() ?? 0) + 4000);
  });
});

describe.concurrent("a worker that adopted a prompt and is not heard any more", () => {
  test("listens again: the worker before it closed its socket late", async ({ setup }) => {
    const { startWorker, submit, step, transient, seen, database, comfyUrl } = await setup({ stepMs: 100 });
    const first = startWorker();
    const jobId = await submit({ steps: 1000 });
    await step(jobId, 2);
    await first.crash();
    startWorker();
    const stepAfter = (least: number) =>
      seen(() =>
        transient.find((one) => one.type === "job.progressed" && one.attempt === 2 && (one.step ?? 0) > least),
      );
    const heard = await stepAfter(0);
    const [row] = await database.sql<{ clientId: string }[]>`SELECT client_id AS "clientId" FROM dispatches`;
    const late = new WebSocket(`${comfyUrl.replace("http", "ws")}/ws?clientId=${row?.clientId}`);
    await new Promise((resolve) => late.addEventListener("open", resolve));
    late.close();
    await new Promise((resolve) => late.addEventListener("close", resolve));
    await stepAfter(heard.type === "job.progressed" ? (heard.step ?? 0) + 10 : 0);
  });
});

describe.concurrent("a job that brings others down", () => {
  test("is stopped when it has taken ComfyUI with it three times, and the others run", async ({ setup }) => {
    const { startWorker, submit, event, restartComfy, durable, seen } = await setup({ stepMs: 50 });
    startWorker({ unreachableMs: 10_000 });
    const killer = await submit({ steps: 999 });
    const others = await Promise.all([submit(), submit(), submit()]);
    for (let kill = 1; kill <= 3; kill += 1) {
      // It may wait behind another before, and then it is not to blame.
      const runs = () =>
        durable.filter(
          ({ event: one }) => one.type === "job.staged" && one.stage === "loading" && one.jobId === killer,
        );
      await seen(() => (runs().length >= kill ? true : undefined));
      await restartComfy();
    }
    expect(await event(killer, "job.failed")).toMatchObject({ failure: { code: "POISON" } });
    await Promise.all(others.map((jobId) => event(jobId, "job.succeeded")));
  });
});
