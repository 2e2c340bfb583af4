import { durableEventSchema, newId } from "@darkroom/contracts";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { requestCancel, requestCancelBatch } from "../jobs/request-cancel.ts";
import { jobView } from "../reads/job-view.ts";
import type { JobSize } from "../reads/run-times.ts";
import { failure, type Setup, setup } from "../testing/setup.ts";
import { createOutput } from "./create-output.ts";
import { openDispatches, recordDispatch } from "./dispatches.ts";
import { settleJob } from "./settle-job.ts";
import { stageJob } from "./stage-job.ts";

let t: Setup;
beforeAll(async () => {
  t = await setup(inject("postgresUrl"));
});
afterAll(() => t.drop());

const succeeded = { type: "succeeded" } as const;

describe("settleJob", () => {
  it("ends a job once, however many settle it at once", async () => {
    const ownerId = newId();
    const { jobId, attempt } = await t.running(ownerId);
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => settleJob(t.database, { jobId, attempt, outcome: succeeded })),
    );
    expect(answers.filter((answer) => answer !== null)).toHaveLength(1);
    const feed = await t.feed(ownerId);
    expect(feed.map(({ event }) => event.type)).toEqual(["job.queued", "job.started", "job.succeeded"]);
    for (const { event } of feed) expect(durableEventSchema.parse(event)).toEqual(event);
  });

  it("tells with success of every output of the attempt, and of none of an earlier one", async () => {
    const ownerId = newId();
    const { jobId } = await t.running(ownerId);
    const create = async (attempt: number, ordinal: number) => {
      const facts = { kind: "image", mimeType: "image/png", width: 1, height: 1, sizeBytes: 1, seed: 1 } as const;
      const output = { outputId: newId(), sha256: newId(), storageKey: newId(), ...facts };
      await createOutput(t.database, { jobId, attempt, ordinal, output });
      return output.outputId;
    };
    await create(1, 0);
    await settleJob(t.database, {
      ...{ jobId, attempt: 1 },
      outcome: { type: "retry", failure, delaySeconds: 0, infra: false },
    });
    await t.claim(jobId);
    const outputIds = [await create(2, 0), await create(2, 1)];
    await settleJob(t.database, { jobId, attempt: 2, outcome: succeeded });
    const told = (await t.feed(ownerId)).at(-1)?.event;
    if (told?.type !== "job.succeeded") throw new Error("the last event is the end");
    expect(told.outputs?.map(({ outputId }) => outputId)).toEqual(outputIds);
    expect(told.outputs).toEqual((await jobView(t.database, { jobId, ownerIds: null }))?.outputs);
  });

  it("tries a failing job three times in all", async () => {
    const ownerId = newId();
    const { jobId } = await t.running(ownerId);
    const outcome = { type: "retry", failure, delaySeconds: 0, infra: false } as const;
    for (const attempt of [1, 2]) {
      const answer = await settleJob(t.database, { jobId, attempt, outcome });
      expect(answer).toMatchObject({
        entry: { jobId, capabilityKey: "able" },
        events: [{ event: { reason: "failure" } }],
      });
      await t.claim(jobId);
    }
    const last = await settleJob(t.database, { jobId, attempt: 3, outcome });
    expect(last).toMatchObject({ entry: null, events: [{ event: { type: "job.failed", failure } }] });
    expect(await jobView(t.database, { jobId, ownerIds: null })).toMatchObject({
      state: "failed",
      failure,
      attempts: 3,
    });
  });

  it("calls a job poison when its prompt was lost three times", async () => {
    const { jobId } = await t.running(newId());
    const outcome = { type: "retry", failure, delaySeconds: 0, infra: true } as const;
    for (const attempt of [1, 2]) {
      await settleJob(t.database, { jobId, attempt, outcome });
      expect(await t.claim(jobId)).toMatchObject({ job: { failures: 0, infraFailures: attempt } });
    }
    const last = await settleJob(t.database, { jobId, attempt: 3, outcome });
    expect(last).toMatchObject({ events: [{ event: { failure: { code: "POISON" } } }] });
  });

  it("keeps a delayed retry from Redis until maintenance finds it due", async () => {
    const { jobId, attempt } = await t.running(newId());
    const outcome = { type: "retry", failure, delaySeconds: 5, infra: false } as const;
    expect(await settleJob(t.database, { jobId, attempt, outcome })).toMatchObject({ entry: null });
  });

  it("cancels no job that its owner did not ask to stop", async () => {
    const { jobId, attempt } = await t.running(newId());
    expect(await settleJob(t.database, { jobId, attempt, outcome: { type: "canceled" } })).toBeNull();
    expect(await jobView(t.database, { jobId, ownerIds: null })).toMatchObject({ state: "running", version: 2 });
  });

  it("charges a released job nothing, however often", async () => {
    const { jobId } = await t.running(newId());
    for (const attempt of [1, 2, 3, 4, 5]) {
      await settleJob(t.database, { jobId, attempt, outcome: { type: "released" } });
      expect(await t.claim(jobId)).toMatchObject({ job: { attempt: attempt + 1, failures: 0, infraFailures: 0 } });
    }
  });

  it("does not offer a failed try's prompt for adoption", async () => {
    const { jobId, attempt } = await t.running(newId());
    await recordDispatch(t.database, { jobId, attempt, backendId: "b1", promptId: newId(), clientId: "c", graph: {} });
    await settleJob(t.database, { jobId, attempt, outcome: { type: "retry", failure, delaySeconds: 0, infra: false } });
    expect(await t.claim(jobId, { backendId: "b2" })).toMatchObject({ job: { openDispatch: null } });
  });

  it("gives a job whose backend is gone to any other at once, and leaves an order to remove its prompt should it live on", async () => {
    const { jobId, attempt } = await t.running(newId());
    const promptId = newId();
    await recordDispatch(t.database, { jobId, attempt, backendId: "b1", promptId, clientId: "c", graph: {} });
    const outcome = { type: "backend-gone", counts: true } as const;
    const settled = await settleJob(t.database, { jobId, attempt, outcome });
    expect(settled).toMatchObject({ events: [{ event: { type: "job.retried", reason: "backend-gone" } }] });
    expect(settled?.entry?.capabilityKey).not.toMatch(/^backend:/);
    expect(await openDispatches(t.database, { backendId: "b1" })).toContainEqual(
      expect.objectContaining({ promptId, current: false }),
    );
    expect(await t.claim(jobId, { backendId: "b2" })).toMatchObject({ job: { openDispatch: null, infraFailures: 1 } });
  });

  it("calls a job poison when three backends went down under it, and not when it only waited there", async () => {
    const { jobId } = await t.running(newId());
    for (const attempt of [1, 2, 3, 4, 5]) {
      await settleJob(t.database, { jobId, attempt, outcome: { type: "backend-gone", counts: attempt % 2 === 0 } });
      await t.claim(jobId);
    }
    const last = await settleJob(t.database, { jobId, attempt: 6, outcome: { type: "backend-gone", counts: true } });
    expect(last).toMatchObject({ events: [{ event: { type: "job.failed", failure: { code: "POISON" } } }] });
  });

  it("stores what a failure says without what JSON in Postgres cannot hold", async () => {
    const { jobId, attempt } = await t.running(newId());
    const odd = { ...failure, message: "a\u0000b\ud800" };
    await settleJob(t.database, { jobId, attempt, outcome: { type: "failed", failure: odd } });
    expect(await jobView(t.database, { jobId, ownerIds: null })).toMatchObject({ failure: { message: "ab\ufffd" } });
  });
});

