import { applyEvent, type JobView, newId } from "@darkroom/contracts";
import { afterAll, beforeAll, describe, expect, inject, it, vi } from "vitest";
import { createOutput } from "../attempts/create-output.ts";
import { settleJob } from "../attempts/settle-job.ts";
import { stageJob } from "../attempts/stage-job.ts";
import { requestCancel } from "../jobs/request-cancel.ts";
import { readJobStates } from "../reads/job-states.ts";
import { jobTimeline } from "../reads/job-timeline.ts";
import { jobView } from "../reads/job-view.ts";
import { snapshot } from "../reads/snapshot.ts";
import { failure, type Setup, setup } from "../testing/setup.ts";
import { readFeed, readFeedHeads } from "./read-feed.ts";

let t: Setup;
beforeAll(async () => {
  t = await setup(inject("postgresUrl"));
});
afterAll(() => t.drop());

const succeeded = { type: "succeeded" } as const;

const newOutput = () => ({
  outputId: newId(),
  sha256: "s",
  storageKey: "k",
  kind: "image" as const,
  mimeType: "image/png",
  width: 512,
  height: 512,
  sizeBytes: 1000,
  seed: 1,
});

/** A whole life: claimed, released, claimed again, staged, two outputs, succeeded. */
async function live(jobId: string): Promise<void> {
  await t.claim(jobId);
  await createOutput(t.database, { jobId, attempt: 1, ordinal: 0, output: newOutput() });
  await settleJob(t.database, { jobId, attempt: 1, outcome: { type: "released" } });
  await t.claim(jobId);
  for (const stage of ["loading", "sampling", "saving"] as const)
    await stageJob(t.database, { jobId, attempt: 2, stage });
  for (const ordinal of [0, 1]) await createOutput(t.database, { jobId, attempt: 2, ordinal, output: newOutput() });
  await settleJob(t.database, { jobId, attempt: 2, outcome: succeeded });
}

describe("an owner's feed", () => {
  it("counts without gaps under 64 parallel transitions, and a reader that tails it misses nothing", async () => {
    const ownerId = newId();
    const jobIds = await Promise.all(Array.from({ length: 64 }, () => t.queued(ownerId)));
    let writing = true;
    const writers = Promise.all(
      jobIds.map(async (jobId, index) => {
        await t.claim(jobId);
        if (index % 2 === 0) await requestCancel(t.database, { jobId, ownerIds: null });
        await settleJob(t.database, { jobId, attempt: 1, outcome: succeeded });
      }),
    ).then(() => {
      writing = false;
    });
    const seen: number[] = [];
    const read = async () => {
      const events = await readFeed(t.database, { cursors: [{ ownerId, afterSeq: seen.at(-1) ?? 0 }], limit: 7 });
      seen.push(...events.map(({ ownerSeq }) => ownerSeq));
      return events.length;
    };
    while (writing) await read();
    await writers;
    while ((await read()) > 0);
    expect(seen).toEqual(Array.from({ length: 64 + 64 + 32 + 64 }, (_, index) => index + 1));
    expect(await readFeedHeads(t.database, [ownerId])).toEqual(new Map([[ownerId, seen.length]]));
  });

  it("has jobs that stand where their last event says, and none for an id that is not a job's", async () => {
    const ownerId = newId();
    const [queued, ended] = [await t.queued(ownerId), await t.queued(ownerId)];
    await live(ended);
    const states = await readJobStates(t.database, [queued, ended, newId(), "no id"]);
    const events = await readFeed(t.database, { cursors: [{ ownerId, afterSeq: 0 }], limit: 100 });
    const last = events.at(-1)?.event;
    expect([...states.values()]).toEqual(
      expect.arrayContaining([
        { jobId: queued, version: 1, attempt: 0, state: "queued" },
        { jobId: ended, version: last?.type === "job.succeeded" && last.version, attempt: 2, state: "succeeded" },
      ]),
    );
    expect(states.size).toBe(2);
  });

  it("is read for several owners at once, each after its own cursor", async () => {
    const [a, b] = [newId(), newId()];
    for (const ownerId of [a, a, b, b]) await t.queued(ownerId);
    const cursors = [
      { ownerId: a, afterSeq: 1 },
      { ownerId: b, afterSeq: 0 },
    ];
    const events = await readFeed(t.database, { cursors, limit: 10 });
    expect(events.map(({ ownerId, ownerSeq }) => [ownerId, ownerSeq])).toEqual(
      [
        [a, 2],
        [b, 1],
        [b, 2],
      ].sort(),
    );
    const unknown = newId();
    expect(await readFeedHeads(t.database, [unknown])).toEqual(new Map([[unknown, 0]]));
  });

  it("raises a job's version by one with each event", async () => {
    const ownerId = newId();
    const jobId = await t.queued(ownerId);
    await live(jobId);
    const timeline = await jobTimeline(t.database, { jobId, ownerIds: [ownerId] });
    expect(timeline?.map(({ version }) => version)).toEqual(Array.from({ length: 11 }, (_, index) => index + 1));
    expect(timeline?.map(({ type }) => type)).toEqual((await t.feed(ownerId)).map(({ event }) => event.type));
    expect(await jobTimeline(t.database, { jobId, ownerIds: [newId()] })).toBeNull();
  });

  it("stages each attempt forward only, without an event for a repeat", async () => {
    const { jobId, attempt } = await t.running(newId());
    expect(await stageJob(t.database, { jobId, attempt, stage: "sampling" })).toHaveLength(1);
    expect(await stageJob(t.database, { jobId, attempt, stage: "sampling" })).toEqual([]);
    expect(await stageJob(t.database, { jobId, attempt, stage: "loading" })).toEqual([]);
  });

  it("has one event for an output that is recorded twice", async () => {
    const { jobId, attempt } = await t.running(newId());
    const creation = { jobId, attempt, ordinal: 0, output: newOutput() };
    expect(await createOutput(t.database, creation)).toHaveLength(1);
    expect(await createOutput(t.database, creation)).toEqual([]);
  });
});

