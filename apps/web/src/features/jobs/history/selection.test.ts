import type { JobState, JobView } from "@darkroom/contracts";
import { describe, expect, it } from "vitest";
import { actionsOf, extended, nothing, type Selection, toggled } from "./selection.ts";

const job = (jobId: string, state: JobState, ...outputs: object[]): JobView =>
  ({
    jobId,
    state,
    outputs: outputs.map((output) => ({ kind: "image", favorite: false, ...output })),
  }) as unknown as JobView;
const ids = ({ ids: selected }: Selection) => [...selected].sort().join("");

describe("a selection", () => {
  const shown = ["a", "b", "c", "d", "e"];
  it.each<{ why: string; of: Selection; is: string }>([
    { why: "takes one and lets it go", of: toggled(toggled(toggled(nothing, "a"), "b"), "a"), is: "b" },
    { why: "goes on to another one downwards", of: extended(toggled(nothing, "b"), "d", shown), is: "bcd" },
    { why: "goes on to another one upwards", of: extended(toggled(nothing, "d"), "b", shown), is: "bcd" },
    {
      why: "adds a range to what is selected",
      of: extended(toggled(toggled(nothing, "a"), "d"), "e", shown),
      is: "ade",
    },
    { why: "begins with one where there is nothing to go on from", of: extended(nothing, "c", shown), is: "c" },
    { why: "begins anew if the first one is gone", of: extended(toggled(nothing, "x"), "c", shown), is: "cx" },
  ])("$why", ({ of, is }) => {
    expect(ids(of)).toBe(is);
  });
});

describe("what can be done", () => {
  it("is with each job what its state allows", () => {
    const all = [
      ...[
        job("q", "queued"),
        job("r", "running", {}),
        job("x", "canceling"),
        job("s", "succeeded", {}, { favorite: true }),
      ],
      ...[job("f", "failed"), job("c", "canceled")],
    ];
    const names = (jobs: readonly JobView[]) => jobs.map(({ jobId }) => jobId).join("");
    const { cancelable, retryable, removable, markable, outputs, pair, isAllFavorite } = actionsOf(all);
    expect([cancelable, retryable, removable].map(names)).toEqual(["qr", "f", "sfc"]);
    expect([outputs.length, markable.length, pair, isAllFavorite]).toEqual([3, 2, null, false]);
  });

  it("is to compare two pictures, and to unmark what is all marked", () => {
    const two = [job("a", "succeeded", { favorite: true }), job("b", "succeeded", { favorite: true })];
    expect(actionsOf(two)).toMatchObject({ pair: two, isAllFavorite: true });
    expect(actionsOf([...two, job("c", "succeeded", {})])).toMatchObject({ pair: null, isAllFavorite: false });
    expect(actionsOf([job("a", "succeeded", {}), job("b", "succeeded", { kind: "audio" })]).pair).toBeNull();
    expect(actionsOf([])).toMatchObject({ pair: null, isAllFavorite: false });
  });
});
