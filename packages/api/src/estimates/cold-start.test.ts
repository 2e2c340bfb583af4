import { hash32 } from "@darkroom/contracts";
import { expect, test } from "vitest";
import { coverageOf, type Fleet, playFleet, type Told } from "../testing/fleet.ts";
import { median } from "./quantile.ts";

const photo = { photo: { secondsPerWork: 0.25, loadSeconds: 12 } };
const three = {
  sketch: { secondsPerWork: 0.08, loadSeconds: 3 },
  portrait: { secondsPerWork: 0.3, loadSeconds: 8 },
  poster: { secondsPerWork: 0.8, loadSeconds: 15 },
};
const usual: Omit<Fleet, "seed"> = {
  ...{ slowness: { a: 1 }, workflows: photo, sides: [512, 768, 1024], steps: [6, 40] as const, jobs: 60 },
  ...{ noise: 0.1, power: 1, drift: () => 1 },
};

/** Everything that four fleets of a kind were told, from zero runs on. */
function play(name: string, change: Partial<Fleet>): { told: Told[]; silent: number } {
  const fleets = Array.from({ length: 4 }, (_, index) =>
    playFleet({ ...usual, ...change, seed: hash32(`${name} ${index}`) }),
  );
  return {
    told: fleets.flatMap(({ told }) => told),
    silent: fleets.reduce((sum, fleet) => sum + fleet.silent, 0),
  };
}

/** Half of the ranges are at most this wide, as a part of what is left until the job has ended. */
type Widest = number;

test.each<[string, Partial<Fleet>, Widest]>([
  ["one server", {}, 0.5],
  ["a server as even as a clock", { noise: 0 }, 0.2],
  ["uneven runs", { noise: 0.3 }, 1.4],
  ["sizes and steps far apart", { sides: [256, 512, 768, 1024, 1536, 2048], steps: [1, 60] }, 0.6],
  ["seconds that grow faster than the work", { power: 1.5 }, 1.1],
  ["three workflows in turn", { workflows: three, jobs: 120 }, 0.4],
  ["two servers, one three times slower", { slowness: { a: 1, b: 3 } }, 1.1],
  ["three workflows on two servers", { workflows: three, slowness: { a: 1, b: 1.6 }, jobs: 120 }, 0.75],
])(
  "from the first run on, nine in ten of the numbers that are shown hold, in ranges that say something: %s",
  (name, change, widest) => {
    const { told, silent } = play(name, change);
    expect(told.length).toBeGreaterThan(silent / 4);
    expect(told.length).toBeGreaterThan(150);
    expect(coverageOf(told)).toBeGreaterThanOrEqual(0.9);
    const widths = told.map(({ etaRangeSeconds: range, trueSeconds }) =>
      range === null ? 0 : (range[1] - range[0]) / Math.max(1, trueSeconds),
    );
    expect(median(widths)).toBeLessThan(widest);
  },
);

const CHANGE = 60;
/** Runs after which a change is known: the median of the last five has followed, and what was begun before has ended. */
const FEW = 8;

test.each<[string, (run: number) => number]>([
  ["twice as slow at once", (run) => (run > CHANGE ? 2 : 1)],
  ["twice as fast at once", (run) => (run > CHANGE ? 0.5 : 1)],
  ["twice as slow bit by bit", (run) => 1 + Math.min(1, Math.max(0, (run - CHANGE) / 40))],
  ["twice as fast bit by bit", (run) => 1 / (1 + Math.min(1, Math.max(0, (run - CHANGE) / 40)))],
])("a server that becomes %s is followed after few runs, by the range and by the median", (name, drift) => {
  const { told } = play(name, { drift, jobs: 130 });
  const after = told.filter(({ begun }) => begun > CHANGE + FEW);
  expect(after.length).toBeGreaterThan(200);
  expect(coverageOf(after)).toBeGreaterThanOrEqual(0.9);
  const errors = after.map(({ etaSeconds, trueSeconds }) => Math.abs(etaSeconds - trueSeconds) / trueSeconds);
  expect(median(errors)).toBeLessThan(0.2);
});

test("without a range there is no number", () => {
  const { told, silent } = play("all or nothing", {});
  expect(silent).toBeGreaterThan(0);
  expect(told.filter(({ etaRangeSeconds }) => etaRangeSeconds === null)).toEqual([]);
});
