import type { Bench } from "../worker-fixture.ts";
import { DEAD_MS, NEXT_JOB_MS, type Surprise, toRelease } from "./surprise.ts";
import { endOf, released, running, untilBackendIs } from "./watch.ts";
import { lostDevice } from "./workflows.ts";

/** A fault that strikes in the middle of a run, and is over once the job has been given back. */
function whileRunning(fault: (comfy: Bench["comfy"], isOn: boolean) => void): Surprise["happen"] {
  return async (bench, start) => {
    const jobId = await running(bench, start, 12);
    fault(bench.comfy, true);
    const ms = await released(bench, jobId, Date.now());
    fault(bench.comfy, false);
    await bench.event(jobId, "job.succeeded");
    return { ends: await endOf(bench, jobId), ms };
  };
}

/** How a whole server fails, at once or bit by bit. */
export const serverSurprises: readonly Surprise[] = [
  {
    name: "the server restarts in the middle of a run, and has forgotten it",
    shownBy: "10a, 10b, 10c",
    isShownElsewhere: true,
    stepMs: 60,
    ends: "succeeded, 2 prompts, 2 attempts",
    since: "its return to the job tried again",
    withinMs: DEAD_MS,
    happen: async (bench, start) => {
      const jobId = await running(bench, start, 12);
      await bench.restartComfy();
      const ms = await released(bench, jobId, Date.now());
      await bench.event(jobId, "job.succeeded");
      return { ends: await endOf(bench, jobId), ms };
    },
  },
  {
    name: "HTTP answers nothing more; the socket is open and answers pings",
    shownBy: "a proxy, a held lock",
    stepMs: 60,
    ends: "succeeded, 1 prompt, 2 attempts",
    since: toRelease,
    withinMs: DEAD_MS,
    happen: whileRunning((comfy, isOn) => comfy.setSilent(isOn)),
  },
  {
    name: "nothing comes any more, on any connection, and none is closed",
    shownBy: "ComfyUI#3390",
    isShownElsewhere: true,
    stepMs: 60,
    ends: "succeeded, 1 prompt, 2 attempts",
    since: toRelease,
    withinMs: DEAD_MS,
    happen: whileRunning((comfy, isOn) => comfy.setFrozen(isOn)),
  },
  {
    name: "the POST is taken and never answered, nor is anything after it",
    shownBy: "accept, then hang",
    // The prompt that was sent first never got there. How often the job comes back until the server answers, moments decide.
    ends: "succeeded, 1 prompt",
    since: toRelease,
    withinMs: DEAD_MS,
    happen: async (bench, start) => {
      start();
      await untilBackendIs("up", bench);
      bench.comfy.setSilent(true);
      const at = Date.now();
      const jobId = await bench.submit();
      const ms = await released(bench, jobId, at);
      bench.comfy.setSilent(false);
      await bench.event(jobId, "job.succeeded");
      return { ends: (await endOf(bench, jobId)).replace(/, \d+ attempts$/, ""), ms };
    },
  },
  {
    name: "the worker thread is dead: it answers and begins nothing",
    shownBy: "19",
    isShownElsewhere: true,
    ends: "succeeded, 2 prompts, 2 attempts",
    since: toRelease,
    withinMs: 15_000,
    happen: async (bench, start) => {
      start();
      await untilBackendIs("up", bench);
      bench.simulator().control.wedge(true);
      const at = Date.now();
      const jobId = await bench.submit();
      const ms = await released(bench, jobId, at);
      bench.simulator().control.wedge(false);
      await bench.event(jobId, "job.succeeded");
      return { ends: await endOf(bench, jobId), ms };
    },
  },
  {
    name: "every POST is answered 503 while all else is well: the backend rests, and the job is not spent on it",
    shownBy: "a proxy before ComfyUI",
    ends: "succeeded, nothing spent",
    since: "submit to the rest",
    withinMs: NEXT_JOB_MS,
    happen: async (bench, start) => {
      bench.comfy.refuse("/prompt", 503);
      start();
      await untilBackendIs("up", bench);
      const at = Date.now();
      const jobId = await bench.submit();
      await untilBackendIs("down", bench);
      const ms = Date.now() - at;
      bench.comfy.refuse("/prompt", null);
      await bench.event(jobId, "job.succeeded");
      const [row] = await bench.database.sql`SELECT failures + infra_failures AS spent FROM jobs WHERE id = ${jobId}`;
      return { ends: row?.spent === 0 ? "succeeded, nothing spent" : `spent ${row?.spent}`, ms };
    },
  },
  {
    name: "the GPU's context breaks: every prompt fails until the server is restarted",
    shownBy: "ai-dock wrapper",
    workflow: lostDevice,
    settings: { restMs: 500 },
    ends: "failed POISON, 3 prompts, 3 attempts",
    since: "the first failure to the rest",
    withinMs: DEAD_MS,
    happen: async (bench, start) => {
      start();
      const jobId = await bench.submit({}, lostDevice);
      const at = Date.parse((await bench.event(jobId, "job.retried")).at);
      await untilBackendIs("down", bench);
      const ms = Date.now() - at;
      await bench.event(jobId, "job.failed");
      return { ends: await endOf(bench, jobId), ms };
    },
  },
];
