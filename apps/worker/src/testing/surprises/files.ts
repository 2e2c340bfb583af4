import { rm } from "node:fs/promises";
import { vi } from "vitest";
import { DEAD_MS, KNOWN_AT_ONCE_MS, type Surprise, toTheEnd } from "./surprise.ts";
import { afterComfy, endOf } from "./watch.ts";

/** What becomes of the files that a run made. */
export const fileSurprises: readonly Surprise[] = [
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
      }, 30_000);
      await Promise.all((await bench.savedFiles()).map((file) => rm(file)));
      const at = Date.now();
      start();
      await bench.event(jobId, "job.succeeded");
      return { ends: await endOf(bench, jobId), ms: Date.now() - at };
    },
  },
  {
    name: "a file breaks off on its way, twice",
    shownBy: "a proxy, a full disk",
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
    shownBy: "a proxy, a full disk",
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
];