describe("snapshot", () => {
  it("and the events after its cursor give the present, whenever it is taken", async () => {
    const ownerId = newId();
    const jobIds = await Promise.all(Array.from({ length: 6 }, () => t.queued(ownerId)));
    const lives = Promise.all(
      jobIds.map(async (jobId, index) => {
        if (index !== 5) return live(jobId);
        await t.claim(jobId);
        await settleJob(t.database, { jobId, attempt: 1, outcome: { type: "failed", failure } });
      }),
    );
    const taken = [await snapshot(t.database, { ownerIds: [ownerId] })];
    for (let count = 0; count < 10; count++) taken.push(await snapshot(t.database, { ownerIds: [ownerId] }));
    await lives;
    for (const { jobs, cursor } of taken) {
      const afterSeq = cursor[ownerId] ?? 0;
      const events = await readFeed(t.database, { cursors: [{ ownerId, afterSeq }], limit: 1000 });
      expect(events[0]?.ownerSeq ?? afterSeq + 1).toBe(afterSeq + 1);
      for (const job of jobs) {
        const told = events.reduce<JobView>((view, { event }) => applyEvent(view, event), job);
        const stored = await jobView(t.database, { jobId: job.jobId, ownerIds: [ownerId] });
        // Load and sample times are read from the database only; the events do not carry them.
        expect({ ...told, durations: null }).toEqual({ ...stored, durations: null });
      }
    }
  });

  it("shows each of those who ask at the same time their own jobs, and no one else's", async () => {
    const [a, b, none] = [newId(), newId(), newId()];
    const [ofA, ofB] = [[await t.queued(a)], [await t.queued(b), await t.queued(b)]];
    const both = [...ofA, ...ofB];
    const asked = [[a], [b], [none], [a, b, none], [a]];
    const taken = await Promise.all(asked.map((ownerIds) => snapshot(t.database, { ownerIds })));
    expect(taken.map(({ jobs }) => jobs.map(({ jobId }) => jobId))).toEqual([ofA, ofB, [], both, ofA]);
    expect(taken.map(({ cursor }) => cursor)).toEqual([
      ...[{ [a]: 1 }, { [b]: 2 }, { [none]: 0 }],
      ...[{ [a]: 1, [b]: 2, [none]: 0 }, { [a]: 1 }],
    ]);
  });

  it("does not wait for another's while Postgres stands still", async ({ onTestFinished }) => {
    const locked = Promise.withResolvers<void>();
    const unlock = Promise.withResolvers<void>();
    const lock = t.database.sql.begin(async (sql) => {
      await sql`LOCK TABLE owner_feeds`;
      locked.resolve();
      await unlock.promise;
    });
    onTestFinished(() => unlock.resolve());
    await locked.promise;
    const waiting = async () => {
      const [row] = await t.database.sql`
        SELECT count(*)::int AS count FROM pg_locks
        WHERE NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
      return row?.count;
    };
    const first = snapshot(t.database, { ownerIds: [newId()] });
    await vi.waitFor(async () => expect(await waiting()).toBe(1), { timeout: 10_000 });
    const second = snapshot(t.database, { ownerIds: [newId()] });
    await vi.waitFor(async () => expect(await waiting()).toBe(2), { timeout: 10_000 });
    unlock.resolve();
    await Promise.all([lock, first, second]);
  });

  it("holds the open jobs of all owners, or the one job even when it ended, and no one else's", async () => {
    const [a, b, none] = [newId(), newId(), newId()];
    const { jobId } = await t.running(a);
    await settleJob(t.database, { jobId, attempt: 1, outcome: succeeded });
    const open = [await t.queued(a), await t.queued(b)];
    const all = await snapshot(t.database, { ownerIds: [a, b, none] });
    expect(all.jobs.map((job) => job.jobId)).toEqual(open);
    expect(all.cursor).toEqual({ [a]: 4, [b]: 1, [none]: 0 });
    const one = await snapshot(t.database, { ownerIds: [a], jobId });
    expect(one.jobs).toMatchObject([{ jobId, state: "succeeded" }]);
    expect((await snapshot(t.database, { ownerIds: [b], jobId })).jobs).toEqual([]);
  });
});
