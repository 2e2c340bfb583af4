import { on, once } from "node:events";
import { connect } from "node:net";
import { newId } from "@darkroom/contracts";
import { afterEach, beforeEach, describe, expect, inject, it } from "vitest";
import { openDispatches, recordDispatch } from "../attempts/dispatches.ts";
import { heartbeat } from "../attempts/heartbeat.ts";
import { settleJob } from "../attempts/settle-job.ts";
import { stageJob } from "../attempts/stage-job.ts";
import { upsertBackend } from "../backends/backends.ts";
import { requestCancel } from "../jobs/request-cancel.ts";
import { createDatabase } from "../postgres/client.ts";
import { jobView } from "../reads/job-view.ts";
import { failure, type Setup, setup } from "../testing/setup.ts";
import { maintain } from "./maintain.ts";
import { queuedInOrder, unqueuedCandidates } from "./unqueued-jobs.ts";

let t: Setup;
beforeEach(async () => {
  t = await setup(inject("postgresUrl"));
  await t.tickedAllAlong();
});
afterEach(() => t.drop());

const settings = { leaseSeconds: 10, jobTimeoutSeconds: 600 };
const tick = () => maintain(t.database, settings);

const backend = (changes: Partial<Parameters<typeof upsertBackend>[1]> = {}) =>
  upsertBackend(t.database, {
    backendId: "b1",
    url: "http://b1",
    workerId: "w1",
    state: "up",
    version: "1",
    catalog: { Loader: { file: ["a.safetensors"] }, Save: {} },
    catalogHash: "h1",
    stats: null,
    ...changes,
  });

async function dispatched(jobId: string, attempt: number): Promise<string> {
  const promptId = newId();
  await recordDispatch(t.database, { jobId, attempt, backendId: "b1", promptId, clientId: "c", graph: {} });
  return promptId;
}

/**
 * A client that began a transaction, ran `statement` in it, sent the first half of another one, as a driver does that asks
 * for the types of the parameters, and says nothing more. In Postgres' own protocol, because no driver stops there.
 */
async function stopInTransaction(url: string, statement: string): Promise<{ readonly ended: Promise<unknown> }> {
  const { hostname, port, username, pathname } = new URL(url);
  const socket = connect(Number(port), hostname);
  const ended = once(socket, "close");
  const text = (...parts: string[]) => Buffer.from(`${parts.join("\0")}\0`);
  const send = (type: string, ...body: Buffer[]) => {
    const length = Buffer.alloc(4);
    length.writeInt32BE(4 + Buffer.concat(body).length);
    socket.write(Buffer.concat([Buffer.from(type), length, ...body]));
  };
  /** Resolves once it answers that it waits for the next statement. */
  const answered = async () => {
    for await (const [piece] of on(socket, "data")) if ((piece as Buffer).includes("Z\0\0\0\x05")) return;
  };
  const version = Buffer.from([0, 3, 0, 0]);
  send("", version, text("user", username, "database", pathname.slice(1), "application_name", "darkroom-test", ""));
  await answered();
  for (const query of ["BEGIN", statement]) {
    send("Q", text(query));
    await answered();
  }
  send("P", text("half", "SELECT $1::int"), Buffer.from([0, 0]));
  send("H");
  return { ended };
}

