import { vi } from "vitest";
import { KNOWN_AT_ONCE_MS, type Surprise } from "./surprise.ts";
import { endOf, untilBackendIs } from "./watch.ts";
import { partlyValid } from "./workflows.ts";

/** How ComfyUI takes a prompt. */
export const promptSurprises: readonly Surprise[] = [
  {
    name: "a prompt is accepted in part: 200 with node errors",
    shownBy: "04",
    workflow: partlyValid,
    ends: "failed PROMPT_REJECTED, 1 prompt, 1 attempt",
    since: "submit to job.failed",
    withinMs: KNOWN_AT_ONCE_MS,
    happen: async (bench, start) => {
      start();
      await untilBackendIs("up", bench);
      const at = Date.now();
      const jobId = await bench.submit({ steps: 400 }, partlyValid);
      await bench.event(jobId, "job.failed");
      const ms = Date.now() - at;
      // Nothing of it is left to run on.
      await vi.waitFor(() => {
        const [entry] = bench.simulator().control.ledger();
        if (entry?.outcome !== "interrupted" && entry?.outcome !== "deleted")
          throw new Error(`it is ${entry?.outcome}`);
      }, 30_000);
      return { ends: await endOf(bench, jobId), ms };
    },
  },
  {
    name: "a prompt is accepted in part, and that is said only when it runs already",
    shownBy: "04",
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
];
