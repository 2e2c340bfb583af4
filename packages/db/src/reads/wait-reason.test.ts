import { newId } from "@darkroom/contracts";
import { afterEach, beforeEach, describe, expect, inject, it } from "vitest";
import { recordDispatch } from "../attempts/dispatches.ts";
import { settleJob } from "../attempts/settle-job.ts";
import { acquireSlot } from "../attempts/slots.ts";
import { upsertBackend } from "../backends/backends.ts";
import { decideCapabilities } from "../backends/capability-decisions.ts";
import { setPaused } from "../backends/pause.ts";
import { failure, type Setup, setup } from "../testing/setup.ts";
import { jobView } from "./job-view.ts";
import { waitingJobs } from "./run-times.ts";

let t: Setup;
beforeEach(async () => {
  t = await setup(inject("postgresUrl"));
  await t.tickedAllAlong();
});
afterEach(() => t.drop());

const catalogs = {
  plain: { Loader: { file: ["a.safetensors"] }, Save: {} },
  upscaler: { Loader: { file: ["a.safetensors"] }, Save: {}, Upscale: {} },
};

/** A backend that some worker reports, and whose slot it holds. */
async function backend(backendId: string, kind: keyof typeof catalogs = "plain"): Promise<void> {
  await upsertBackend(t.database, {
    backendId,
    url: `http://${backendId}`,
    workerId: "w1",
    state: "up",
    version: "1",
    catalog: catalogs[kind],
    catalogHash: kind,
    stats: null,
  });
  await acquireSlot(t.database, { backendId, workerId: "w1", concurrency: 1, leaseSeconds: 30 });
}

const plain = () => t.queued(newId());
const upscale = () =>
  t.queued(newId(), { capability: { nodes: ["Upscale"], models: [] }, capabilityKey: "needs-upscale" });
const withModel = (file: string) =>
  t.queued(newId(), { capability: { nodes: ["Loader"], models: [`Loader.file=${file}`] }, capabilityKey: file });

/** A job that its worker gave back while its prompt is on the backend. */
async function held(backendId: string): Promise<string> {
  const { jobId, attempt } = await t.running(newId());
  await recordDispatch(t.database, { jobId, attempt, backendId, promptId: newId(), clientId: "c", graph: {} });
  await settleJob(t.database, { jobId, attempt, outcome: { type: "released" } });
  return jobId;
}

const silent = (backendId: string) =>
  t.database.sql`UPDATE backends SET reached_at = now() - interval '11 seconds' WHERE id = ${backendId}`;
const drained = (backendId: string) => t.database.sql`UPDATE backends SET draining_at = now() WHERE id = ${backendId}`;

async function reasonOf(jobId: string): Promise<string | null | undefined> {
  await decideCapabilities(t.database);
  const reason = (await jobView(t.database, { jobId, ownerIds: null }))?.waitReason;
  const [waiting] = await waitingJobs(t.database, [jobId]);
  // Whoever asks and whoever watches are told the same; one that is not due has no place in the queue to watch.
  if (waiting !== undefined) expect(waiting.waitReason).toBe(reason);
  return reason;
}

describe("a job that waits is told why:", () => {
  it.each<[situation: string, arrange: () => Promise<string>, reason: string | null]>([
    [
      "it is its turn next, or others come before it",
      async () => {
        await backend("b1");
        await t.running(newId());
        return plain();
      },
      null,
    ],
    [
      "operators paused the queue",
      async () => {
        await backend("b1");
        await setPaused(t.database, true);
        return plain();
      },
      "The queue is paused.",
    ],
    ["no backend was ever there", plain, "No backend is connected."],
    [
      "every worker is gone",
      async () => {
        await backend("b1");
        await t.database.sql`UPDATE backends SET seen_at = now() - interval '11 seconds'`;
        await silent("b1");
        return plain();
      },
      "No worker is running.",
    ],
    [
      "the only backend fell silent",
      async () => {
        await backend("b1");
        await silent("b1");
        return plain();
      },
      "The backend does not answer.",
    ],
    [
      "all backends fell silent",
      async () => {
        for (const id of ["b1", "b2"]) {
          await backend(id);
          await silent(id);
        }
        return plain();
      },
      "No backend answers.",
    ],
    [
      "all backends are drained",
      async () => {
        await backend("b1");
        await drained("b1");
        return plain();
      },
      "Operators are draining every backend.",
    ],
    [
      "its prompt is on a backend that will go on with it",
      async () => {
        await backend("b1");
        return held("b1");
      },
      "It goes on at the backend that holds its prompt.",
    ],
    [
      "its prompt is on a backend that fell silent",
      async () => {
        await backend("b1");
        await backend("b2");
        const jobId = await held("b1");
        await silent("b1");
        return jobId;
      },
      "The backend that holds its prompt does not answer.",
    ],
    [
      "no backend has its node",
      async () => {
        await backend("b1");
        return upscale();
      },
      "No connected backend has the node Upscale.",
    ],
    [
      "no backend has its model, and one is named much like it",
      async () => {
        await backend("b1");
        return withModel("b.safetensors");
      },
      "No connected backend has the model b.safetensors. The closest it has: a.safetensors.",
    ],
    [
      "the only backend that can run it fell silent",
      async () => {
        await backend("b1");
        await backend("b2", "upscaler");
        await decideCapabilities(t.database);
        const jobId = await upscale();
        await decideCapabilities(t.database);
        await silent("b2");
        return jobId;
      },
      "Only one backend can run it, and it does not answer.",
    ],
    [
      "the only backend that can run it is drained",
      async () => {
        await backend("b1");
        await backend("b2", "upscaler");
        const jobId = await upscale();
        await decideCapabilities(t.database);
        await drained("b2");
        return jobId;
      },
      "Only one backend can run it, and operators are draining that one.",
    ],
    [
      "it failed and is tried again",
      async () => {
        await backend("b1");
        const { jobId, attempt } = await t.running(newId());
        const outcome = { type: "retry", failure, delaySeconds: 60, infra: false } as const;
        await settleJob(t.database, { jobId, attempt, outcome });
        return jobId;
      },
      "It waits a moment before the next try.",
    ],
    [
      "no worker takes anything for the backend, be it stuck or the disk full",
      async () => {
        await backend("b1");
        await t.database.sql`UPDATE slots SET holder = NULL, lease_until = NULL`;
        return plain();
      },
      "No backend that can run it takes new work just now.",
    ],
    [
      "others stand idle, but the only backend that can run it is busy",
      async () => {
        await backend("b1", "upscaler");
        await backend("b2");
        await t.running(newId());
        return upscale();
      },
      "Only one backend can run it, and it is busy.",
    ],
    [
      "others stand idle, but those that can run it are busy",
      async () => {
        await backend("b1", "upscaler");
        await backend("b2", "upscaler");
        await backend("b3");
        await t.running(newId());
        await t.claim(await plain(), { backendId: "b2" });
        return upscale();
      },
      "Only 2 of 3 backends can run it, and they are busy.",
    ],
  ])("%s", async (_, arrange, reason) => {
    expect(await reasonOf(await arrange())).toBe(reason);
  });
});