describe("maintain", () => {
  it("says whether any job waits, runs or is being canceled", async () => {
    expect(await tick()).toMatchObject({ led: true, hasOpenJobs: false });
    const { jobId, attempt } = await t.running(newId());
    expect(await tick()).toMatchObject({ hasOpenJobs: true });
    await requestCancel(t.database, { jobId, ownerIds: null });
    expect(await tick()).toMatchObject({ hasOpenJobs: true });
    await settleJob(t.database, { jobId, attempt, outcome: { type: "canceled" } });
    expect(await tick()).toMatchObject({ hasOpenJobs: false });
  });

  it("asks Postgres once where nothing is to be done", async () => {
    let asked = 0;
    const pool = createDatabase(t.url, { max: 2, onWait: () => (asked += 1) });
    // The first sweeps.
    await maintain(pool, settings);
    asked = 0;
    expect(await maintain(pool, settings)).toMatchObject({ led: true });
    expect(asked).toBe(1);
    await pool.close();
  });

  it("puts what ended into the index of searches, from the list where it is looked through", async () => {
    const { sql } = t.database;
    await tick();
    const { jobId, attempt } = await t.running(newId());
    await requestCancel(t.database, { jobId, ownerIds: null });
    await settleJob(t.database, { jobId, attempt, outcome: { type: "canceled" } });
    expect(await tick()).toMatchObject({ hasOpenJobs: false });
    const [left] = await sql`SELECT gin_clean_pending_list('jobs_search') AS pages`;
    expect(left?.pages).toBe(0);
  });

  it("returns a dead worker's job once, free of charge, however many tick", async () => {
    const ownerId = newId();
    const { jobId } = await t.running(ownerId);
    await t.expireLeases();
    const ticks = await Promise.all(Array.from({ length: 8 }, tick));
    expect(ticks.flatMap(({ entries }) => entries)).toMatchObject([{ jobId, ownerId, capabilityKey: "able" }]);
    expect(ticks.flatMap(({ events }) => events)).toMatchObject([
      { event: { type: "job.retried", reason: "lease-expired", failure: null, attempt: 1 } },
    ]);
    expect(await t.claim(jobId)).toMatchObject({ job: { attempt: 2, failures: 0, infraFailures: 0 } });
  });

  it("fails a job that three workers in a row died over before they dispatched anything", async () => {
    const { jobId } = await t.running(newId());
    for (let attempt = 1; attempt <= 2; attempt += 1) {
      await t.expireLeases();
      expect((await tick()).events).toMatchObject([{ event: { type: "job.retried", attempt } }]);
      await t.claim(jobId);
    }
    await t.expireLeases();
    expect((await tick()).events).toMatchObject([{ event: { type: "job.failed", failure: { code: "POISON" } } }]);
    expect((await tick()).events).toEqual([]);
  });

  it("fails a job whose finished prompt three more workers died over while they stored its files", async () => {
    const { jobId, attempt } = await t.running(newId());
    await dispatched(jobId, attempt);
    for (let died = 1; died <= 3; died += 1) {
      await t.expireLeases();
      expect((await tick()).events).toMatchObject([{ event: { type: "job.retried" } }]);
      const claimed = await t.claim(jobId);
      await stageJob(t.database, { jobId, attempt: claimed?.job.attempt ?? 0, stage: "saving" });
    }
    await t.expireLeases();
    expect((await tick()).events).toMatchObject([{ event: { type: "job.failed", failure: { code: "POISON" } } }]);
  });

  it("lets any number of workers die over a prompt that ComfyUI still runs", async () => {
    const { jobId, attempt } = await t.running(newId());
    await dispatched(jobId, attempt);
    for (let died = 1; died <= 5; died += 1) {
      await t.expireLeases();
      expect((await tick()).events).toMatchObject([{ event: { type: "job.retried" } }]);
      const claimed = await t.claim(jobId);
      await stageJob(t.database, { jobId, attempt: claimed?.job.attempt ?? 0, stage: "sampling" });
    }
  });

  it("leaves live leases alone, and one that was renewed late", async () => {
    const { jobId, attempt } = await t.running(newId());
    expect(await tick()).toMatchObject({ led: true, entries: [], events: [] });
    await t.expireLeases();
    await heartbeat(t.database, {
      workerId: "w1",
      leaseSeconds: 10,
      jobs: [{ jobId, attempt, progress: null }],
      slots: [],
    });
    expect(await tick()).toMatchObject({ entries: [] });
  });

  it("ends the transaction of a process that was stopped between the halves of a statement", async () => {
    const { jobId } = await t.running(newId());
    const stopped = await stopInTransaction(t.url, `UPDATE jobs SET priority = priority WHERE id = '${jobId}'`);
    await expect
      .poll(async () => ((await tick()).stoppedSessions > 0 ? "ended" : "held"), { timeout: 15_000 })
      .toBe("ended");
    await stopped.ended;
    await t.database.sql`UPDATE jobs SET priority = priority WHERE id = ${jobId}`;
  });

  it("expires nothing for one lease after maintenance itself was away", async () => {
    await t.running(newId());
    await t.expireLeases();
    await t.database.sql`UPDATE maintenance SET ticked_at = now() - interval '7 seconds'`;
    expect(await tick()).toMatchObject({ led: true, entries: [] });
    expect(await tick()).toMatchObject({ led: true, entries: [] });
    await t.database.sql`UPDATE maintenance SET expire_after = now() - interval '1 millisecond'`;
    expect((await tick()).entries).toHaveLength(1);
  });

  it("ends a canceling job whose worker is gone, its prompt an orphan", async () => {
    const { jobId, attempt } = await t.running(newId());
    const promptId = await dispatched(jobId, attempt);
    await requestCancel(t.database, { jobId, ownerIds: null });
    await t.expireLeases();
    expect((await tick()).events.map(({ event }) => event.type)).toEqual(["job.canceled"]);
    expect(await openDispatches(t.database, { backendId: "b1" })).toEqual([
      {
        promptId,
        jobId,
        requestId: null,
        attempt,
        clientId: "c",
        jobState: "canceled",
        leaseLive: false,
        current: false,
      },
    ]);
  });

  it("keeps an adoptable job for its backend while that one is there", async () => {
    await backend();
    const { jobId, attempt } = await t.running(newId());
    await dispatched(jobId, attempt);
    await t.expireLeases();
    expect((await tick()).entries).toMatchObject([{ jobId, capabilityKey: "backend:b1" }]);
    await t.database.sql`UPDATE jobs SET changed_at = now() - interval '1 minute'`;
    expect(await tick()).toMatchObject({ rekeyed: [] });
    expect(await unqueuedCandidates(t.database)).toMatchObject([{ jobId, capabilityKey: "backend:b1" }]);
  });

  it.each([
    ["unreachable", "seen_at = now(), reached_at = now() - interval '11 seconds'", 1],
    ["configured by nobody", "seen_at = now() - interval '11 seconds', reached_at = now() - interval '11 seconds'", 0],
    ["drained", "draining_at = now() - interval '11 seconds'", 0],
  ])("gives a job's own key back when its backend was %s for ten seconds", async (_name, change, infraFailures) => {
    await backend();
    const { jobId, attempt } = await t.running(newId());
    const promptId = await dispatched(jobId, attempt);
    await settleJob(t.database, { jobId, attempt, outcome: { type: "released" } });
    expect(await tick()).toMatchObject({ rekeyed: [] });
    await t.database.sql.unsafe(`UPDATE backends SET ${change}`);
    expect(await tick()).toMatchObject({ rekeyed: [{ jobId, capabilityKey: "able" }], entries: [], events: [] });
    expect(await openDispatches(t.database, { backendId: "b1" })).toMatchObject([{ promptId, current: false }]);
    expect(await t.claim(jobId, { backendId: "b2" })).toMatchObject({ job: { openDispatch: null, infraFailures } });
  });

  describe("of a backend that refuses connections", () => {
    const left = async () => {
      await backend();
      const { jobId, attempt } = await t.running(newId());
      await dispatched(jobId, attempt);
      await settleJob(t.database, { jobId, attempt, outcome: { type: "released" } });
      return jobId;
    };

    it("gives a job's own key back at once, also where maintenance has just come back", async () => {
      const jobId = await left();
      await t.database.sql`UPDATE maintenance SET expire_after = now() + interval '1 minute'`;
      await backend({ state: "down" });
      expect(await tick()).toMatchObject({ rekeyed: [] });
      await backend({ state: "gone" });
      await backend({ state: "down" });
      expect(await tick()).toMatchObject({ rekeyed: [{ jobId, capabilityKey: "able" }], entries: [], events: [] });
      expect(await t.claim(jobId, { backendId: "b2" })).toMatchObject({
        job: { openDispatch: null, infraFailures: 1 },
      });
    });

    it("keeps a job once it answers again", async () => {
      await left();
      await backend({ state: "gone" });
      await backend({ state: "starting" });
      expect(await tick()).toMatchObject({ led: true, rekeyed: [] });
    });
  });

  it("keeps a job for its backend if that refused a connection before the job's prompt was sent there", async () => {
    await backend({ state: "gone" });
    const { jobId, attempt } = await t.running(newId());
    await dispatched(jobId, attempt);
    await settleJob(t.database, { jobId, attempt, outcome: { type: "released" } });
    await t.database.sql`UPDATE dispatches SET dispatched_at = dispatched_at + interval '1 second'`;
    expect(await tick()).toMatchObject({ led: true, rekeyed: [] });
  });

  it("keeps a job for its backend until somebody has been there to hear from it for ten seconds", async () => {
    await backend();
    const { jobId, attempt } = await t.running(newId());
    await dispatched(jobId, attempt);
    await settleJob(t.database, { jobId, attempt, outcome: { type: "released" } });
    await t.database
      .sql`UPDATE backends SET seen_at = now() - interval '1 hour', reached_at = now() - interval '1 hour'`;
    // Shorter than the ten seconds, and so long that a busy machine is not taken for an outage between two statements.
    const leaseSeconds = 8;
    const cameBack = (secondsAgo: number) => t.database.sql`
      UPDATE maintenance SET ticked_at = now(), expire_after = now() + ${leaseSeconds - secondsAgo} * interval '1 second'`;
    await cameBack(9);
    expect(await maintain(t.database, { ...settings, leaseSeconds })).toMatchObject({ led: true, rekeyed: [] });
    await cameBack(11);
    expect(await maintain(t.database, { ...settings, leaseSeconds })).toMatchObject({ rekeyed: [{ jobId }] });
  });

  it("returns a job whose worker and backend died together once, under its own key", async () => {
    await backend();
    const { jobId, attempt } = await t.running(newId());
    await dispatched(jobId, attempt);
    await t.expireLeases();
    await t.database
      .sql`UPDATE backends SET seen_at = now() - interval '11 seconds', reached_at = now() - interval '11 seconds'`;
    expect(await tick()).toMatchObject({ entries: [], rekeyed: [{ jobId, capabilityKey: "able" }], removed: [] });
  });

  it("fails a job that takes its backend with it for the third time", async () => {
    await backend();
    const { jobId, attempt } = await t.running(newId());
    await dispatched(jobId, attempt);
    await settleJob(t.database, { jobId, attempt, outcome: { type: "released" } });
    await t.database.sql`UPDATE jobs SET infra_failures = 2`;
    await t.database.sql`UPDATE backends SET reached_at = now() - interval '11 seconds'`;
    const answer = await tick();
    expect(answer).toMatchObject({
      removed: [jobId],
      rekeyed: [],
      events: [{ event: { failure: { code: "POISON" } } }],
    });
  });

  it("fails a job that no live backend could run for the whole timeout, and names what lacks", async () => {
    await backend();
    const ownerId = newId();
    const capability = { nodes: ["Loader"], models: ["Loader.file=b.safetensors"] };
    const jobId = await t.queued(ownerId, { capability, capabilityKey: "unable" });
    const other = await t.queued(ownerId);
    expect(await tick()).toMatchObject({ events: [], removed: [] });
    expect((await jobView(t.database, { jobId, ownerIds: null }))?.waitReason).toContain("b.safetensors");
    expect((await jobView(t.database, { jobId: other, ownerIds: null }))?.waitReason).toBeNull();
    await t.database.sql`UPDATE incapable SET since = now() - interval '601 seconds'`;
    await t.database.sql`UPDATE jobs SET changed_at = now() - interval '601 seconds'`;
    expect(await tick()).toMatchObject({
      removed: [jobId],
      events: [{ event: { type: "job.failed", jobId, failure: { code: "NO_CAPABLE_BACKEND" } } }],
    });
    const [, , failed] = await t.feed(ownerId);
    expect(failed?.event).toMatchObject({ failure: { message: expect.stringContaining("a.safetensors") } });
  });

  it("starts that clock again when a capable backend was there meanwhile, and stops it while none is live", async () => {
    await backend();
    await t.queued(newId(), { capability: { nodes: ["Rare"], models: [] }, capabilityKey: "rare" });
    await tick();
    await t.database.sql`UPDATE incapable SET since = now() - interval '601 seconds'`;
    await t.database.sql`UPDATE jobs SET changed_at = now() - interval '601 seconds'`;
    await backend({ backendId: "b2", catalog: { Rare: {} }, catalogHash: "h2" });
    expect(await tick()).toMatchObject({ removed: [] });
    expect(await t.database.sql`SELECT * FROM incapable`).toHaveLength(0);
    await t.database.sql`UPDATE backends SET reachable = false`;
    expect(await tick()).toMatchObject({ removed: [] });
    expect(await t.database.sql`SELECT * FROM incapable`).toHaveLength(0);
  });

  it("stops that clock when the last job of all is gone", async () => {
    await backend();
    const jobId = await t.queued(newId(), { capability: { nodes: ["Rare"], models: [] }, capabilityKey: "rare" });
    await tick();
    expect(await t.database.sql`SELECT * FROM incapable`).toHaveLength(1);
    await requestCancel(t.database, { jobId, ownerIds: null });
    await tick();
    expect(await t.database.sql`SELECT * FROM incapable`).toHaveLength(0);
  });

  it("sweeps old submits, events and closed dispatches", async () => {
    const ownerId = newId();
    await t.queued(ownerId);
    await t.database.sql`UPDATE submits SET at = now() - interval '2 hours'`;
    await t.database.sql`UPDATE job_events SET at = now() - interval '31 days'`;
    await t.database.sql`UPDATE maintenance SET swept_at = now() - interval '2 minutes'`;
    await tick();
    expect(await t.database.sql`SELECT 1 FROM submits`).toHaveLength(0);
    expect(await t.feed(ownerId)).toEqual([]);
  });
});

