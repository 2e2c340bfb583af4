import type { JobView } from "@darkroom/contracts";
import { describe, expect, it } from "vitest";
import { differenceOf, type HistoryFilter, type HistoryPage, withNewest } from "./history-pages.ts";

const job = (jobId: string, changes: object = {}): JobView =>
  ({
    ...{ jobId, state: "succeeded", batchId: null, createdAt: `2026-11-0${jobId.length}T10:00:00.000Z`, outputs: [] },
    workflow: { slug: "text-to-image" },
    ...changes,
  }) as unknown as JobView;
const page = (items: readonly JobView[], nextCursor: string | null = "more"): HistoryPage => ({ items, nextCursor });
const [one, two, three, four] = [job("aaaa"), job("bbb"), job("cc"), job("d")];

describe("withNewest", () => {
  it.each([
    {
      why: "what has not changed stays",
      held: [page([two, three]), page([four], null)],
      newest: page([two, three]),
      rest: "bbb cc d",
    },
    {
      why: "what is new comes first",
      held: [page([two, three]), page([four])],
      newest: page([one, two]),
      rest: "aaaa bbb cc d",
    },
    {
      why: "what is gone goes",
      held: [page([one, two]), page([three, four])],
      newest: page([one, three]),
      rest: "aaaa cc d",
    },
    { why: "a gap begins anew", held: [page([three]), page([four])], newest: page([one]), rest: "aaaa" },
    {
      why: "a list that fits one page is that page",
      held: [page([two, three])],
      newest: page([one], null),
      rest: "aaaa",
    },
    { why: "a list that is empty now is empty", held: [page([two])], newest: page([], null), rest: "" },
  ])("$why", ({ held, newest, rest }) => {
    expect(
      withNewest(held, newest)
        .flatMap(({ items }) => items.map(({ jobId }) => jobId))
        .join(" "),
    ).toBe(rest);
  });

  it("goes on where the last page ended", () => {
    expect(withNewest([page([two]), page([three], "x")], page([one, two], "y"))).toMatchObject([{ nextCursor: "x" }]);
    expect(withNewest([page([three], "x")], page([one], "y"))).toMatchObject([{ nextCursor: "y" }]);
  });
});

describe("differenceOf", () => {
  const liked = job("aaaa", { outputs: [{ favorite: true }] });
  const newest = "2026-11-03T12:00:00.000Z";
  it.each<{
    why: string;
    filter: HistoryFilter;
    jobs: JobView[];
    gone?: string[];
    appeared?: string[];
    left?: string[];
  }>([
    { why: "a job made since appears", filter: {}, jobs: [one, two], appeared: ["aaaa"] },
    { why: "one of another workflow does not", filter: { workflow: "upscale" }, jobs: [one] },
    { why: "one outside the days does not", filter: { to: "2026-11-04T00:00:00Z" }, jobs: [one] },
    { why: "one of no batch does not appear in a batch", filter: { batchId: "b" }, jobs: [one] },
    { why: "whether a search finds it is for the server to say", filter: { search: "fox" }, jobs: [one] },
    { why: "one that leaves its state leaves", filter: { states: ["failed"] }, jobs: [two], left: ["bbb"] },
    {
      why: "a favorite stays while it is one",
      filter: { favorite: true },
      jobs: [liked, two],
      appeared: ["aaaa"],
      left: ["bbb"],
    },
    { why: "one that is gone leaves", filter: {}, jobs: [], gone: ["cc"], left: ["cc"] },
  ])("$why", ({ filter, jobs, gone = [], appeared = [], left = [] }) => {
    const state = { jobs: new Map(jobs.map((view) => [view.jobId, view])), gone: new Set(gone) };
    expect(differenceOf(state, filter, newest)).toEqual({ appeared, left });
  });
});
