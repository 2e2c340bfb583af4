// `pnpm test:workflow-pairs [DIR]`: files of ComfyUI's editor against what the real editor sends for them. DIR has an
// `index.json` that names the pairs and their features; without it, the ones that the package's own tests use.
import { join, resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { type Graph, graphText, parseGraphText } from "@darkroom/contracts";
import { convertWorkflow } from "../convert.ts";
import type { NodeLayouts } from "../layout/read-layouts.ts";
import { readLayouts } from "../layout/read-layouts.ts";
import { restoreGraph } from "../write/restore-workflow.ts";
import { writeWorkflow } from "../write/write-workflow.ts";
import { differences, shapeOf } from "./compare.ts";
import { readPairs } from "./pairs.ts";

const [folder = join(import.meta.dirname, "../../pairs")] = process.argv.slice(2);
const pairs = readPairs(resolve(folder));
const features = new Map<string, { equal: number; all: number }>();
let equal = 0;
let onlyIds = 0;
let sameAgain = 0;
const lines: string[] = [];

for (const pair of pairs) {
  const layouts = readLayouts(pair.objectInfo);
  const { graph, findings } = convertWorkflow(pair.workflow, layouts);
  if (isSameAgain(graph, layouts)) sameAgain += 1;
  else lines.push(`${pair.name}: written as a file of the editor and read again, it is another graph`);
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
console.log(`${sameAgain} of ${pairs.length} the same once written as a file of the editor and read again`);
process.exitCode = equal + onlyIds === counted && sameAgain === pairs.length ? 0 : 1;

function isSameAgain(graph: Graph, layouts: NodeLayouts): boolean {
  const form = { slug: "pair", name: "Pair", description: "", parameters: [], bindings: [], outputs: ["1"] };
  const { file } = writeWorkflow({ ...form, graph }, layouts);
  const read = convertWorkflow(parseGraphText(graphText(file)), layouts).graph;
  return isDeepStrictEqual(restoreGraph(read, file.extra.darkroom), graph);
}
