// `pnpm test:workflow-forms [DIR_OF_GRAPHS] [DIR_OF_WANTS]`: the forms that an import suggests, against what a person who
// had not seen them wants of each graph. Without directories, the graphs and wants that the project keeps.
import { resolve } from "node:path";
import type { Fault } from "./judge.ts";
import { judgeGraph } from "./suggested-form.ts";
import { ownGraphs, ownWants, readWantedGraphs } from "./wants.ts";

const [graphsFolder, wantsFolder = ownWants] = process.argv.slice(2);
const graphs = readWantedGraphs(graphsFolder === undefined ? ownGraphs : [resolve(graphsFolder)], resolve(wantsFolder));
const counts = new Map<Fault["kind"], number>();
let good = 0;
for (const graph of graphs) {
  const faults = judgeGraph(graph);
  if (faults.length === 0) good += 1;
  else console.log([`${graph.name}:`, ...faults.map(({ kind, message }) => `    ${kind}: ${message}`)].join("\n"));
  for (const kind of new Set(faults.map(({ kind: one }) => one))) counts.set(kind, (counts.get(kind) ?? 0) + 1);
}
for (const [kind, count] of counts) console.log(`graphs with a fault of kind ${kind}: ${count}`);
console.log(
  `${good} of ${graphs.length} forms without a fault (${Math.floor((100 * good) / Math.max(1, graphs.length))} %)`,
);
process.exitCode = good >= 0.95 * graphs.length ? 0 : 1;
