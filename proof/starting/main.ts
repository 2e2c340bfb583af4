import { rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { percentile } from "../../scripts/bench/percentile.ts";
import { createGuard } from "../../scripts/processes/guard.ts";
import { makeFolder } from "../../scripts/testing/make-folder.ts";
import { cloneInto, installAndBuild, start } from "./starting.ts";

// `pnpm bench:peers --only start [--rounds N] [--json FILE]`: `npm start` in a fresh clone with an empty home, and again there,
// beside `pnpm install` and `next build` by hand. Needs the registry, and some minutes a round. Status 1 if a goal is missed.

const { values } = parseArgs({ options: { rounds: { type: "string", default: "1" }, json: { type: "string" } } });
const root = resolve(import.meta.dirname, "../..");
const AGAIN = 3;

const guard = createGuard();
const fresh: number[] = [];
const bare: number[] = [];
const again: number[] = [];
const silences: number[] = [];
for (let round = 1; round <= Number(values.rounds); round += 1) {
  const folder = await makeFolder("starting");
  guard.removeFolder(folder);
  console.error(`round ${round}: npm start in a fresh clone …`);
  const clone = await cloneInto(root, join(folder, "ours"));
  const first = await start(clone, guard);
  fresh.push(first.ready);
  silences.push(first.silence);
  for (let times = 0; times < AGAIN; times += 1) again.push((await start(clone, guard)).ready);
  console.error(`round ${round}: pnpm install and next build by hand …`);
  bare.push(await installAndBuild(await cloneInto(root, join(folder, "bare")), clone));
  await rm(folder, { recursive: true, force: true });
}
await guard.close();

let hasMissed = false;
function line(what: string, figure: string, beside: string, goal: string, isMet: boolean): void {
  hasMissed ||= !isMet;
  console.log(`| ${what} | ${figure} | ${beside} | ${goal}: ${isMet ? "met" : "missed"} |`);
}
const medianOf = (taken: readonly number[]): number => percentile(taken, 0.5);
const seconds = (value: number): string => `${value.toFixed(1)} s`;
const ratio = medianOf(fresh) / medianOf(bare);
const silence = Math.max(...silences);
console.log("| what | ours | beside | goal |\n|---|---|---|---|");
const beside = `\`pnpm install\` and \`next build\` by hand ${seconds(medianOf(bare))}, ${ratio.toFixed(2)} ×`;
line("`npm start` in a fresh clone", seconds(medianOf(fresh)), beside, "≤ 1.2 ×", ratio <= 1.2);
line("the longest that it says nothing", seconds(silence), "–", "≤ 2.5 s", silence <= 2.5);
line("`npm start` again", seconds(medianOf(again)), "–", "≤ 2.5 s", medianOf(again) <= 2.5);
if (values.json !== undefined)
  await writeFile(values.json, `${JSON.stringify({ fresh, bare, again, silences }, null, 2)}\n`);
process.exit(hasMissed ? 1 : 0);
