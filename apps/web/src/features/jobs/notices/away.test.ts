import type { JobState } from "@darkroom/contracts";
import { expect, it } from "vitest";
import { awayText, newestEnd } from "./away.ts";

const ended = (state: JobState, second: number | null) => ({
  ...{ state, finishedAt: second === null ? null : `2026-01-01T00:00:0${second}.000Z` },
});
const jobs = [ended("succeeded", 5), ended("running", null), ended("failed", 4), ended("succeeded", 3)];

it.each([
  ["nobody has looked yet", jobs, null, null],
  ["all of it was seen", jobs, newestEnd(jobs), null],
  ["two ended since", jobs, ended("succeeded", 3).finishedAt, "1 finished and 1 failed while you were away."],
  ["only pictures", jobs.slice(0, 1), "", "1 finished while you were away."],
  ["a cancel is no news to whoever asked for it", [ended("canceled", 9)], "", null],
] as const)("%s", (_, given, seen, text) => expect(awayText(given, seen)).toBe(text));

it("of nothing that ended the newest end is before every other", () => {
  expect(newestEnd([ended("running", null)])).toBe("");
});
