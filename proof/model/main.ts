import { parseArgs } from "node:util";
import { startTestServices } from "../../scripts/testing/services.ts";
import { check } from "./check.ts";

// The long form: `pnpm test:model [--steps N] [--seed S]`. Ends with status 1, the seed and the shortest failing list of
// steps if a promise does not hold.

const { values } = parseArgs({ options: { steps: { type: "string" }, seed: { type: "string" } } });
const wanted = Number(values.steps ?? 200_000);
const seed = Number(values.seed ?? Math.floor(Math.random() * 1e9));
const { stop, ...urls } = await startTestServices();

console.log(`model: ${wanted} steps from seed ${seed}`);
const startedAt = performance.now();
const seconds = () => ((performance.now() - startedAt) / 1000).toFixed(0);
let said = 0;
try {
  const { steps, cases } = await check({
    ...urls,
    steps: wanted,
    seed,
    lanes: 4,
    onProgress: (done) => {
      if (done.steps < said + 10_000) return;
      said = done.steps;
      console.log(`${done.steps} steps in ${done.cases} cases, ${seconds()} s, seed ${done.seed}`);
    },
  });
  console.log(`every promise held in ${steps} steps of ${cases} cases, ${seconds()} s`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await stop();
}
