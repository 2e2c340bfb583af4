// `pnpm test:simulator-graphs [DIR …]`: how many graphs in API format run on the simulator to files of the right kind. Without
// directories, the graphs that the project keeps.
import { resolve } from "node:path";
import { graphsIn, runGraphs } from "./run-graphs.ts";

const own = resolve(import.meta.dirname, "../forms/graphs");
const folders = process.argv.slice(2).map((folder) => resolve(folder));
const runs = await runGraphs((folders.length > 0 ? folders : [own]).flatMap(graphsIn));
const good = runs.filter(({ fault }) => fault === null).length;
for (const { name, fault } of runs) if (fault !== null) console.log(`${name}: ${fault}`);
const percent = Math.floor((100 * good) / Math.max(1, runs.length));
console.log(`${good} of ${runs.length} graphs run to files of the right kind (${percent} %)`);
process.exitCode = percent >= 80 ? 0 : 1;
