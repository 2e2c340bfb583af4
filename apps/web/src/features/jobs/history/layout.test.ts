import type { JobView } from "@darkroom/contracts";
import { describe, expect, it } from "vitest";
import { GAP, gridOf, rowsOf } from "./layout.ts";

const job = (jobId: string, createdAt: string) => ({ jobId, createdAt }) as JobView;
const dayOf = (iso: string) => iso.slice(0, 10);

describe("rowsOf", () => {
  it("begins each day with a heading and a row of its own", () => {
    const jobs = [
      ...["a", "b", "c"].map((id) => job(id, "2026-11-29T10:00:00Z")),
      job("d", "2026-11-28T10:00:00Z"),
      job("e", "2026-11-28T09:00:00Z"),
    ];
    const rows = rowsOf(jobs, 2, dayOf).map((row) =>
      row.kind === "day" ? row.label : row.jobs.map(({ jobId }) => jobId).join(""),
    );
    expect(rows).toEqual(["2026-11-29", "ab", "c", "2026-11-28", "de"]);
  });

  it("gives every row a key of its own, and none to an empty list", () => {
    const rows = rowsOf(
      Array.from({ length: 100 }, (_, nth) => job(`j${nth}`, `2026-11-${10 + (nth % 2)}T00:00:00Z`)),
      3,
      dayOf,
    );
    // The days alternate, which a list in order never does, so only the jobs' keys are sure to differ.
    const keys = rows.flatMap((row) => (row.kind === "jobs" ? [row.key] : []));
    expect(new Set(keys).size).toBe(keys.length);
    expect(rowsOf([], 3, dayOf)).toEqual([]);
  });
});

it.each([
  { width: 288, columns: 2 },
  { width: 358, columns: 2 },
  { width: 720, columns: 3 },
  { width: 1312, columns: 6 },
  { width: 2500, columns: 10 },
])("$width pixels hold $columns pictures beside each other, none wider than its share", ({ width, columns }) => {
  const grid = gridOf(width);
  expect(grid.columns).toBe(columns);
  const used = grid.columns * grid.tile + GAP * (grid.columns - 1);
  expect(used).toBeLessThanOrEqual(width);
  expect(used).toBeGreaterThan(width - grid.columns);
});
