import { parseArgs } from "node:util";
import { fuzz } from "./fuzz.ts";

const { values } = parseArgs({
  options: { inputs: { type: "string", default: "100000" }, seed: { type: "string", default: "1" } },
});
const { inputs, read, refused, slowestMs, failures } = await fuzz({
  inputs: Number(values.inputs),
  seed: Number(values.seed),
});
const faults = Object.entries(refused).map(([fault, count]) => `${count} ${fault}`);
console.log(`${inputs} inputs: ${read} read, ${faults.join(", ")}; the slowest took ${slowestMs.toFixed(0)} ms`);
for (const failure of failures.slice(0, 20)) console.error(failure);
if (failures.length > 0)
  console.error(`${failures.length} did not end as they must; --seed ${values.seed} gives the same`);
process.exitCode = failures.length === 0 ? 0 : 1;
