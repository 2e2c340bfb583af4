import { rm } from "node:fs/promises";
import type { SimulatedVersion } from "@darkroom/comfyui/simulator";
import type { WorkflowDefinition } from "@darkroom/contracts";
import { listBackends } from "@darkroom/db";
import { vi } from "vitest";
import type { Settings } from "../settings.ts";
import type { Bench } from "./worker-fixture.ts";
import { picture } from "./workflows.ts";

/** What was seen when it was over. */
export interface Seen {
  /** The job's end, its prompts and its attempts. */
  readonly ends: string;
  /** From the moment that `since` names. */
  readonly ms: number;
}

/** Something that real ComfyUI servers do, and where Darkroom is when it is over. */
export interface Surprise {
  readonly name: string;
  /** The recorded scenario, or where it was reported. */
  readonly shownBy: string;
  readonly stepMs?: number;
  /** The servers that have it in store. Default: all. */
  readonly versions?: readonly SimulatedVersion[];
  readonly workflow?: WorkflowDefinition;
  readonly settings?: Partial<Settings>;
  /** Left out of `npm test`: another test there shows the same. */
  readonly isShownElsewhere?: true;
  readonly ends: string;
  /** What the time counts from, and to. */
  readonly since: string;
  readonly withinMs: number;
  readonly happen: (bench: Bench, start: () => void) => Promise<Seen>;
}

const KNOWN_AT_ONCE_MS = 3000;
const DEAD_MS = 10_000;
const NEXT_JOB_MS = 30_000;

/** `picture` with further nodes; what they are is ComfyUI's business. */
function pictureWith(
  slug: string,
  nodes: WorkflowDefinition["graph"],
  changes: Partial<WorkflowDefinition> = {},
): WorkflowDefinition {
  return { ...picture, ...changes, slug, graph: { ...picture.graph, ...nodes } };
}

const flat = { class_type: "EmptyImage", inputs: { width: 8, height: 8, batch_size: 1, color: 0 } };

const partlyValid = pictureWith("partly-valid", {
  broken: { class_type: "SaveImage", inputs: { filename_prefix: "x" }, _meta: { title: "Second file" } },
});
const blocking: WorkflowDefinition = {
  ...picture,
  slug: "blocking",
  graph: {
    image: flat,
    block: { class_type: "ProbeBlock", inputs: { image: ["image", 0], message: "no face in the picture" } },
    save: { class_type: "SaveImage", inputs: { images: ["block", 0], filename_prefix: "x" } },
  },
  parameters: [],
  bindings: [],
};
const lostDevice: WorkflowDefinition = {
  ...blocking,
  slug: "lost-device",
  graph: {
    image: flat,
    raise: {
      class_type: "ProbeRaise",
      inputs: {
        image: ["image", 0],
        kind: "ValueError",
        message: "CUDA error: an illegal memory access was encountered",
      },
    },
    save: { class_type: "SaveImage", inputs: { images: ["raise", 0], filename_prefix: "x" } },
  },
};
const notANumber = pictureWith("not-a-number", { odd: { class_type: "ProbeNaNUi", inputs: { kind: "nan" } } });
const lastNodeIsDeaf = pictureWith(
  "deaf-node",
  { slow: { class_type: "ProbeSlowOutput", inputs: { seconds: 0 } } },
  {
    parameters: [{ kind: "integer", name: "seconds", label: "Seconds", required: false, default: 0, min: 0, max: 9 }],
    bindings: [{ parameter: "seconds", node: "slow", input: "seconds" }],
  },
);

async function endOf(bench: Bench, jobId: string): Promise<string> {
  const { state, failure, attempts } = await bench.view(jobId);
  const count = (many: number, of: string): string => `${many} ${of}${many === 1 ? "" : "s"}`;
  const code = failure === null ? "" : ` ${failure.code}`;
  return `${state}${code}, ${count(bench.comfy.promptsOf(jobId), "prompt")}, ${count(attempts, "attempt")}`;
}

/** How long after ComfyUI's own end of its last prompt the job had ended. */
async function afterComfy(bench: Bench, jobId: string): Promise<Seen> {
  await bench.event(jobId, "job.succeeded");
  const at = Date.now();
  const endedAt = Math.max(
    ...bench
      .simulator()
      .control.ledger()
      .map((entry) => entry.endedAt ?? 0),
  );
  return { ends: await endOf(bench, jobId), ms: at - endedAt };
}

