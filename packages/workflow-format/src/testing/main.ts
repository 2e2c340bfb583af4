// `pnpm test:workflow-pairs [DIR]`: files of ComfyUI's editor against what the real editor sends for them. DIR has an
// `index.json` that names the pairs and their features; without it, the ones that the package's own tests use.
import { join, resolve } from "node:path";
import { convertWorkflow } from "../convert.ts";
import { readLayouts } from "../layout/read-layouts.ts";
import { differences, shapeOf } from "./compare.ts";
import { readPairs } from "./pairs.ts";

const [folder = join(import.meta.dirname, "../../pairs")] = process.argv.slice(2);
const pairs = readPairs(resolve(folder));
const features = new Map<string, { equal: number; all: number }>();
let equal = 0;
let onlyIds = 0;
const lines: string[] = [];

for (const pair of pairs) {
  const { graph, findings } = convertWorkflow(pair.workflow, readLayouts(pair.objectInfo));
  if (pair.odd !== null) {
    const said = findings.filter(({ severity }) => severity !== "note").length;
    lines.push(`odd, not counted: ${pair.name}: ${Object.keys(graph).length} nodes, ${said} findings (${pair.odd})`);
    continue;
  }
  const found = differences(pair, graph);
  for (const tag of pair.tags) {
    const count = features.get(tag) ?? { equal: 0, all: 0 };
    features.set(tag, { equal: count.equal + (found.length === 0 ? 1 : 0), all: count.all + 1 });
  }
  if (found.length === 0) equal += 1;
  else {
    const isShape = shapeOf(graph) === shapeOf(pair.prompt);
    if (isShape) onlyIds += 1;
    lines.push(`${pair.name}: ${found.length} differences${isShape ? ", only in ids" : ""}`);
    lines.push(...found.slice(0, 5).map((difference) => `    ${difference}`));
  }
}

const counted = pairs.filter(({ odd }) => odd === null).length;
for (const line of lines) console.log(line);
const differing = [...features].filter(([, count]) => count.equal < count.all);
if (differing.length > 0) console.log("features with differences, equal of all:");
for (const [tag, count] of differing) console.log(`    ${tag} ${count.equal}/${count.all}`);
console.log(`${equal} of ${counted} equal${onlyIds > 0 ? `, ${onlyIds} more but for their ids` : ""}`);
process.exitCode = equal + onlyIds === counted ? 0 : 1;
