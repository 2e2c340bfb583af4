import type { JobState } from "@darkroom/contracts";
import { expect, it } from "vitest";
import { sheetPlaces, waitingJobs } from "./sheet-places.ts";

const jobs = (states: Record<string, JobState>) => Object.entries(states).map(([jobId, state]) => ({ jobId, state }));

it("what runs has the first card however many wait, of those only a few have one, and the rest keeps its order", () => {
  const states = { w7: "queued", w6: "queued", w5: "queued", w4: "queued", w3: "queued", r1: "running" } as const;
  expect(sheetPlaces(jobs({ ...states, done: "succeeded", stopping: "canceling", bad: "failed" }), 24)).toEqual([
    ...["stopping", "r1", "w7", "w6", "w5", "w4", "done", "bad"],
  ]);
  expect(sheetPlaces(jobs({ a: "succeeded", b: "succeeded", c: "running" }), 2)).toEqual(["c", "a"]);
});

it("those that wait are told in the order in which they will run, and by age where that is not known", () => {
  const job = (jobId: string, position: number | null, state: JobState = "queued") => ({
    ...{ jobId, position, state, waitSeconds: null, createdAt: `2026-01-0${jobId.charCodeAt(0) - 96}` },
  });
  const waiting = waitingJobs([job("c", null), job("b", null), job("d", 3), job("a", 1), job("e", 0, "running")]);
  expect(waiting.map(({ jobId }) => jobId)).toEqual(["a", "d", "b", "c"]);
});
