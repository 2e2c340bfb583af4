import type { InputValues } from "@darkroom/contracts";
import { describe, expect, it } from "vitest";
import { gridOf, newestTries } from "./batch-grid.ts";

const items = (...inputs: InputValues[]) => inputs.map((one, nth) => ({ inputs: { prompt: "p", ...one }, id: nth }));
const shape = (all: ReturnType<typeof items>) => {
  const { rows, columns, cells } = gridOf(all);
  return [
    rows && `${rows.name}: ${rows.values}`,
    columns && `${columns.name}: ${columns.values}`,
    cells.map((row) => row.map((cell) => cell.map(({ id }) => id))),
  ];
};

describe("the grid of a batch", () => {
  it.each<[string, InputValues[], unknown]>([
    ["has no axis where only drawn seeds differ", [{ seed: 5 }, { seed: 1 }, { seed: 3 }], [null, null, [[[0, 1, 2]]]]],
    ["has none where nothing is known of the seeds yet", [{}, {}], [null, null, [[[0, 1]]]]],
    [
      "runs along the row with one axis",
      [
        { steps: 8, seed: 1 },
        { steps: 4, seed: 1 },
      ],
      [null, "steps: 4,8", [[[1], [0]]]],
    ],
    [
      "has the axis that changes faster along the row",
      [
        { steps: 4, model: "b" },
        { steps: 4, model: "a" },
        { steps: 8, model: "b" },
        { steps: 8, model: "a" },
      ],
      [
        "steps: 4,8",
        "model: b,a",
        [
          [[0], [1]],
          [[2], [3]],
        ],
      ],
    ],
    [
      "keeps a cell empty that was not asked for",
      [
        { steps: 4, model: "b" },
        { steps: 8, model: "b" },
        { steps: 8, model: "a" },
      ],
      [
        "steps: 4,8",
        "model: b,a",
        [
          [[0], []],
          [[1], [2]],
        ],
      ],
    ],
    [
      "has seeds as an axis where they come again",
      [
        { steps: 4, seed: 1 },
        { steps: 4, seed: 2 },
        { steps: 8, seed: 1 },
        { steps: 8, seed: 2 },
      ],
      [
        "steps: 4,8",
        "seed: 1,2",
        [
          [[0], [1]],
          [[2], [3]],
        ],
      ],
    ],
    [
      "holds a picture of each seed in a cell of two other axes",
      [1, 2].flatMap((a) => [1, 2].flatMap((b) => [1, 2].map((seed) => ({ a, b, seed })))),
      [
        "a: 1,2",
        "b: 1,2",
        [
          [
            [0, 1],
            [2, 3],
          ],
          [
            [4, 5],
            [6, 7],
          ],
        ],
      ],
    ],
    [
      "has none with three axes",
      [
        { a: 1, b: 1, c: 1 },
        { a: 2, b: 2, c: 2 },
      ],
      [null, null, [[[0, 1]]]],
    ],
  ])("%s", (_, inputs, expected) => {
    expect(shape(items(...inputs))).toEqual(expected);
  });

  it("shows a try again in the place of the one it repeats, and twins that were asked for side by side", () => {
    const job = (jobId: string, retryOf: string | null = null) => ({ jobId, retryOf });
    const tries = [job("a"), job("b"), job("c", "a"), job("d"), job("e", "c"), { retryOf: "d" }, job("f", "gone")];
    expect(newestTries(tries)).toEqual([job("e", "c"), job("b"), { retryOf: "d" }, job("f", "gone")]);
  });
});