describe("requestCancel", () => {
  it.each([
    ["of one that was seen to stop", 10, "interrupted", 6],
    ["of one that may run on", 10, "unreachable", null],
    ["of one that ran longer than was thought", 3, "interrupted", null],
    ["where nothing is known of jobs like it", null, "interrupted", null],
  ] as const)("notes what a run would still have taken: %s", async (_, expected, stopped, saved) => {
    const { jobId, attempt } = await t.running(newId());
    await recordDispatch(t.database, { jobId, attempt, backendId: "b1", promptId: newId(), clientId: "c", graph: {} });
    await stageJob(t.database, { jobId, attempt, stage: "sampling" });
    await t.database.sql`UPDATE jobs SET started_at = now() - interval '3 seconds' WHERE id = ${jobId}`;
    const asked: unknown[] = [];
    const expectation = (job: JobSize, backendId: string) => {
      asked.push([job.workflowId, backendId]);
      return expected;
    };
    await requestCancel(t.database, { jobId, ownerIds: null, expect: expectation });
    expect(asked).toEqual([[t.workflow.workflowId, "b1"]]);
    // ComfyUI took a second to stop it.
    await t.database.sql`UPDATE jobs SET changed_at = changed_at - interval '1 second' WHERE id = ${jobId}`;
    const settled = await settleJob(t.database, { jobId, attempt, outcome: { type: "canceled" }, stopped });
    const view = await jobView(t.database, { jobId, ownerIds: null });
    const told = settled?.events.flatMap(({ event }) => (event.type === "job.canceled" ? [event.savedSeconds] : []));
    expect(told).toEqual([view?.savedSeconds ?? undefined]);
    if (saved === null) expect(view?.savedSeconds).toBeNull();
    else expect(Math.abs((view?.savedSeconds ?? 0) - saved)).toBeLessThan(1);
  });

  it("notes nothing of a run that had not begun", async () => {
    const { jobId, attempt } = await t.running(newId());
    await recordDispatch(t.database, { jobId, attempt, backendId: "b1", promptId: newId(), clientId: "c", graph: {} });
    await requestCancel(t.database, { jobId, ownerIds: null, expect: () => 10 });
    await settleJob(t.database, { jobId, attempt, outcome: { type: "canceled" }, stopped: "removed" });
    expect(await jobView(t.database, { jobId, ownerIds: null })).toMatchObject({ savedSeconds: null });
  });

  it("cancels a waiting job at once", async () => {
    const ownerId = newId();
    const jobId = await t.queued(ownerId);
    const answer = await requestCancel(t.database, { jobId, ownerIds: [newId(), ownerId] });
    expect(answer).toMatchObject({ state: "canceled", wasQueued: true, workerId: null });
    expect(answer?.events.map(({ event }) => event.type)).toEqual(["job.canceled"]);
    expect(await t.claim(jobId)).toBeNull();
  });

  it("asks the worker of a running job, once, and ends it when the worker confirms", async () => {
    const ownerId = newId();
    const { jobId, attempt } = await t.running(ownerId);
    const ask = () => requestCancel(t.database, { jobId, ownerIds: [ownerId] });
    expect(await ask()).toMatchObject({
      state: "canceling",
      wasQueued: false,
      workerId: "w1",
      events: [{ ownerSeq: 3 }],
    });
    expect(await ask()).toMatchObject({ state: "canceling", workerId: "w1", events: [] });
    const confirmed = await settleJob(t.database, { jobId, attempt, outcome: { type: "canceled" } });
    expect(confirmed?.events.map(({ event }) => event.type)).toEqual(["job.canceled"]);
    expect(await ask()).toMatchObject({ state: "canceled", workerId: null, events: [] });
  });

  it.each([
    ["succeeded", succeeded, "succeeded"],
    ["failed", { type: "failed", failure } as const, "canceled"],
    ["released", { type: "released" } as const, "canceled"],
  ])("lets a job that %s meanwhile end as it should", async (_name, outcome, state) => {
    const { jobId, attempt } = await t.running(newId());
    await requestCancel(t.database, { jobId, ownerIds: null });
    await settleJob(t.database, { jobId, attempt, outcome });
    expect(await jobView(t.database, { jobId, ownerIds: null })).toMatchObject({ state });
  });

  it("finds nobody else's job, and no id that is none", async () => {
    const jobId = await t.queued(newId());
    expect(await requestCancel(t.database, { jobId, ownerIds: [newId()] })).toBeNull();
    expect(await requestCancel(t.database, { jobId: "garbage", ownerIds: null })).toBeNull();
  });

  it("racing a claim and a settle leaves one end", async () => {
    const ownerId = newId();
    await Promise.all(
      Array.from({ length: 20 }, async () => {
        const jobId = await t.queued(ownerId);
        const settled = t.claim(jobId).then((claim) => {
          return claim === null ? null : settleJob(t.database, { jobId, attempt: 1, outcome: succeeded });
        });
        await Promise.all([requestCancel(t.database, { jobId, ownerIds: [ownerId] }), settled]);
      }),
    );
    const endings = (await t.feed(ownerId)).filter(({ event }) => /succeeded|canceled/.test(event.type));
    expect(endings).toHaveLength(20);
  });
});

