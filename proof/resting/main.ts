import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { type Held, rest } from "./resting.ts";

// `pnpm bench:peers --only resting [--json FILE]`: what the whole product takes of a machine while nobody asks for anything, and
// what its web process holds beside a bare server of Next. Takes three minutes. Status 1 if a goal is missed.

const { values } = parseArgs({ options: { json: { type: "string" } } });
const SECONDS = 60;
const PAGES = 600;
const MOST_SHARE = 0.02;
const MOST_HELD = { idle: 1.25, underLoad: 1.8 } as const;

console.error(`the product at rest for ${SECONDS} s, twice; then a bare server of Next …`);
const resting = await rest({ seconds: SECONDS, pages: PAGES });
const { shares, seconds, ours, bare } = resting;
let hasMissed = false;
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
function line(what: string, ourFigure: string, beside: string, goal: string, isMet: boolean): void {
  hasMissed ||= !isMet;
  console.log(`| ${what} | ${ourFigure} | ${beside} | ${goal}: ${isMet ? "met" : "missed"} |`);
}
console.log("| what | ours | beside | goal |\n|---|---|---|---|");
const all = [...shares.values()].reduce((sum, share) => sum + share, 0);
const each = [...shares].sort(([, a], [, b]) => b - a).map(([name, share]) => `${name} ${percent(share)}`);
line(
  `all processes with nothing to do, share of one core over ${seconds.toFixed(0)} s`,
  `${percent(all)} (${each.join(", ")})`,
  "–",
  `≤ ${percent(MOST_SHARE)}`,
  all <= MOST_SHARE,
);
const held = (name: keyof Held, what: string): void => {
  const ratio = ours[name] / bare[name];
  const beside = `${mebibytes(bare[name])}, ${ratio.toFixed(2)} ×`;
  line(what, mebibytes(ours[name]), beside, `≤ ${MOST_HELD[name]} × bare Next`, ratio <= MOST_HELD[name]);
};
held("idle", `resident memory of the web process, idle`);
held("underLoad", `the same, just after ${PAGES} pages`);
if (values.json !== undefined)
  await writeFile(values.json, `${JSON.stringify({ ...resting, shares: Object.fromEntries(shares) }, null, 2)}\n`);
process.exit(hasMissed ? 1 : 0);
