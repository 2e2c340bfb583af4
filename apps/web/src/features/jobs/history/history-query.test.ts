import { describe, expect, it } from "vitest";
import { filterOf, type HistoryQuery, isNarrowed } from "./history-query.ts";

const plain: HistoryQuery = {
  ...{ q: "", state: null, favorite: false, workflow: null, when: null, from: null, to: null, batch: null },
  view: "grid",
};
const now = new Date(2026, 10, 29, 15, 30);
const local = (month: number, day: number) => new Date(2026, month - 1, day).toISOString();
const batch = "00000000-0000-4000-8000-00000000000A";

describe("the address of a list", () => {
  it.each<{ asked: Partial<HistoryQuery>; filter: object }>([
    { asked: {}, filter: {} },
    { asked: { view: "rows" }, filter: {} },
    { asked: { q: "  a red fox " }, filter: { search: "a red fox" } },
    { asked: { q: "   " }, filter: {} },
    { asked: { state: "open" }, filter: { states: ["queued", "running", "canceling"] } },
    { asked: { favorite: true, workflow: "upscale" }, filter: { favorite: true, workflow: "upscale" } },
    { asked: { batch }, filter: { batchId: batch.toLowerCase() } },
    { asked: { batch: "garbage" }, filter: {} },
    { asked: { when: "today" }, filter: { from: local(11, 29) } },
    { asked: { when: "week" }, filter: { from: local(11, 23) } },
    { asked: { when: "month" }, filter: { from: local(10, 31) } },
    {
      asked: { when: "between", from: "2026-03-01", to: "2026-03-31" },
      filter: { from: local(3, 1), to: local(4, 1) },
    },
    { asked: { when: "between", from: "2026-03-01" }, filter: { from: local(3, 1) } },
    { asked: { when: "between", from: "yesterday", to: "2026-99-99999" }, filter: {} },
    { asked: { from: "2026-03-01" }, filter: {} },
  ])("asks for what $asked says", ({ asked, filter }) => {
    const given = Object.entries(filterOf({ ...plain, ...asked }, now)).filter(([, value]) => value !== undefined);
    expect(Object.fromEntries(given)).toEqual(filter);
  });

  it("is narrowed by what hides jobs, and not by how they are shown", () => {
    expect(isNarrowed({ ...plain, view: "rows", q: " " })).toBe(false);
    for (const asked of [{ q: "x" }, { favorite: true }, { state: "open" }, { batch }, { when: "today" }] as const)
      expect(isNarrowed({ ...plain, ...asked })).toBe(true);
  });
});
