import { vi } from "vitest";
import type { Bench } from "../worker-fixture.ts";
import { DEAD_MS, KNOWN_AT_ONCE_MS, NEXT_JOB_MS, type Surprise, toTheEnd } from "./surprise.ts";
import { afterComfy, endOf, running, untilBackendIs } from "./watch.ts";
import { lastNodeIsDeaf } from "./workflows.ts";

/** How a run ends that must not go on: by a cancel, by its limit, by its standing still. */
export const stopSurprises: readonly Surprise[] = [
  {
    name: "an interrupt comes too late: the last node does not look for it",
    shownBy: "06b",
    workflow: lastNodeIsDeaf,
    ends: "succeeded, 1 prompt, 1 attempt",
    since: toTheEnd,
    withinMs: KNOWN_AT_ONCE_MS,
    happen: async (bench, start) => {
      start();
      // From here on everything before the files is cached, so that the deaf node comes last.
      await bench.event(await bench.submit({}, lastNodeIsDeaf), "job.succeeded");
      const jobId = await bench.submit({ seconds: 1 }, lastNodeIsDeaf);
      const isSlow = ({ jobId: of, node }: { jobId: string; node: string | null }): boolean =>
        of === jobId && node === "slow";
      await bench.seen(() => bench.transient.find((one) => one.type === "job.progressed" && isSlow(one)));
      await bench.cancel(jobId);
      return await afterComfy(bench, jobId);
    },
  },
  {
    name: "a run stands still, and stops when it is told to",
    shownBy: "SwarmUI#1219",
    isShownElsewhere: true,
    stepMs: 4000,
    settings: { stallMs: 2500 },
    ends: "succeeded, 2 prompts, 2 attempts",
    since: "its last frame to the job given back, less the deadline",
    withinMs: DEAD_MS,
    happen: async (bench, start) => {
      start();
      const jobId = await bench.submit({ steps: 50 });
      const { at } = await bench.event(jobId, "job.staged");
      await bench.event(jobId, "job.retried");
      const ms = Date.now() - Date.parse(at) - 2500;
      bench.simulator().control.setPace({ stepMs: 10 });
      await bench.event(jobId, "job.succeeded");
      return { ends: await endOf(bench, jobId), ms };
    },
  },
  {
    name: "the server has no route that cancels: the prompt is interrupted by its id, and the route asked for once",
    shownBy: "ComfyUI's source",
    versions: ["0.3.64", "0.8.0"],
    stepMs: 60,
    ends: "canceled, 1 prompt, 1 attempt",
    since: "the cancel to job.canceled",
    withinMs: 2000,
    happen: async (bench, start) => {
      await bench.event(await cancelRunning(bench, start), "job.canceled");
      const at = Date.now();
      const jobId = await cancelRunning(bench, () => undefined);
      const ms = Date.now() - at;
      const asked = bench.comfy.requests.filter(({ path }) => path.startsWith("/api/jobs"));
      const ends = await endOf(bench, jobId);
      return { ends: asked.length === 1 ? ends : `asked ${asked.length} times`, ms };
    },
  },
  {
    name: "a run that passes its limit stops when it is told to, and the next job runs",
    shownBy: "06",
    stepMs: 2000,
    settings: { jobTimeoutSeconds: 3, preparesNext: false },
    ends: "failed TIMEOUT, 1 prompt, 1 attempt",
    since: "the time limit to the next job's start on that backend",
    withinMs: NEXT_JOB_MS,
    happen: async (bench, start) => {
      start();
      const jobId = await bench.submit({ steps: 50 });
      const next = await bench.submit({ steps: 2 });
      const { failure } = await bench.event(jobId, "job.failed");
      if (!failure.message.includes("It was stopped.")) return { ends: failure.message, ms: 0 };
      const at = await begun(bench, next);
      const startedAt = bench.simulator().control.ledger()[0]?.startedAt ?? 0;
      return { ends: await endOf(bench, jobId), ms: at - startedAt - 3000 };
    },
  },
  {
    name: "a run that passes its limit does not stop: its backend gets nothing until it has, then the next job",
    shownBy: "06b, SwarmUI#1219",
    workflow: lastNodeIsDeaf,
    settings: { jobTimeoutSeconds: 1, stopMs: 1000, preparesNext: false },
    ends: "failed TIMEOUT, 1 prompt, 1 attempt",
    since: "ComfyUI's end of the run to the next job's start on that backend",
    withinMs: NEXT_JOB_MS,
    happen: async (bench, start) => {
      start();
      const jobId = await bench.submit({ seconds: 4 }, lastNodeIsDeaf);
      const next = await bench.submit({ seconds: 0 }, lastNodeIsDeaf);
      const { failure } = await bench.event(jobId, "job.failed");
      if (!failure.message.includes("did not stop it")) return { ends: failure.message, ms: 0 };
      await untilBackendIs("down", bench);
      // What waited behind it there was taken back, for whichever backend is free first.
      await vi.waitFor(() => {
        if (
          bench
            .simulator()
            .control.ledger()
            .some(({ outcome }) => outcome === "waiting")
        )
          throw new Error("it waits");
      }, 30_000);
      const at = await begun(bench, next);
      const endedAt = bench.simulator().control.ledger()[0]?.endedAt ?? Number.POSITIVE_INFINITY;
      const freed = bench.comfy.requests.some(({ path }) => path === "/free");
      return { ends: freed ? await endOf(bench, jobId) : "not told to free its memory", ms: at - endedAt };
    },
  },
  {
    name: "a canceled run does not stop: its owner is told so, and the backend gets nothing until it has",
    shownBy: "06b",
    isShownElsewhere: true,
    workflow: lastNodeIsDeaf,
    settings: { cancelMs: 1000, preparesNext: false },
    ends: "canceled, 1 prompt, 1 attempt",
    since: "the cancel to job.canceled",
    withinMs: 35_000,
    happen: async (bench, start) => {
      start();
      const jobId = await bench.submit({ seconds: 4 }, lastNodeIsDeaf);
      await bench.event(jobId, "job.staged");
      const at = Date.now();
      await bench.cancel(jobId);
      const { stopped } = await bench.event(jobId, "job.canceled");
      const ms = Date.now() - at;
      const next = await bench.submit({ seconds: 0 }, lastNodeIsDeaf);
      await bench.event(next, "job.succeeded");
      return { ends: stopped === "stuck" ? await endOf(bench, jobId) : `told ${stopped}`, ms };
    },
  },
  {
    name: "a running prompt is canceled, and ComfyUI confirms it",
    shownBy: "06, 17",
    isShownElsewhere: true,
    stepMs: 60,
    ends: "canceled, 1 prompt, 1 attempt",
    since: "the cancel to job.canceled",
    withinMs: 2000,
    happen: async (bench, start) => {
      const jobId = await running(bench, start, 400);
      const at = Date.now();
      await bench.cancel(jobId);
      const { stopped } = await bench.event(jobId, "job.canceled");
      return { ends: stopped === "interrupted" ? await endOf(bench, jobId) : `told ${stopped}`, ms: Date.now() - at };
    },
  },
];

/** When ComfyUI began the job's last prompt, in unix milliseconds. */
async function begun(bench: Bench, jobId: string): Promise<number> {
  return await vi.waitFor(
    async () => {
      const [row] = await bench.database.sql<{ promptId: string }[]>`
        SELECT prompt_id AS "promptId" FROM dispatches WHERE job_id = ${jobId} ORDER BY dispatched_at DESC LIMIT 1`;
      const entry = bench
        .simulator()
        .control.ledger()
        .find(({ promptId }) => promptId === row?.promptId);
      if (typeof entry?.startedAt !== "number") throw new Error("it has not begun");
      return entry.startedAt;
    },
    { timeout: 45_000, interval: 20 },
  );
}

async function cancelRunning(bench: Bench, start: () => void): Promise<string> {
  const jobId = await running(bench, start, 400);
  await bench.cancel(jobId);
  await bench.event(jobId, "job.canceled");
  return jobId;
}