describe("what Redis should know of", () => {
  it("is every due job that has not changed for two seconds, and every retry that has become due, newest first", async () => {
    const ownerId = newId();
    const fresh = await t.queued(ownerId);
    const old = [await t.queued(ownerId), await t.queued(ownerId)];
    const { jobId: retried, attempt } = await t.running(ownerId);
    const { jobId: later } = await t.running(ownerId);
    const outcome = { type: "retry", failure, delaySeconds: 60, infra: false } as const;
    await settleJob(t.database, { jobId: retried, attempt, outcome });
    await settleJob(t.database, { jobId: later, attempt, outcome });
    await t.database.sql`UPDATE jobs SET changed_at = now() - interval '3 seconds' WHERE id = ANY(${old}::uuid[])`;
    // Columns round to milliseconds: what is rounded up would not be due yet.
    await t.database.sql`
      UPDATE jobs SET changed_at = now() - interval '500 milliseconds', run_after = date_trunc('milliseconds', now())
      WHERE id = ${retried}`;
    expect((await unqueuedCandidates(t.database)).map(({ jobId }) => jobId)).toEqual([retried, ...old.reverse()]);
    expect((await queuedInOrder(t.database)).map(({ jobId }) => jobId)).toEqual([fresh, ...old.reverse(), retried]);
  });
});
