import { newId } from "@darkroom/contracts";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { isPaused, setPaused } from "../backends/pause.ts";
import { definition, failure, type Setup, setup } from "../testing/setup.ts";
import { recordDispatch } from "./dispatches.ts";
import { settleJob } from "./settle-job.ts";

let t: Setup;
beforeAll(async () => {
  t = await setup(inject("postgresUrl"));
});
afterAll(() => t.drop());

describe("claimJob", () => {
  it("is won once by 32 racing workers", async () => {
    const ownerId = newId();
    const jobId = await t.queued(ownerId);
    const claims = await Promise.all(
      Array.from({ length: 32 }, (_, index) => t.claim(jobId, { workerId: `w${index}` })),
    );
    const won = claims.filter((claim) => claim !== null);
    expect(won).toHaveLength(1);
    expect(won[0]).toMatchObject({
      job: { jobId, ownerId, attempt: 1, version: 2, inputs: { prompt: "a red cube" }, definition, openDispatch: null },
      events: [{ ownerSeq: 2, event: { type: "job.started", backend: "b1", attempt: 1, version: 2 } }],
    });
    expect(await t.feed(ownerId)).toHaveLength(2);
  });

  it("leaves a retry alone until it is due", async () => {
    const { jobId, attempt } = await t.running(newId());
    const outcome = { type: "retry", failure, delaySeconds: 60, infra: false } as const;
    await settleJob(t.database, { jobId, attempt, outcome });
    expect(await t.claim(jobId)).toBeNull();
    await t.database.sql`UPDATE jobs SET run_after = now() - interval '1 millisecond' WHERE id = ${jobId}`;
    expect(await t.claim(jobId)).toMatchObject({ job: { attempt: 2, failures: 1 } });
  });

  it("gives nothing while the queue is paused, except to who adopts", async () => {
    const [waiting, adoptable] = [await t.queued(newId()), await t.queued(newId())];
    await setPaused(t.database, true);
    expect(await isPaused(t.database)).toBe(true);
    expect(await t.claim(waiting)).toBeNull();
    expect(await t.claim(adoptable, { adopt: true })).not.toBeNull();
    await setPaused(t.database, false);
    expect(await t.claim(waiting)).not.toBeNull();
  });

  it("lets only the backend that holds a released job's prompt take it, and names the prompt", async () => {
    const { jobId, attempt } = await t.running(newId());
    const promptId = newId();
    await recordDispatch(t.database, { jobId, attempt, backendId: "b1", promptId, clientId: "c", graph: {} });
    const released = await settleJob(t.database, { jobId, attempt, outcome: { type: "released" } });
    expect(released?.entry).toMatchObject({ jobId, capabilityKey: "backend:b1" });
    expect(await t.claim(jobId, { backendId: "b2" })).toBeNull();
    expect(await t.claim(jobId)).toMatchObject({
      job: {
        attempt: 2,
        failures: 0,
        infraFailures: 0,
        openDispatch: { promptId, clientId: "c", backendId: "b1", attempt: 1, runningSeconds: null },
      },
    });
  });

  it("adopts a running job of a dead worker with its prompt, and only from that backend", async () => {
    const ownerId = newId();
    const { jobId, attempt } = await t.running(ownerId);
    const promptId = newId();
    await recordDispatch(t.database, { jobId, attempt, backendId: "b1", promptId, clientId: "c", graph: {} });
    await t.tickedAllAlong();
    expect(await t.claim(jobId, { workerId: "w2", adopt: true })).toBeNull();
    await t.expireLeases();
    expect(await t.claim(jobId, { workerId: "w2", adopt: true, backendId: "b2" })).toBeNull();
    const adopted = await t.claim(jobId, { workerId: "w2", adopt: true });
    expect(adopted?.job).toMatchObject({ attempt: 2, version: 4, openDispatch: { promptId } });
    expect((await t.feed(ownerId)).map(({ event }) => event.type)).toEqual([
      "job.queued",
      "job.started",
      "job.retried",
      "job.started",
    ]);
  });

  it("takes no running job while leases do not expire", async () => {
    const { jobId, attempt } = await t.running(newId());
    await recordDispatch(t.database, { jobId, attempt, backendId: "b1", promptId: newId(), clientId: "c", graph: {} });
    await t.expireLeases();
    await t.database.sql`UPDATE maintenance SET ticked_at = now() - interval '1 hour'`;
    expect(await t.claim(jobId, { workerId: "w2", adopt: true })).toBeNull();
  });
});
