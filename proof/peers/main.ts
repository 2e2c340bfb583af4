import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { hold, type Result, tableOf } from "./contest.ts";
import { installPeers } from "./peers.ts";
import { programs, runProgram } from "./programs.ts";
import { rows } from "./rows.ts";
import { startServers } from "./servers.ts";

// `pnpm bench:peers [--only ROW] [--rounds N] [--scale S] [--json FILE]`: Darkroom beside what somebody would pick instead, on
// the same servers, everyone in turn. Ratios of one run can be compared; figures of two runs cannot. The rows of `programs.ts`
// are run by their name only, since they take long and print tables of their own.

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    rounds: { type: "string" },
    scale: { type: "string", default: "1" },
    json: { type: "string" },
  },
});
const { only, rounds, scale, json } = values;
const ROUNDS = 5;
const root = join(import.meta.dirname, "../..");
if (only !== undefined && only in programs) process.exit(await runProgram(root, only, { rounds, json }));
const chosen = Object.entries(rows).filter(([name]) => only === undefined || name === only);
if (chosen.length === 0) {
  const names = [...Object.keys(rows), ...Object.keys(programs)];
  console.error(`bench:peers: --only must be one of ${names.join(", ")}, and "${only}" is not`);
  process.exit(2);
}

const peers = await installPeers(root);
const servers = await startServers();
const results: Result[] = [];
try {
  for (const [, row] of chosen) {
    const { contests, close } = await row(servers, peers, Number(scale));
    try {
      for (const contest of contests) {
        const result = await hold(contest, Number(rounds ?? ROUNDS));
        results.push(result);
        console.error(tableOf([result]).split("\n").at(-1));
      }
    } finally {
      await close();
    }
  }
} finally {
  await servers.stop();
}
console.log(tableOf(results));
if (only === undefined) console.log(`\nBy name only: ${Object.keys(programs).join(", ")}`);
if (json !== undefined) await writeFile(json, `${JSON.stringify(results, null, 2)}\n`);
