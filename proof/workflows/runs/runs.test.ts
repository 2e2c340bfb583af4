import { resolve } from "node:path";
import { expect, test } from "vitest";
import { graphsIn, runGraphs } from "./run-graphs.ts";

// All of them: `pnpm test:simulator-graphs`.
const graphs = graphsIn(resolve(import.meta.dirname, "../forms/graphs")).filter((_, index) => index % 10 === 3);

test("graphs that people have published run on the simulator to files of the right kind", {
  timeout: 120_000,
}, async () => {
  const runs = await runGraphs(graphs);
  const good = runs.filter(({ fault }) => fault === null);
  expect(runs.length).toBeGreaterThanOrEqual(7);
  expect(good.length, JSON.stringify(runs.filter(({ fault }) => fault !== null))).toBeGreaterThanOrEqual(
    0.8 * runs.length,
  );
});