async function running(bench: Bench, start: () => void, steps: number): Promise<string> {
  start();
  const jobId = await bench.submit({ steps });
  await bench.step(jobId, 2);
  return jobId;
}

/** A fault that strikes in the middle of a run, and is over once the job has been given back. */
function whileRunning(fault: (comfy: Bench["comfy"], isOn: boolean) => void): Surprise["happen"] {
  return async (bench, start) => {
    const jobId = await running(bench, start, 12);
    fault(bench.comfy, true);
    const ms = await givenBack(bench, jobId, Date.now());
    fault(bench.comfy, false);
    await bench.event(jobId, "job.succeeded");
    return { ends: await endOf(bench, jobId), ms };
  };
}

async function isReady({ database }: Bench): Promise<void> {
  await vi.waitFor(async () => {
    if ((await listBackends(database))[0]?.state !== "up") throw new Error("not up yet");
  }, 10_000);
}

/** Until the job was given back by who ran it, and from the fault on. */
async function givenBack(bench: Bench, jobId: string, at: number): Promise<number> {
  await bench.event(jobId, "job.retried");
  return Date.now() - at;
}

const toTheEnd = "ComfyUI's end of the run to job.succeeded";
const toRelease = "the fault to the job given back";

export const surprises: readonly Surprise[] = [
  {
    name: "a second socket of the same client came and went: ours is open, answers pings and is deaf",
    shownBy: "08, §4",
    stepMs: 100,
    ends: "succeeded, 1 prompt, 1 attempt",
    since: toTheEnd,
    withinMs: KNOWN_AT_ONCE_MS,
    happen: async (bench, start) => {
      const jobId = await running(bench, start, 20);
      const [row] = await bench.database.sql<{ clientId: string }[]>`SELECT client_id AS "clientId" FROM dispatches`;
      const rival = new WebSocket(`${bench.comfyUrl.replace("http", "ws")}/ws?clientId=${row?.clientId}`);
      await new Promise((resolve) => rival.addEventListener("open", resolve));
      rival.close();
      return await afterComfy(bench, jobId);
    },
  },
  {
    name: "the connection drops in the middle of a run",
    shownBy: "09",
    isShownElsewhere: true,
    stepMs: 60,
    ends: "succeeded, 1 prompt, 1 attempt",
    since: toTheEnd,
    withinMs: KNOWN_AT_ONCE_MS,
    happen: async (bench, start) => {
      const jobId = await running(bench, start, 12);
      bench.comfy.cutSockets();
      return await afterComfy(bench, jobId);
    },
  },
  {
    name: "no socket is to be had at all",
    shownBy: "comfyui-api#186",
    isShownElsewhere: true,
    stepMs: 60,
    ends: "succeeded, 1 prompt, 1 attempt",
    since: toTheEnd,
    withinMs: KNOWN_AT_ONCE_MS,
    happen: async (bench, start) => {
      bench.comfy.cutSockets({ refuse: true });
      start();
      return await afterComfy(bench, await bench.submit({ steps: 12 }));
    },
  },
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
      const ms = await givenBack(bench, jobId, Date.now());
      await bench.event(jobId, "job.succeeded");
      return { ends: await endOf(bench, jobId), ms };
    },
  },
  {
    name: "a prompt is accepted in part: 200 with node errors",
    shownBy: "04",
    workflow: partlyValid,
    ends: "failed PROMPT_REJECTED, 1 prompt, 1 attempt",
    since: "submit to job.failed",
    withinMs: KNOWN_AT_ONCE_MS,
    happen: async (bench, start) => {
      start();
      await isReady(bench);
      const at = Date.now();
      const jobId = await bench.submit({ steps: 400 }, partlyValid);
      await bench.event(jobId, "job.failed");
      const ms = Date.now() - at;
      // Nothing of it is left to run on.
      await vi.waitFor(() => {
        const [entry] = bench.simulator().control.ledger();
        if (entry?.outcome !== "interrupted" && entry?.outcome !== "deleted")
          throw new Error(`it is ${entry?.outcome}`);
      }, 5000);
      return { ends: await endOf(bench, jobId), ms };
    },
  },
  {
    name: "a prompt is accepted in part, and that is said only when it runs already",
    shownBy: "04, §2",
    workflow: partlyValid,
    ends: "failed PROMPT_REJECTED, 1 prompt, 1 attempt",
    since: "the answer to job.failed",
    withinMs: KNOWN_AT_ONCE_MS,
    happen: async (bench, start) => {
      const release = bench.comfy.hold("/prompt");
      start();
      const jobId = await bench.submit({ steps: 400 }, partlyValid);
      await bench.event(jobId, "job.staged");
      const at = Date.now();
      release();
      await bench.event(jobId, "job.failed");
      return { ends: await endOf(bench, jobId), ms: Date.now() - at };
    },
  },
  {
    name: "everything is cached, and the file of the first run was deleted",
    shownBy: "03, 21",
    ends: "succeeded, 1 prompt, 1 attempt",
    since: toTheEnd,
    withinMs: KNOWN_AT_ONCE_MS,
    happen: async (bench, start) => {
      start();
      await bench.event(await bench.submit(), "job.succeeded");
      const files = await bench.savedFiles();
      await Promise.all(files.map((file) => rm(file)));
      return await afterComfy(bench, await bench.submit());
    },
  },
  {
    name: "a finished run's file is gone when another worker comes for it",
    shownBy: "21",
    stepMs: 60,
    ends: "succeeded, 2 prompts, 3 attempts",
    since: "the second worker's start to job.succeeded",
    withinMs: DEAD_MS,
    happen: async (bench, start) => {
      const first = bench.startWorker();
      const jobId = await bench.submit({ steps: 8 });
      await bench.step(jobId, 1);
      await first.crash();
      await vi.waitFor(() => {
        if (bench.simulator().control.ledger()[0]?.outcome !== "success") throw new Error("it runs");
      }, 5000);
      await Promise.all((await bench.savedFiles()).map((file) => rm(file)));
      const at = Date.now();
      start();
      await bench.event(jobId, "job.succeeded");
      return { ends: await endOf(bench, jobId), ms: Date.now() - at };
    },
  },
  {
    name: "the history does not have the run yet when it is asked",
    shownBy: "22",
    ends: "succeeded, 1 prompt, 1 attempt",
    since: toTheEnd,
    withinMs: KNOWN_AT_ONCE_MS,
    happen: async (bench, start) => {
      bench.comfy.answerOnce("/history/", "{}");
      start();
      return await afterComfy(bench, await bench.submit());
    },
  },
  {
    name: "a node blocks its output, and the run is called a success",
    shownBy: "05",
    workflow: blocking,
    ends: "failed NODE_FAILED, 1 prompt, 1 attempt",
    since: "submit to job.failed",
    withinMs: KNOWN_AT_ONCE_MS,
    happen: async (bench, start) => {
      start();
      await isReady(bench);
      const at = Date.now();
      const jobId = await bench.submit({}, blocking);
      const { failure } = await bench.event(jobId, "job.failed");
      const ms = Date.now() - at;
      return { ends: failure.message.includes("no face") ? await endOf(bench, jobId) : failure.message, ms };
    },
  },
  {
    name: "NaN stands bare in frames and in the history",
    shownBy: "05",
    isShownElsewhere: true,
    workflow: notANumber,
    ends: "succeeded, 1 prompt, 1 attempt",
    since: toTheEnd,
    withinMs: KNOWN_AT_ONCE_MS,
    happen: async (bench, start) => {
      start();
      return await afterComfy(bench, await bench.submit({}, notANumber));
    },
  },
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
    name: "the run ends while the answer to its POST is still on its way",
    shownBy: "§2",
    ends: "succeeded, 1 prompt, 1 attempt",
    since: toTheEnd,
    withinMs: KNOWN_AT_ONCE_MS,
    happen: async (bench, start) => {
      const release = bench.comfy.hold("/prompt");
      start();
      const seen = await afterComfy(bench, await bench.submit());
      release();
      return seen;
    },
  },
  {
    name: "ComfyUI sends everybody the frames of a prompt that has no client",
    shownBy: "02d",
    isShownElsewhere: true,
    stepMs: 60,
    ends: "succeeded, 1 prompt, 1 attempt",
    since: toTheEnd,
    withinMs: KNOWN_AT_ONCE_MS,
    happen: async (bench, start) => {
      const theirs = JSON.parse(JSON.stringify(picture.graph));
      theirs.sampler.inputs.steps = 7;
      await fetch(`${bench.comfyUrl}/prompt`, { method: "POST", body: JSON.stringify({ prompt: theirs }) });
      start();
      const jobId = await bench.submit({ steps: 5 });
      const seen = await afterComfy(bench, jobId);
      const steps = bench.transient.flatMap((one) => (one.type === "job.progressed" ? [one.steps] : []));
      return steps.includes(7) ? { ...seen, ends: "told of another's steps" } : seen;
    },
  },
  {
    name: "HTTP answers nothing more; the socket is open and answers pings",
    shownBy: "§6 of reliability",
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
      await isReady(bench);
      bench.comfy.setSilent(true);
      const at = Date.now();
      const jobId = await bench.submit();
      const ms = await givenBack(bench, jobId, at);
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
      await isReady(bench);
      bench.simulator().control.wedge(true);
      const at = Date.now();
      const jobId = await bench.submit();
      const ms = await givenBack(bench, jobId, at);
      bench.simulator().control.wedge(false);
      await bench.event(jobId, "job.succeeded");
      return { ends: await endOf(bench, jobId), ms };
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
    name: "a file breaks off on its way, twice",
    shownBy: "peers §6",
    ends: "succeeded, 1 prompt, 1 attempt",
    since: toTheEnd,
    withinMs: KNOWN_AT_ONCE_MS,
    happen: async (bench, start) => {
      bench.comfy.cutBodyOf("/view", 2);
      start();
      return await afterComfy(bench, await bench.submit());
    },
  },
  {
    name: "a file breaks off on its way, each time",
    shownBy: "peers §6",
    isShownElsewhere: true,
    ends: "failed OUTPUT_INVALID, 2 prompts, 2 attempts",
    since: "submit to job.failed, less the back-off of up to 2 s",
    withinMs: DEAD_MS,
    happen: async (bench, start) => {
      bench.comfy.cutBodyOf("/view", 100);
      start();
      const at = Date.now();
      const jobId = await bench.submit();
      await bench.event(jobId, "job.failed");
      return { ends: await endOf(bench, jobId), ms: Date.now() - at };
    },
  },
  {
    name: "the server has no route that cancels: the prompt is interrupted by its id, and the route asked for once",
    shownBy: "§7",
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
    shownBy: "06, N14",
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
    shownBy: "06b, SwarmUI#1219, N14",
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
      await vi.waitFor(async () => {
        if ((await listBackends(bench.database))[0]?.state !== "down") throw new Error("it is not kept out");
      }, 5000);
      // What waited behind it there was taken back, for whichever backend is free first.
      await vi.waitFor(() => {
        if (
          bench
            .simulator()
            .control.ledger()
            .some(({ outcome }) => outcome === "waiting")
        )
          throw new Error("it waits");
      }, 5000);
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
  {
    name: "every POST is answered 503 while all else is well: the backend rests, and the job is not spent on it",
    shownBy: "a proxy before ComfyUI",
    ends: "succeeded, nothing spent",
    since: "submit to the rest",
    withinMs: NEXT_JOB_MS,
    happen: async (bench, start) => {
      bench.comfy.refuse("/prompt", 503);
      start();
      await isReady(bench);
      const at = Date.now();
      const jobId = await bench.submit();
      await vi.waitFor(
        async () => {
          if ((await listBackends(bench.database))[0]?.state !== "down") throw new Error("it does not rest");
        },
        { timeout: NEXT_JOB_MS, interval: 20 },
      );
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
      const isDown = async (): Promise<void> => {
        if ((await listBackends(bench.database))[0]?.state !== "down") throw new Error("it does not rest");
      };
      await vi.waitFor(isDown, { timeout: DEAD_MS, interval: 20 });
      const ms = Date.now() - at;
      await bench.event(jobId, "job.failed");
      return { ends: await endOf(bench, jobId), ms };
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
    { timeout: NEXT_JOB_MS, interval: 20 },
  );
}

async function cancelRunning(bench: Bench, start: () => void): Promise<string> {
  const jobId = await running(bench, start, 400);
  await bench.cancel(jobId);
  await bench.event(jobId, "job.canceled");
  return jobId;
}
