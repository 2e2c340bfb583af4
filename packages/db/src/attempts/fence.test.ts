import { newId } from "@darkroom/contracts";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { failure, type Setup, setup } from "../testing/setup.ts";
import { createOutput } from "./create-output.ts";
import { recordDispatch } from "./dispatches.ts";
import { heartbeat } from "./heartbeat.ts";
import { type SettledOutcome, settleJob } from "./settle-job.ts";
import { stageJob } from "./stage-job.ts";

let t: Setup;
beforeAll(async () => {
  t = await setup(inject("postgresUrl"));
});
afterAll(() => t.drop());

interface Stale {
  readonly jobId: string;
  readonly attempt: number;
}
const output = {
  sha256: "s",
  storageKey: "k",
  kind: "image",
  mimeType: "image/png",
  width: 1,
  height: 1,
  sizeBytes: 1,
  seed: null,
} as const;
const progress = { percent: 1, message: "", step: 1, steps: 4, nodeTitle: null, nodesDone: 0, nodesTotal: 1 };
const run = { nodes: [], cached: [], modelLoadMs: 1, samplingMs: 1, totalMs: 2, isCold: true, isWhole: true };
const settle = (outcome: SettledOutcome) => (stale: Stale) => settleJob(t.database, { ...stale, outcome, run });

const verbs: Record<string, { call: (stale: Stale) => Promise<unknown>; answer: unknown }> = {
  stageJob: { call: (stale) => stageJob(t.database, { ...stale, stage: "saving" }), answer: null },
  createOutput: {
    call: (stale) => createOutput(t.database, { ...stale, ordinal: 0, output: { outputId: newId(), ...output } }),
    answer: null,
  },
  recordDispatch: {
    call: (stale) =>
      recordDispatch(t.database, { ...stale, backendId: "b1", promptId: newId(), clientId: "c", graph: {} }),
    answer: false,
  },
  "settleJob succeeded": { call: settle({ type: "succeeded" }), answer: null },
  "settleJob failed": { call: settle({ type: "failed", failure }), answer: null },
  "settleJob retry": { call: settle({ type: "retry", failure, delaySeconds: 0, infra: true }), answer: null },
  "settleJob canceled": { call: settle({ type: "canceled" }), answer: null },
  "settleJob released": { call: settle({ type: "released" }), answer: null },
};

async function everythingOf(jobId: string): Promise<unknown> {
  const { sql } = t.database;
  return Promise.all([
    sql`SELECT * FROM jobs WHERE id = ${jobId}`,
    sql`SELECT * FROM attempts WHERE job_id = ${jobId} ORDER BY attempt`,
    sql`SELECT * FROM outputs WHERE job_id = ${jobId}`,
    sql`SELECT * FROM dispatches WHERE job_id = ${jobId}`,
    sql`SELECT e.* FROM job_events e JOIN jobs j ON j.owner_id = e.owner_id WHERE j.id = ${jobId} ORDER BY owner_seq`,
    sql`SELECT f.* FROM owner_feeds f JOIN jobs j ON j.owner_id = f.owner_id WHERE j.id = ${jobId}`,
  ]);
}

/** The job was released and claimed again: attempt 1 is stale, attempt 2 runs. */
async function staleAttempt(): Promise<Stale> {
  const { jobId } = await t.running(newId());
  await settleJob(t.database, { jobId, attempt: 1, outcome: { type: "released" } });
  await t.claim(jobId, { workerId: "w2" });
  return { jobId, attempt: 1 };
}

describe("a stale attempt changes nothing and spends no ownerSeq", () => {
  for (const [name, { call, answer }] of Object.entries(verbs)) {
    it(`${name}, while another attempt runs`, async () => {
      const stale = await staleAttempt();
      const before = await everythingOf(stale.jobId);
      expect(await call(stale)).toEqual(answer);
      expect(await everythingOf(stale.jobId)).toEqual(before);
    });

    it(`${name}, after the job ended`, async () => {
      const { jobId, attempt } = await t.running(newId());
      await settleJob(t.database, { jobId, attempt, outcome: { type: "succeeded" } });
      const before = await everythingOf(jobId);
      expect(await call({ jobId, attempt })).toEqual(answer);
      expect(await everythingOf(jobId)).toEqual(before);
    });
  }

  it("heartbeat says that it lost the job", async () => {
    const stale = await staleAttempt();
    const before = await everythingOf(stale.jobId);
    const beat = { workerId: "w1", leaseSeconds: 60, jobs: [{ ...stale, progress }], slots: [] };
    expect(await heartbeat(t.database, beat)).toEqual({ lostJobs: [stale], canceling: [], lostSlots: [] });
    expect(await everythingOf(stale.jobId)).toEqual(before);
  });
});