describe("a batch", () => {
  it("is settled exactly once, with its counts, when its last job ends", async () => {
    const ownerId = newId();
    const batchId = newId();
    const jobs = Array.from({ length: 9 }, () => t.newJob());
    await t.submit({ ownerId, batchId, jobs });
    const outcomes = [succeeded, { type: "failed", failure } as const, null];
    await Promise.all(
      jobs.map(async ({ jobId }, index) => {
        const outcome = outcomes[index % 3] ?? null;
        if (outcome === null) return requestCancel(t.database, { jobId, ownerIds: [ownerId] });
        await t.claim(jobId);
        return settleJob(t.database, { jobId, attempt: 1, outcome });
      }),
    );
    const feed = await t.feed(ownerId);
    const settled = feed.filter(({ event }) => event.type === "batch.settled");
    expect(settled).toMatchObject([{ event: { batchId, counts: { succeeded: 3, failed: 3, canceled: 3 } } }]);
    expect(feed.at(-1)).toEqual(settled[0]);
    expect(durableEventSchema.parse(settled[0]?.event)).toEqual(settled[0]?.event);
  });

  it("is canceled as a whole: waiting jobs at once, running ones through their workers", async () => {
    const ownerId = newId();
    const batchId = newId();
    const jobs = [t.newJob(), t.newJob(), t.newJob()];
    await t.submit({ ownerId, batchId, jobs });
    const jobId = jobs[0]?.jobId ?? "";
    await t.claim(jobId);
    const answer = await requestCancelBatch(t.database, { batchId, ownerIds: [ownerId] });
    expect(answer?.jobs.map(({ state, workerId }) => [state, workerId])).toEqual([
      ["canceling", "w1"],
      ["canceled", null],
      ["canceled", null],
    ]);
    const last = await settleJob(t.database, { jobId, attempt: 1, outcome: { type: "canceled" } });
    expect(last?.events.map(({ event }) => event.type)).toEqual(["job.canceled", "batch.settled"]);
    expect(await requestCancelBatch(t.database, { batchId, ownerIds: [newId()] })).toBeNull();
  });
});
