import { picture } from "../workflows.ts";
import { KNOWN_AT_ONCE_MS, type Surprise, toTheEnd } from "./surprise.ts";
import { afterComfy, endOf, untilBackendIs } from "./watch.ts";
import { blocking, notANumber } from "./workflows.ts";

/** What ComfyUI says of a run, in frames and in the history, and when. */
export const frameSurprises: readonly Surprise[] = [
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
    ends: "failed OUTPUT_INVALID, 1 prompt, 1 attempt",
    since: "submit to job.failed",
    withinMs: KNOWN_AT_ONCE_MS,
    happen: async (bench, start) => {
      start();
      await untilBackendIs("up", bench);
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
    name: "the run ends while the answer to its POST is still on its way",
    shownBy: "ComfyUI's source",
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
];
